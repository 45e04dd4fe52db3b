"""Asks a running bot a few real questions and writes the conversation as Markdown."""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import Any

from bot import ROOT
from bot.words import yaml_files

QUESTIONS = ROOT / "docs" / "transcript_questions.yml"


def write(address: str) -> None:
    """Prints the transcript of docs/transcript_questions.yml against `address`.

    Raises:
        SystemExit: The bot cannot be reached.
    """
    lines = [
        "# A conversation",
        "",
        "Written by `make transcript` from a running bot; do not edit it. Opening",
        "hours depend on when it was run.",
    ]
    for question in yaml_files.read(QUESTIONS)["questions"]:
        lines += ["", f"## {question}", ""]
        for reply in _ask(address, question):
            lines += [f"*{reply['kind']}, {reply['topic']}*", "", reply["text"], ""]
            buttons = " · ".join(b["title"] for b in reply["buttons"])
            lines += [f"Buttons: {buttons}"] if buttons else []
    sys.stdout.write("\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n")


def _ask(address: str, message: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{address}/chat",
        json.dumps({"message": message}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            replies: list[dict[str, Any]] = json.load(response)["replies"]
            return replies
    except OSError as error:
        sys.exit(f"{address} does not answer ({error}); start it with `make run`.")
