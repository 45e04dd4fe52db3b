"""An engine with parts that fail: `python -m tests.engine.faulty_engine SOCKET`.

The words of a message say how its answer goes wrong (`fail`, `spoil`). The names of
files beside the socket, or in the folder above, say the rest, because the front chooses
the engine's arguments and environment.

    stick   what "the part sticks" does lasts while this file exists
    slow    the model is loaded once this file is gone
    loud    everything is logged, at every level
    older   the engine speaks an older protocol
"""

from __future__ import annotations

import json
import signal
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine import answer as engine
from bot.talk.messages import PROTOCOL, Hello, Question
from tests.loud import make_loud

if TYPE_CHECKING:
    from bot.engine.mind import Mind
    from bot.nlu.understanding import Understanding

_load, _answer = engine._load, engine.Answering._answer
LOOKS_EVERY_SECONDS = 0.02


def exists(name: str) -> bool:
    """Whether a file of this name is beside the socket, or in the folder above."""
    folder = Path(sys.argv[1]).parent
    return (folder / name).exists() or (folder.parent / name).exists()


def wait_for_end_of(name: str) -> None:
    """Keeps the whole process while such a file exists."""
    while exists(name):
        time.sleep(LOOKS_EVERY_SECONDS)


def fail(text: str) -> None:
    """Does what a message asks for, where the message is read."""
    if "the part breaks" in text:
        raise ValueError(f"cannot read {text!r}")
    if "the part sticks" in text:
        wait_for_end_of("stick")
    if "the part opens a socket" in text:
        socket.socket().close()
    if "the process dies" in text:
        # Sent to the process, it may first reach another thread, and this one answers.
        signal.raise_signal(signal.SIGSEGV)


def spoil(self: engine.Answering, question: Question) -> bytes:
    """Answers a question, and changes the answer where the message asks for that."""
    said = _answer(self, question)
    if "the part talks nonsense" in question.text:
        return b"the answer is 42\n"
    if "the part answers another" in question.text:
        changed = {**json.loads(said), "id": question.id + 1000}
        return json.dumps(changed).encode() + b"\n"
    return said


def load(model: Path) -> Mind:
    """Loads the model as the engine does, with a part that can fail."""
    wait_for_end_of("slow")
    mind = _load(model)
    from bot.nlu.english import English

    sound = English.understand

    def understand(self: English, text: str) -> Understanding:
        fail(text)
        return sound(self, text)

    English.understand = understand  # type: ignore[method-assign]
    if exists("loud"):
        make_loud()
    return mind


if __name__ == "__main__":
    engine._load = load
    engine.Answering._answer = spoil  # type: ignore[method-assign]
    if exists("older"):
        engine.Hello = partial(Hello, PROTOCOL - 1)  # type: ignore[attr-defined, assignment]
    engine.main()
