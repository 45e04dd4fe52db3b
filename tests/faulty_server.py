"""Serves the bot with parts that fail: `python -m tests.faulty_server [FAULT ...]`.

The words of a message say how the topic classifier fails on it (`fail`). What sticks
does so while the file exists that STUCK, in the environment, names. Other faults stand
on the command line: `slow` loading, broken `pages`, a `hasty` deadline, `loud` logs.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import time
import warnings
from pathlib import Path

from bot import MODEL, engine, logs, serve
from bot.error_page import ErrorPage
from bot.pages import Pages

_load = engine._load


def fail(text: str) -> None:
    """Does what a message asks for."""
    if "the part breaks" in text:
        raise ValueError(f"cannot read {text!r}")
    if "the part sticks" in text:
        stick()
    if "the process dies" in text:
        os.kill(os.getpid(), signal.SIGSEGV)


def stick() -> None:
    """Keeps the thread, not only the coroutine."""
    while Path(os.environ["STUCK"]).exists():
        time.sleep(0.05)


def load(*arguments):
    """Loads the agent as the engine does, with a classifier that can fail."""
    logs.quieten_rasa()
    from rasa.shared.nlu.constants import TEXT

    from bot.rasa_parts.topic_classifier import TopicClassifier

    if not hasattr(TopicClassifier, "sound"):
        TopicClassifier.sound = TopicClassifier._understand

        def understand(self, message):
            fail(message.get(TEXT))
            self.sound(message)

        TopicClassifier._understand = understand
    agent = _load(*arguments)
    if "loud" in sys.argv:
        make_loud()
    return agent


def make_loud() -> None:
    """What somebody's set-up code could do: everything is logged, at every level."""
    import structlog
    from rasa.utils.common import configure_logging_and_warnings

    structlog.reset_defaults()
    configure_logging_and_warnings(log_level=logging.DEBUG)
    warnings.resetwarnings()
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, force=True)
    for name in list(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.addHandler(logging.StreamHandler(sys.stdout))
        other.setLevel(logging.DEBUG)
        other.disabled = False
    faulthandler.enable()


def load_slowly(*arguments):
    """Loads the agent when nothing is stuck any more."""
    stick()
    return load(*arguments)


def break_pages(*arguments, **values):
    """Fails to render a page."""
    raise ValueError("a template is broken")


def break_pages_after(render):
    """Lets the reply of last resort be made, as it is at every start, and no more."""

    def last_good(*arguments):
        page = render(*arguments)
        Pages.render = break_pages
        return page

    ErrorPage.render = last_good


if __name__ == "__main__":
    logs.configure()
    engine._load = load_slowly if "slow" in sys.argv else load
    if "hasty" in sys.argv:
        engine.Engine.__init__.__defaults__ = (MODEL, 1.0, None)
    if "pages" in sys.argv:
        break_pages_after(ErrorPage.render)
    serve.serve()
