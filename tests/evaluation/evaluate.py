"""Tunes the thresholds, scores the bot on held-back messages and writes the report.

Usage: python -m tests.evaluation.evaluate [--only-score]

`make evaluate` trains the model first. The results stand in docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import sys

from tests.conftest import READY_WITHIN_SECONDS, Server
from tests.evaluation import report, tune
from tests.evaluation.score import score


def main() -> None:
    """Does all of it, with a word of progress, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only-score", action="store_true", help="leave the thresholds as they are"
    )
    asked = parser.parse_args()
    if not asked.only_score:
        tune.main()
    sys.stderr.write("Starting a server ...\n")
    server = Server()
    try:
        server.wait("/health/ready", READY_WITHIN_SECONDS)
        sys.stderr.write("Asking the held-back messages (about a minute):\n")
        scores = score(server)
    finally:
        server.stop()
    report.write(scores)
    sys.stdout.write("\n".join(report.lines(scores)) + "\n")


if __name__ == "__main__":
    main()
