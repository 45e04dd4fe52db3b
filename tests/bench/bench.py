"""Compares speed and memory with other bots; writes docs/performance.md.

Usage: python -m tests.bench.bench [--part PART] [--baseline REF] [--conversations N]
           [--without-default | --quick]

`make bench` trains the model first. It measures every part, or one with PART:

- compare: this bot beside Rasa's default and, with BASELINE=REF, an earlier build
- training: what training from nothing takes, for the last commit and for BASELINE
- growth: what more clients, engines, words, examples and intents cost
- soak: whether memory grows over CONVERSATIONS

Each part writes its figures into docs/performance.yml when it is done. Without Rasa's
default a comparison is printed but not written. --quick only checks that the bench
works: everything is short, and nothing is written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from tests.bench import (
    baseline,
    default_project,
    figures,
    growth,
    report,
    soak,
    training,
)
from tests.bench.figures import Figures
from tests.bench.measure import QUICK, Plan, measure
from tests.bench.tell import BenchError, tell

QUICK_CONVERSATIONS = 100


def main() -> None:
    """Measures what you ask for and prints it."""
    asked = _asked()
    for part in [asked.part] if asked.part else report.PARTS:
        started = time.monotonic()
        tell(f"{part} ...")
        try:
            found = PARTS[part](asked)
        except BenchError as error:
            sys.exit(f"The bench stopped: {error}")
        if found is None:
            continue
        if asked.quick or (part == "compare" and asked.without_default):
            found = {"measured": figures.measured(), **found}
            sys.stdout.write(report.page({part: found}))
        else:
            found = figures.write(part, found)
            report.write(found)
            sys.stdout.write(report.page({part: found[part]}))
        tell(f"{part}: done in {(time.monotonic() - started) / 60:.1f} minutes")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=list(report.PARTS), help="measure one alone")
    parser.add_argument("--baseline", metavar="REF", help="an earlier build")
    parser.add_argument(
        "--conversations", type=int, default=soak.CONVERSATIONS, help="of soak"
    )
    less = parser.add_mutually_exclusive_group()
    less.add_argument("--without-default", action="store_true", help="print alone")
    less.add_argument("--quick", action="store_true", help="see that it works")
    return parser.parse_args()


def _earlier(asked: argparse.Namespace) -> baseline.Earlier | None:
    return asked.baseline and (asked.baseline, baseline.built(asked.baseline))


def _compare(asked: argparse.Namespace) -> Figures:
    plan = QUICK if asked.quick else Plan()
    earlier = _earlier(asked)
    alone = asked.quick or asked.without_default
    default = None if alone else default_project.trained()
    results = asyncio.run(measure(plan, default, earlier))
    return report.comparison(results, _stages(asked.quick), plan)


def _growth(asked: argparse.Namespace) -> Figures:
    return asyncio.run(growth.measure(growth.QUICK if asked.quick else growth.Plan()))


def _soak(asked: argparse.Namespace) -> Figures:
    most = QUICK_CONVERSATIONS if asked.quick else asked.conversations
    return asyncio.run(soak.measure(most))


def _training(asked: argparse.Namespace) -> Figures | None:
    """Training cannot be shortened."""
    return None if asked.quick else training.measure(_earlier(asked))


PARTS = {
    "compare": _compare,
    "training": _training,
    "growth": _growth,
    "soak": _soak,
}


def _stages(quick: bool) -> dict[str, float]:
    """Where the time goes in the engine, which has an interpreter of its own.

    Raises:
        BenchError: It could not be measured.
    """
    tell("Measuring where the time goes ...")
    command = [ENGINE, "-m", "tests.bench.stages", *(["--rounds", "1"] * quick)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"The stages were not measured:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
