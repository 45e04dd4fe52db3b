"""The command line: `python -m bot serve | train | embed | report | transcript`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import logs


def main() -> None:
    """Runs one command."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve on HOST and PORT (127.0.0.1:8080)")
    commands.add_parser("train", help="train the model from config.yml and data/")
    commands.add_parser(
        "embed", help="release embed.js as a version that can be pinned"
    )
    transcript = commands.add_parser(
        "transcript", help="ask a running bot the README's questions, print Markdown"
    )
    transcript.add_argument("address", nargs="?", default="http://127.0.0.1:8080")
    report = commands.add_parser("report", help="write the campaign board's report")
    report.add_argument("--from", dest="first", required=True, metavar="DAY")
    report.add_argument("--to", dest="last", required=True, metavar="DAY")
    report.add_argument("--folder", type=Path, help="usual: report-FROM-TO")
    asked = parser.parse_args()
    logs.configure()
    # Imported by the command that needs them: `serve` must open its port at once.
    if asked.command == "serve":
        from bot.app import serve

        serve()
    elif asked.command == "train":
        from bot.training import train

        train()
    elif asked.command == "embed":
        from bot import embed
        from bot.answers import Answers

        sys.stdout.write(f"embed.js {embed.release(Answers.read())}\n")
        embed.list_versions()
    elif asked.command == "report":
        from bot.report.write import write as write_report

        write_report(asked.first, asked.last, asked.folder)
    else:
        from bot.transcript import write

        write(asked.address)


if __name__ == "__main__":
    main()
