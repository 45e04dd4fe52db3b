"""The reply when the chat cannot give one: for nginx, and for a request that failed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.pages.pages import Pages
from bot.words.answers import Answers


@dataclass(frozen=True)
class ErrorPage:
    """One reply with the numbers, as JSON in the shape of /chat and as HTML."""

    json: bytes
    html: bytes

    @classmethod
    def render(cls, answers: Answers, pages: Pages) -> ErrorPage:
        """Renders `utter_outage` and bot/pages/templates/outage.html."""
        reply = answers.reply("utter_outage")
        body = {"session": "", "replies": [reply.as_dict()]}
        page = pages.render("outage.html", reply=reply)
        return cls(json.dumps(body).encode(), page.encode())


def write(folder: Path) -> None:
    """Writes error.json and error.html, which nginx serves for its own errors."""
    answers = Answers.read()
    page = ErrorPage.render(answers, Pages(answers))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "error.json").write_bytes(page.json)
    (folder / "error.html").write_bytes(page.html)
