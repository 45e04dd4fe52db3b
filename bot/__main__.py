"""The command line: `python -m bot serve | train | error-page | transcript`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot import logs


def main() -> None:
    """Runs one command."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve on HOST and PORT (127.0.0.1:8080)")
    commands.add_parser("train", help="train the model from config.yml and data/")
    transcript = commands.add_parser(
        "transcript", help="ask a running bot the README's questions, print Markdown"
    )
    transcript.add_argument("address", nargs="?", default="http://127.0.0.1:8080")
    error_page = commands.add_parser(
        "error-page", help="write the error pages that nginx serves into a folder"
    )
    error_page.add_argument("folder", type=Path)
    asked = parser.parse_args()
    logs.configure()
    # Imported by the command that needs them: `serve` must open its port at once.
    if asked.command == "serve":
        from bot.serve import serve

        serve()
    elif asked.command == "train":
        from bot.training import train

        train()
    elif asked.command == "error-page":
        from bot.error_page import write as write_error_page

        write_error_page(asked.folder)
    else:
        from bot.transcript import write

        write(asked.address)


if __name__ == "__main__":
    main()
