"""The engine with a fake model: `python -m tests.quick_engine SOCKET`.

It starts at once, in the tests' Python or the front's, and decides on the topic that a
message names: `law_register, please`. If it names several, it takes the longest; if
none, none. It fails on the same words and files as tests/engine/faulty_engine.py.
"""

from __future__ import annotations

import runpy
from importlib import import_module
from pathlib import Path

from bot.engine import answer as engine
from bot.talk.messages import Decision, Question, Served

FAULTY = "tests.engine.faulty_engine"
_main = engine.main


class QuickMind:
    """Knows the topics that are served, and nothing about language."""

    def __init__(self, model: Path) -> None:
        self._faulty = import_module(FAULTY)
        self._faulty.wait_for_end_of("slow")
        self._served = Served("", {"topics": {}})

    def serve(self, served: Served) -> None:
        """Decides with these topics from now on."""
        self._served = served

    def decide(self, question: Question) -> Decision:
        """Decides on one message."""
        self._faulty.fail(question.text)
        named = [t for t in self._served.topics["topics"] if t in question.text]
        longest = sorted(named, key=len, reverse=True)[:1]
        intents = [question.forced] if question.forced else longest
        return Decision(tuple(intents), False, (), question.memory)


def main() -> None:
    """Answers as the engine does, with a mind that is ready at once."""
    engine._load = QuickMind  # type: ignore
    _main()


if __name__ == "__main__":
    engine.main = main
    runpy.run_module(FAULTY, run_name="__main__")
