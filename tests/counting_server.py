"""Serves the bot and counts its work: `python -m tests.counting_server`.

Its engine does without a model (tests/quick_engine.py). What is done for each POST to
/chat is counted; a GET of /health/live writes the counts, in their order, into
`work.json` in the temporary folder.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import tempfile
from collections import Counter
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from bot import logs
from bot.chat import conversation, launch
from bot.languages.gate import LanguageGate
from bot.safety import net
from bot.server import serve, site
from bot.server.guard import Guard
from bot.words.answers import Answers
from tests.faulty_server import QUICK

_messages: list[Counter[str]] = []
# The counts of the message that is being answered, in its own tasks.
_answering: ContextVar[Counter[str] | None] = ContextVar("answering", default=None)
_answer = Guard.__call__


def note(what: str) -> None:
    """Counts something that is done for a message."""
    if (work := _answering.get()) is not None:
        work[what] += 1


def count(owner: Any, name: str, what: str) -> None:
    """Counts each call of a function."""
    sound = getattr(owner, name)

    @functools.wraps(sound)
    def counting(*arguments: Any, **values: Any) -> Any:
        note(what)
        return sound(*arguments, **values)

    setattr(owner, name, counting)


async def answer(self: Guard, scope: Any, *others: Any) -> None:
    """Answers as ever, and counts meanwhile."""
    path = scope.get("path")
    if path == "/chat":
        _messages.append(Counter())
        _answering.set(_messages[-1])
    if path == "/health/live":
        (Path(tempfile.gettempdir()) / "work.json").write_text(json.dumps(_messages))
    await _answer(self, scope, *others)


def note_opened(event: str, _: Any) -> None:
    """Counts each file that is opened, by whatever library."""
    if event == "open":
        note("file opened")


if __name__ == "__main__":
    logs.configure()
    site.Launcher = functools.partial(launch.Launcher, **QUICK)  # type: ignore
    Guard.__call__ = answer  # type: ignore
    count(net.SafetyNet, "judge", "net")
    count(LanguageGate, "judge", "language")
    for module in (conversation, net):
        count(module, "plain", "made plain")
    count(Answers, "_render", "rendered")
    count(os, "stat", "file looked up")
    sys.addaudithook(note_opened)
    serve.serve()
