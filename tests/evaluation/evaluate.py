"""Scores the bot on held-back messages and writes docs/evaluation.md.

Usage: python -m tests.evaluation.evaluate

`make evaluate` chooses the thresholds first: tests/evaluation/tune.py.
"""

from __future__ import annotations

import sys

from tests.conftest import READY_WITHIN_SECONDS, Server
from tests.evaluation import (
    report,
    report_languages,
    score,
    score_languages,
    score_needs,
)
from tests.evaluation.score import Judge, Scores


def main() -> None:
    """Does all of it, reports progress, and prints the table."""
    sys.stderr.write("Starting a server ...\n")
    server = Server()
    try:
        server.wait("/health/ready", READY_WITHIN_SECONDS)
        sys.stderr.write("Asking the held-back messages (about two minutes):\n")
        scores, judge = Scores(), Judge(server)
        score.ask_all(judge, scores)
        score_needs.ask_all(judge, scores)
        score_languages.ask_all(judge, scores)
    finally:
        server.stop()
    report.write(scores)
    report_languages.write(scores)
    sys.stdout.write("\n".join(report.lines(scores)) + "\n")


if __name__ == "__main__":
    main()
