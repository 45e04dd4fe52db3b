"""Compares speed and memory with other bots; writes docs/performance.md.

Usage: python -m tests.bench.bench [--baseline REF] [--without-default | --quick]

`make bench` trains the model first; `make bench BASELINE=REF` measures an earlier build
of this repository, too. Without Rasa's default it is done in a third of the time, and
nothing is written. With --quick, which is there to see that the bench works, everything
is short besides.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from tests.bench import baseline, default_project, report
from tests.bench.measure import QUICK, WITHOUT_DEFAULT, Plan, measure
from tests.bench.tell import BenchError, tell


def main() -> None:
    """Does all of it and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--baseline", metavar="REF", help="an earlier build")
    less = parser.add_mutually_exclusive_group()
    less.add_argument("--without-default", action="store_true", help="print alone")
    less.add_argument("--quick", action="store_true", help="see that it works")
    asked = parser.parse_args()
    whole = not (asked.quick or asked.without_default)
    plan = Plan() if whole else QUICK if asked.quick else WITHOUT_DEFAULT
    try:
        earlier = asked.baseline and (asked.baseline, baseline.built(asked.baseline))
        default = default_project.trained() if whole else None
        results = asyncio.run(measure(plan, default, earlier))
        tables = report.all_tables(results, _stages(asked.quick))
    except BenchError as error:
        sys.exit(f"The bench stopped: {error}")
    if whole:
        report.write(tables, plan)
    sys.stdout.write(report.as_text(tables) + "\n")


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
