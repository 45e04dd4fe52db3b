"""Serves the bot with parts that fail: `python -m tests.faulty_server [FAULT ...]`.

Its engines fail on messages with certain words (tests/engine/faulty_engine.py); `quick`
ones need no model (tests/quick_engine.py). Other faults are on the command line:
broken `pages`, `loud` logs, a net that is `deaf`, `numberless` replies, and times that
are `hasty` or `patient`.
"""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import Any

from bot import logs
from bot.chat import engine, launch
from bot.pages.error_page import ErrorPage
from bot.pages.pages import Pages
from bot.safety.net import SafetyNet
from bot.server import guard, serve, site
from tests.loud import make_loud

FAULTY = {"module": "tests.engine.faulty_engine"}
QUICK = {"module": "tests.quick_engine", "python": Path(sys.executable)}
# How long a message may take, in seconds. A new engine needs three on a quiet machine.
HASTY, PATIENT = 2.0, 60.0


def set_times(deadline: float) -> None:
    """Nobody waits longer than a test should, or as long as a busy machine may need."""
    site.Engine = functools.partial(engine.Engine, deadline=deadline)  # type: ignore
    engine.FIRST_RETRY_SECONDS = 0.2
    guard.BODY_SECONDS = 1.0
    guard.ANSWER_SECONDS = 2 * deadline


def make_loud_at_the_start() -> None:
    """Waits with it until the server has set its own log up."""
    start = engine.Engine.start

    def loudly(self: engine.Engine) -> None:
        make_loud()
        start(self)

    engine.Engine.start = loudly  # type: ignore


def break_pages(*arguments: Any, **values: Any) -> str:
    """Fails to render a page."""
    raise ValueError("a template is broken")


def forget_the_numbers() -> None:
    """Leaves the numbers out of everything that is sent."""
    send = guard._Reply.send

    async def numberless(self: guard._Reply, *arguments: Any) -> None:
        self.body = bytearray(re.sub(rb"\d{3,}", b"", bytes(self.body)))
        await send(self, *arguments)

    guard._Reply.send = numberless  # type: ignore


def hear_nothing(self: SafetyNet, text: str, made_plain: str | None = None) -> None:
    """Finds no danger in any text."""


def break_pages_after_the_last_resort() -> None:
    """Allows the last-resort reply, which every start prepares, and nothing else."""
    render = ErrorPage.render

    def last_good(*arguments: Any) -> ErrorPage:
        page = render(*arguments)
        Pages.render = break_pages  # type: ignore
        return page

    ErrorPage.render = last_good  # type: ignore


if __name__ == "__main__":
    logs.configure()
    engines = QUICK if "quick" in sys.argv else FAULTY
    site.Launcher = functools.partial(launch.Launcher, **engines)  # type: ignore
    if "hasty" in sys.argv:
        set_times(HASTY)
    if "patient" in sys.argv:
        set_times(PATIENT)
    if "loud" in sys.argv:
        make_loud_at_the_start()
    if "numberless" in sys.argv:
        forget_the_numbers()
    if "deaf" in sys.argv:
        SafetyNet.judge = hear_nothing  # type: ignore
    if "pages" in sys.argv:
        break_pages_after_the_last_resort()
    serve.serve()
