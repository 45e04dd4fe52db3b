"""The command line: `python -m bot COMMAND`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TypeAlias

from bot import ROOT, logs

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


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
        "transcript", help="ask a running bot some questions and print Markdown"
    )
    transcript.add_argument("address", nargs="?", default="http://127.0.0.1:8080")
    commands.add_parser("record", help="write the transparency record")
    report = commands.add_parser("report", help="write the campaign board's report")
    report.add_argument("--from", dest="first", required=True, metavar="DAY")
    report.add_argument("--to", dest="last", required=True, metavar="DAY")
    report.add_argument("--folder", type=Path, help="usual: report-FROM-TO")
    _add_content_commands(commands)
    poster = commands.add_parser(
        "poster", help="write a poster and a web banner for each force"
    )
    poster.add_argument("address", nargs="?", default="")
    poster.add_argument("folder", nargs="?", type=Path, default=ROOT / "posters")
    error_page = commands.add_parser(
        "error-page", help="write the error pages that nginx serves into a folder"
    )
    error_page.add_argument("folder", type=Path)
    asked = parser.parse_args()
    logs.configure()
    # Imported by the command that needs them: `serve` must open its port at once.
    if asked.command == "serve":
        # It is about to read the content; later bot/server/reload.py listens for this.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        from bot.server.serve import serve

        serve()
    elif asked.command == "train":
        from bot.rasa_parts.training import train

        train()
    elif asked.command == "embed":
        from bot.pages import embed
        from bot.words.answers import Answers

        sys.stdout.write(f"embed.js {embed.release(Answers.read())}\n")
        embed.list_versions()
    elif asked.command == "record":
        from bot.desk.record import write as write_record

        write_record()
    elif asked.command == "report":
        from bot.counts.report import write as write_report

        write_report(asked.first, asked.last, asked.folder)
    elif asked.command == "check":
        from bot.desk.checks.run import run

        sys.exit(run(asked.strict))
    elif asked.command == "sign-off":
        from bot.desk.signing import sign

        sign(asked.names, asked.by, asked.on)
    elif asked.command == "preview":
        from bot.desk.preview import write as write_preview

        write_preview(asked.folder, asked.language)
    elif asked.command == "changes":
        from bot.desk.changes import write as write_changes

        write_changes(asked.ref, asked.folder)
    elif asked.command == "poster":
        from bot.desk.poster import write as write_posters

        write_posters(asked.address, asked.folder)
    elif asked.command == "error-page":
        from bot.pages.error_page import write as write_error_page

        write_error_page(asked.folder)
    else:
        from bot.desk.transcript import write

        write(asked.address)


def _add_content_commands(commands: Commands) -> None:
    """The commands of docs/editing.md."""
    check = commands.add_parser("check", help="check the content, for its editors")
    check.add_argument("--strict", action="store_true", help="count warnings as errors")
    sign = commands.add_parser(
        "sign-off",
        help="sign answers, languages or Easy Read with their present wording",
    )
    answers = sign.add_mutually_exclusive_group(required=True)
    answers.add_argument(
        "names",
        nargs="*",
        default=[],
        metavar="NAME",
        help="such as utter_harm, language_pl or easy_read_own_behaviour",
    )
    answers.add_argument(
        "--all", action="store_true", help="every answer, and nothing else"
    )
    sign.add_argument(
        "--by", required=True, metavar="ROLE",
        help="such as “Kent Police safeguarding lead”; no private name",
    )  # fmt: skip
    sign.add_argument("--on", required=True, metavar="DATE", help="such as 2026-11-25")
    preview = commands.add_parser(
        "preview", help="write a page with every answer for every force"
    )
    preview.add_argument(
        "--language", metavar="TAG", help="or with a language's texts, such as pl"
    )
    changes = commands.add_parser(
        "changes", help="write a page of what has changed for visitors since REF"
    )
    changes.add_argument("ref", metavar="REF", help="a version in git, such as v1.0")
    for command in (preview, changes):
        command.add_argument("folder", nargs="?", type=Path, default=ROOT / "preview")


if __name__ == "__main__":
    main()
