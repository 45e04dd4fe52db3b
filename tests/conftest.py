"""The real parts the tests use: the data files, the trained model, a running server."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot import ROOT
from bot.answers import Answers
from bot.directory import Directory
from bot.safety_net import SafetyNet
from bot.topics import Topics

READY_WITHIN_SECONDS = 180


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
    """A server process on a port of its own."""

    def __init__(self, **environment: str) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        settings = {"PORT": str(port), "RATE_LIMIT": "off", **environment}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> str:
        """Ends the process; returns what it wrote to its log."""
        self._process.terminate()
        return self._process.communicate(timeout=20)[1]

    def wait(self, path: str, seconds: float) -> None:
        """Waits until a path answers 200, for so many seconds at most."""
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


def _answer(found) -> Answer:
    headers = {name.title(): value for name, value in found.headers.items()}
    body = found.read()
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(found.status, headers, body.decode())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server whose model is loaded."""
    running = Server()
    running.wait("/health/ready", READY_WITHIN_SECONDS)
    yield running
    running.stop()


def calls_999_first(text: str) -> bool:
    """Whether calling 999 stands in the first 160 characters."""
    return bool(re.search(r"\bcall\b[^.]{0,40}\b999\b", text[:160], re.I))


def assert_carries_the_numbers(text: str) -> None:
    for number in ("999", "0808 1000 900", "0800 1111"):
        assert number in text
