"""A real engine process, and a plain socket to speak to it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import ROOT
from bot.chat.launch import PYTHON
from bot.talk.memory import Memory
from bot.talk.messages import Answered, Decision, Hello, Question, Served
from bot.words.topics import Topics

REAL = "bot.engine.answer"
FAULTY = "tests.engine.faulty_engine"
WITHIN_SECONDS = 60.0


def question(**more: Any) -> Question:
    """A first question of a conversation, with enough time."""
    plain = Question(1, "", Memory(), None, 0.0, WITHIN_SECONDS, "v1")
    return replace(plain, **more)


class EngineProcess:
    """An engine that answers on a socket in `folder`, and logs into a file there."""

    def __init__(
        self,
        folder: Path,
        *flags: str,
        module: str = REAL,
        root: Path = ROOT,
        name: str = "engine.sock",
    ) -> None:
        """Starts it; `root` is the top of the project, or of a copy of it."""
        self.socket = folder / name
        self._log = open(folder / "log", "a")
        self.process = subprocess.Popen(
            [PYTHON, "-m", module, self.socket, *flags],
            cwd=root,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )

    @property
    def log(self) -> list[str]:
        """The lines that it has logged, without their times."""
        lines = Path(self._log.name).read_text().splitlines()
        return [line.split(" ", 2)[2] for line in lines]

    def connect(self) -> Front:
        """Connects, waiting until the socket is there."""
        ends = time.monotonic() + WITHIN_SECONDS
        while self.process.poll() is None and time.monotonic() < ends:
            try:
                return Front(self.socket)
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"no socket; {self.process.poll()}: {self.log[-3:]}")

    def ended(self) -> int:
        """Its exit status, once it has ended by itself."""
        return self.process.wait(WITHIN_SECONDS)

    def stop(self) -> None:
        """Ends it if it still runs."""
        self.process.kill()
        self.process.wait()
        self._log.close()


class Front:
    """The other end of an engine's socket."""

    def __init__(self, path: Path) -> None:
        """Connects; raises OSError."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(WITHIN_SECONDS)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Front:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Goes."""
        self._lines.close()
        self._socket.close()

    def hello(self) -> Hello:
        """The first line."""
        return Hello.read(self.read())

    def read(self) -> bytes:
        """The next line; b"": the engine has closed the connection."""
        try:
            return self._lines.readline()
        except ConnectionResetError:
            return b""

    def send(self, *lines: bytes) -> None:
        """Sends what is to be sent together."""
        self._socket.sendall(b"".join(lines))

    def serve(self, version: str = "v1") -> None:
        """Says which topics are served."""
        self.send(Served(version, Topics.read().content).line())

    def ask(self, text: str, **more: Any) -> Decision | None:
        """The decision on a message; None: the engine failed."""
        asked = question(text=text, **more)
        self.send(asked.line())
        answered = Answered.read(self.read())
        assert answered.id == asked.id
        return answered.decision

    def ready(self) -> Front:
        """Itself, once hello has been said and topics are served."""
        self.hello()
        self.serve()
        return self


def open_sockets(pid: int, kinds: Sequence[str]) -> list[str]:
    """The network sockets of a process, by the kernel's tables of these kinds."""
    own = {os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()}
    found = []
    for kind in kinds:
        for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]:
            if f"socket:[{line.split()[9]}]" in own:
                found.append(f"{kind} {line}")
    return found
