"""The two bots as processes that are started, asked over HTTP, and stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from bot import ROOT
from tests.bench.tell import BenchError

STARTS_WITHIN_SECONDS = 600
POLL_SECONDS = 0.05
TICKS = os.sysconf("SC_CLK_TCK")


class Bot:
    """One server process on a port of its own; what it writes goes to a file."""

    def __init__(self, command: list[str], folder: Path, **settings: str) -> None:
        """Starts the process in a folder."""
        self.started = time.monotonic()
        self.silences = 0  # messages that were answered with nothing
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", **settings},
            stdout=self._log,
            stderr=self._log,
        )

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    async def seconds_until(self, client: aiohttp.ClientSession, asked: dict) -> float:
        """Seconds from the start until this request is answered.

        Raises:
            BenchError: The process ended, or never answered.
        """
        while time.monotonic() - self.started < STARTS_WITHIN_SECONDS:
            try:
                await self.post(client, asked)
                return time.monotonic() - self.started
            except (aiohttp.ClientError, BenchError):
                if self._process.poll() is not None:
                    break
                time.sleep(POLL_SECONDS)
        self._log.seek(0)
        raise BenchError(f"A bot did not start:\n{self._log.read()[-2000:]}")

    def hold_to(self, core: int) -> None:
        """Lets the process and all its threads run on one core only."""
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})

    @property
    def memory_mb(self) -> float:
        """What the process holds in memory (resident set size), in megabytes."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
        return int(kilobytes) / 1024

    @property
    def cpu_seconds(self) -> float:
        """The processor time that the process has used."""
        line = Path(f"/proc/{self._process.pid}/stat").read_text()
        user, system = line.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        """The body of a request; `conversation` is what the last answer gave."""
        raise NotImplementedError

    async def post(self, client: aiohttp.ClientSession, asked: dict) -> Any:
        """Sends a request, and gives what the next one of the conversation needs.

        Raises:
            BenchError: What came back was no answer.
        """
        raise NotImplementedError


class OurBot(Bot):
    """`python -m bot serve`."""

    def __init__(self) -> None:
        """Starts it with the model that `make` trained."""
        port = _free_port()
        self._address = f"http://127.0.0.1:{port}/chat"
        super().__init__(["bot", "serve"], ROOT, PORT=str(port), RATE_LIMIT="off")

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        session = {"session": conversation} if conversation else {}
        return {"message": text, **session}

    async def post(self, client: aiohttp.ClientSession, asked: dict) -> Any:
        async with client.post(self._address, json=asked) as answer:
            found = await answer.json()
            if answer.status != 200 or not found["replies"]:
                raise BenchError(f"This bot answered {answer.status}.")
            return found["session"]


class DefaultBot(Bot):
    """`rasa run` on Rasa's default, with its REST channel."""

    def __init__(self, project: Path) -> None:
        """Starts it in the folder of a trained project."""
        port = _free_port()
        self._address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self._conversations = 0
        command = ["rasa", "run", "--interface", "127.0.0.1", "--port", str(port)]
        super().__init__(command, project)

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        if not conversation:
            self._conversations += 1
            conversation = f"c{self._conversations}"
        return {"message": text, "sender": conversation}

    async def post(self, client: aiohttp.ClientSession, asked: dict) -> Any:
        async with client.post(self._address, json=asked) as answer:
            found = await answer.json()
            if answer.status != 200 or not isinstance(found, list):
                raise BenchError(f"Rasa's default answered {answer.status}.")
            self.silences += not found  # it was not sure enough
            return asked["sender"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
