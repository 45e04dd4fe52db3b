"""Compares speed and memory with Rasa's default; writes docs/performance.md.

Usage: python -m tests.bench.bench [--quick]

`make bench` trains the model first. With --quick, which is there to see that the bench
works, everything is short, Rasa's default stays away and nothing is written.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.bench import report
from tests.bench.measure import QUICK, Plan, measure
from tests.bench.stages import stages
from tests.bench.tell import BenchError, tell


def main() -> None:
    """Does all of it and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="see that it works")
    quick = parser.parse_args().quick
    plan = QUICK if quick else Plan()
    try:
        results = asyncio.run(measure(plan, with_default=not quick))
    except BenchError as error:
        sys.exit(f"The bench stopped: {error}")
    tell("Measuring where the time goes ...")
    found = stages(rounds=1) if quick else stages()
    if not quick:
        report.write(results, found, plan)
    tables = [*report.table(results), "", *report.stage_table(found, results)]
    sys.stdout.write("\n".join(tables) + "\n")


if __name__ == "__main__":
    main()
