"""The real parts the tests use: the data files, the trained model, a running server."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import MODEL, ROOT, redis_link
from bot.safety.net import SafetyNet
from bot.words.answers import Answers
from bot.words.directory import Directory
from bot.words.topics import Topics
from tests.ports import free_port
from tests.redis_server import RedisServer

READY_WITHIN_SECONDS = 120
# The Pythons that serve, as `make run` builds them; the tests use a different one.
FRONT = ROOT / ".venv" / "bin" / "python"
ENGINE = ROOT / ".venv-engine" / "bin" / "python"


@pytest.fixture(scope="session")
def topics() -> Topics:
    return Topics.read()


@pytest.fixture(scope="session")
def directory() -> Directory:
    return Directory.read()


@pytest.fixture(scope="session")
def answers() -> Answers:
    return Answers.read()


@pytest.fixture(scope="session")
def net() -> SafetyNet:
    return SafetyNet.read()


BESIDE_THE_MODEL = ("sentence_encoder", "multilingual_encoder", "language_gate.json")
# What a running bot reads or imports.
SERVED = (
    *("bot", "data", "config.yml", "credentials.yml", "domain.yml", "tests/engine"),
    *(
        f"tests/{name}.py"
        for name in ("__init__", "faulty_server", "loud", "quick_engine")
    ),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may damage."""
    return copy_project(tmp_path / "project")


def copy_project(root: Path) -> Path:
    """Copies the project into a folder; models and the engine's Python are links."""
    for name in SERVED:
        source, copied = ROOT / name, root / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, copied)
    (root / "models").mkdir()
    for name in (MODEL.name, *BESIDE_THE_MODEL):
        (root / "models" / name).symlink_to((ROOT / "models" / name).resolve())
    link_engine(root)
    return root


def link_engine(root: Path) -> None:
    """Lets a copy of the project start engines."""
    if not (linked := root / ENGINE.parents[1].name).exists():
        linked.symlink_to(ENGINE.parents[1])


@dataclass
class Answer:
    """What came back from the server."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def replies(self) -> list[dict]:
        return json.loads(self.body)["replies"]

    @property
    def session(self) -> str:
        return json.loads(self.body)["session"]

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)


class Server:
    """A server process on a free port, with the Python that serves visitors."""

    def __init__(
        self,
        root: Path = ROOT,
        module: Sequence[str] = ("bot", "serve"),
        engine: bool = True,
        faults: Sequence[str] = (),
        **environment: str,
    ) -> None:
        """Starts it.

        Args:
            root: The top of the project, or of a copy of it.
            module: What `python -m` starts, and its arguments.
            engine: Whether it starts one; if not, it waits at a socket where nobody is.
            faults: Files for tests/engine/faulty_engine.py, such as `slow`.
            environment: Settings besides those of the test's own environment.
        """
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._folder = tempfile.TemporaryDirectory()
        self.temporary = Path(self._folder.name) / "tmp"
        self.temporary.mkdir()
        for fault in faults:
            self.fault(fault).touch()
        settings = {
            "PORT": port,
            "RATE_LIMIT": "off",
            "COUNTS_URL": f"sqlite:///{self._folder.name}/counts.sqlite",
            "TMPDIR": str(self.temporary),
        }
        if not engine:
            settings["ENGINE_SOCKETS"] = str(self.temporary / "nobody.sock")
        settings |= environment
        # A file: a server that writes a lot must not have to wait for a reader.
        self._written = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [FRONT, "-m", *module],
            cwd=root,
            env={**os.environ, **settings},
            stdout=self._written,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def counts_file(self) -> Path:
        """Where this server's counts are, until it is stopped."""
        return Path(self._folder.name) / "counts.sqlite"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def engines(self) -> list[int]:
        """The process numbers of the engines that it has started."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return [
            int(child)
            for task in tasks
            for child in (task / "children").read_text().split()
        ]

    def fault(self, name: str) -> Path:
        """The file that lets an engine of tests/engine/faulty_engine.py fail."""
        return self.temporary / name

    def said(self) -> str:
        """What it has written so far."""
        # A second descriptor for the file: reading must not move where it writes.
        return Path(f"/proc/self/fd/{self._written.fileno()}").read_text()

    def stop(self, keep: bool = False) -> str:
        """Ends the process; returns everything it wrote.

        Args:
            keep: Leave the file of its counts until `forget` is called.
        """
        self._process.terminate()
        self._process.wait(60)
        self._written.seek(0)
        written = self._written.read()
        if not keep:
            self.forget()
        return written

    def forget(self) -> None:
        """Removes the file of its counts."""
        self._folder.cleanup()

    def wait(self, path: str, seconds: float) -> None:
        """Waits until a path answers 200, for up to this many seconds."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            try:
                if self.get(path).status == 200:
                    return
            except OSError:
                pass  # the port is not open yet
            if self._process.poll() is not None:
                raise AssertionError(f"the server stopped: {self.stop()}")
            time.sleep(0.05)
        raise AssertionError(f"{path} was not 200 within {seconds} s: {self.stop()}")

    def wait_until_ready(self) -> None:
        """Waits until typed messages are answered."""
        self.wait("/health/ready", READY_WITHIN_SECONDS)

    @property
    def state(self) -> str:
        """What it says about itself: `loading`, `ready`, `failed` or `stopping`."""
        return json.loads(self.get("/health/ready").body)["status"]

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, **headers)

    def ask(self, message: str, **fields: object) -> Answer:
        return self.post({"message": message, **fields})

    def post(self, body: object, **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(
            "POST", "/chat", raw, **{"Content-Type": "application/json", **headers}
        )

    def send(
        self, method: str, path: str, body: bytes | None, **headers: str
    ) -> Answer:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.address + path, data=body, headers=names, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as found:
                return _answer(found)
        except urllib.error.HTTPError as error:
            return _answer(error)


def _answer(found: Any) -> Answer:
    headers = {name.title(): value for name, value in found.headers.items()}
    body = found.read()
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(found.status, headers, body.decode())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server whose model is loaded."""
    running = Server()
    running.wait_until_ready()
    yield running
    running.stop()


@contextmanager
def serving(*arguments: Any, **settings: Any) -> Iterator[Server]:
    """A server whose port is open, ready or not; arguments as for `Server`."""
    running = Server(*arguments, **settings)
    try:
        running.wait("/health/live", READY_WITHIN_SECONDS)
        yield running
    finally:
        sys.stdout.write(running.stop())  # shown when the test fails


@pytest.fixture(scope="module")
def young() -> Iterator[Server]:
    """A server that looks for an engine at a socket where there is none."""
    hasty = ("tests.faulty_server", "hasty")
    with serving(module=hasty, engine=False) as running:
        yield running


def refused(*arguments: Any, **settings: Any) -> str:
    """The output of a server that ends by itself because it cannot start."""
    running = Server(*arguments, **settings)
    assert running._process.wait(READY_WITHIN_SECONDS) == 1
    said = running.stop()
    assert said.startswith("Cannot start") and "Traceback" not in said
    return said


@pytest.fixture
def patient(monkeypatch) -> None:
    """Gives Redis and our threads the time that they need on a busy machine."""
    monkeypatch.setattr(redis_link, "WAIT_SECONDS", 1.0)
    monkeypatch.setattr(redis_link, "PATIENCE_SECONDS", 10.0)


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """An empty Redis for one test."""
    running = RedisServer()
    yield running
    running.close()


def until(so: Callable[[], object]) -> None:
    """Waits until something is true, for up to a minute."""
    for _ in range(1200):
        if so():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about within a minute")


async def until_soon(so: Callable[[], object]) -> None:
    """Lets the event loop work until something is true, for up to a minute."""
    async with asyncio.timeout(60):
        while not so():
            await asyncio.sleep(0.01)


def calls_999_first(text: str) -> bool:
    """Whether calling 999 is in the first 160 characters."""
    return bool(re.search(r"\bcall\b[^.]{0,40}\b999\b", text[:160], re.I))


def assert_carries_the_numbers(text: str) -> None:
    for number in ("999", "0808 1000 900", "0800 1111"):
        assert number in text.replace("\N{NO-BREAK SPACE}", " ")
