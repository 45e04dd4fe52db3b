"""The engine: `python -m bot.engine.answer SOCKET`, asked by the front.

It answers on one Unix socket, one connection at a time, and keeps nothing between
questions. It cannot open any other socket (bot/engine/no_network.py). A question
that takes too long ends the process: the kernel's alarm needs no Python for that.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

# A message is work for one core: more threads would wait for each other.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from bot import MODEL, freed, logs
from bot.engine import no_network
from bot.talk import messages
from bot.talk.messages import AT_WORK, Hello, Question

if TYPE_CHECKING:
    from bot.engine.mind import Mind

# By its name in the package: run as a program, its __name__ differs.
logger = logging.getLogger("bot.engine.answer")

# How long an engine that was started for one front waits for it.
EXPECTED_SECONDS = 60.0


def main() -> None:
    """Loads the model and answers until the front has gone, or until it is stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.engine.answer", description=__doc__.splitlines()[0]
    )
    parser.add_argument("socket", type=Path, help="the socket to answer on")
    parser.add_argument("--once", action="store_true", help="end with the first front")
    asked = parser.parse_args()
    logs.configure()
    logs.only_events()
    freed.leave_nothing_in_it()
    listener = _listen(asked.socket)
    if not no_network.forbid():
        logger.warning("engine.network_open (the kernel allows no filter)")
    try:
        mind = _load(MODEL)
    except ImportError as error:
        logger.error(
            "engine.incomplete %s (`make run` installs its packages)", logs.fault(error)
        )
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        logger.error(
            "engine.load_failed %s (%s): make train builds the model",
            type(error).__name__,
            logs.fault(error),
        )
        sys.exit(1)
    if asked.once:
        listener.settimeout(EXPECTED_SECONDS)
    while True:
        connection, _ = listener.accept()
        connection.settimeout(None)
        with connection:
            Answering(connection, mind).run()
        if asked.once:
            return


def _listen(path: Path) -> socket.socket:
    """Opens the socket, even if another engine left its file behind.

    The system would let a second engine replace one that still runs, so each holds a
    lock on a file beside its socket.
    """
    try:
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        os.umask(0o177)
        listener.bind(str(path))
        listener.listen()
    except BlockingIOError:
        logger.error(
            "engine.socket_taken %s (another engine answers there)", logs.place(path)
        )
        sys.exit(1)
    except OSError as error:
        logger.error("engine.no_socket %s %s", logs.place(path), type(error).__name__)
        sys.exit(1)
    return listener


def _load(model: Path) -> Mind:
    from bot.engine.mind import Mind

    mind = Mind.load(model)
    # What is loaded stays, so the garbage collector need not look through it.
    gc.collect()
    gc.freeze()
    return mind


class Answering:
    """Answers one front until it goes, working on `AT_WORK` messages at a time."""

    def __init__(self, connection: socket.socket, mind: Mind) -> None:
        """Takes a connection that was just made."""
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._mind = mind
        self._reading, self._writing = threading.Lock(), threading.Lock()
        self._until: dict[int, float] = {}  # when each question must be done

    def run(self) -> None:
        """Says hello and answers; invalid input from the front ends the connection."""
        try:
            self._send(Hello().line())
        except OSError:
            return  # the front did not wait
        threads = [threading.Thread(target=self._work) for _ in range(AT_WORK)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        try:
            while question := self._next():
                self._send(self._answer(question))
        except ValueError as error:  # Nonsense, or topics with a gap
            logger.error("engine.asked_nonsense %s", logs.fault(error))
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the front has gone

    def _next(self) -> Question | None:
        """The next question; None: the front has gone. Takes new topics on the way."""
        with self._reading:
            for line in self._lines:
                asked = messages.asked(line)
                if isinstance(asked, Question):
                    return asked
                self._mind.serve(asked)
        return None

    def _answer(self, question: Question) -> bytes:
        self._watch(question.id, time.monotonic() + question.seconds)
        try:
            return self._mind.decide(question).line(question.id)
        except Exception as error:  # noqa: BLE001 - whatever a component raises
            logger.error("engine.failed %s", logs.fault(error))
            return messages.failed(question.id)
        finally:
            self._watch(question.id, None)

    def _watch(self, question: int, until: float | None) -> None:
        """Sets the alarm, which ends the process, to the earliest deadline."""
        with self._writing:
            self._until.pop(question, None)
            if until is not None:
                self._until[question] = until
            first = min(self._until.values(), default=0.0)
            left = max(first - time.monotonic(), 0.001) if first else 0.0
            signal.setitimer(signal.ITIMER_REAL, left)

    def _send(self, line: bytes) -> None:
        with self._writing:
            self._connection.sendall(line)


if __name__ == "__main__":
    main()
