"""The bots as processes that are started, asked over HTTP, and stopped."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from bot import ROOT
from tests.bench import processes
from tests.bench.processes import Used
from tests.bench.tell import BenchError, RefusedError
from tests.ports import free_port

RASA = ROOT / ".venv-rasa" / "bin" / "python"
STARTS_WITHIN_SECONDS = 600
POLL_SECONDS = 0.02
# A bot is at rest when it uses less than this share of a core for a while.
AT_REST, RESTS_SECONDS, RESTS_WITHIN_SECONDS = 0.05, 0.5, 60


class Bot:
    """One server on its own port; its output goes to a file.

    Attributes:
        address: Where messages are posted to.
        silences: How many messages got an empty answer.
    """

    address: str

    def __init__(
        self, python: Path, command: list[str], folder: Path, **settings: str
    ) -> None:
        """Starts the process in a folder."""
        self.silences = 0
        self._made = tempfile.TemporaryDirectory(prefix="signposting-bench-")
        made = Path(self._made.name)
        self._log = (made / "log").open("w+")
        # The bench is not a visitor: its questions are not counted with theirs.
        counts = {"COUNTS_URL": f"sqlite:///{made / 'counts.sqlite'}"}
        # As in an installation: Python keeps what it has compiled. Otherwise a start
        # takes a second longer, and that would be all that we measure.
        usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            [python, "-m", *command],
            cwd=folder,
            env={**usual, "RASA_TELEMETRY_ENABLED": "false", **counts, **settings},
            stdout=self._log,
            stderr=self._log,
        )

    def stop(self) -> None:
        """Ends the process, which ends those that it started."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._made.cleanup()

    async def seconds_until(
        self, client: aiohttp.ClientSession, asked: dict[str, Any]
    ) -> float:
        """Seconds from the start until this request gets an answer.

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
                await asyncio.sleep(POLL_SECONDS)
        self._log.seek(0)
        raise BenchError(f"A bot did not start:\n{self._log.read()[-2000:]}")

    async def rest(self) -> None:
        """Waits until all of its processes have loaded everything.

        Raises:
            BenchError: It never comes to rest.
        """
        until = time.monotonic() + RESTS_WITHIN_SECONDS
        while time.monotonic() < until:
            before = self.cpu_seconds
            await asyncio.sleep(RESTS_SECONDS)
            if self.cpu_seconds.since(before).total < AT_REST * RESTS_SECONDS:
                return
        raise BenchError("A bot keeps working although nobody asks it anything.")

    @property
    def memory_mb(self) -> Used:
        """What its processes hold in memory, in megabytes."""
        return processes.memory_mb(self._process.pid)

    @property
    def cpu_seconds(self) -> Used:
        """The processor time that its processes have used."""
        return processes.cpu_seconds(self._process.pid)

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        """The body of a request; `conversation` comes from the last answer."""
        raise NotImplementedError

    async def post(self, client: aiohttp.ClientSession, asked: dict[str, Any]) -> Any:
        """Sends a request, and returns what the conversation's next one needs.

        Raises:
            BenchError: What came back was not an answer.
            RefusedError: It was a refusal.
        """
        raise NotImplementedError


class OurBot(Bot):
    """`python -m bot serve`, of this build or of an earlier one."""

    def __init__(self, folder: Path = ROOT, **settings: str) -> None:
        """Starts it as `make run` does, with the model that `make` trained."""
        port = int(free_port())
        self.address = f"http://127.0.0.1:{port}/chat"
        python, command = folder / ".venv" / "bin" / "python", ["bot", "serve"]
        settings = {
            "PORT": str(port),
            "RATE_LIMIT": "off",
            "ENGINES": "1",
            **settings,
        }
        super().__init__(python, command, folder, **settings)

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        session = {"session": conversation} if conversation else {}
        return {"message": text, **session}

    async def post(self, client: aiohttp.ClientSession, asked: dict[str, Any]) -> Any:
        async with client.post(self.address, json=asked) as answer:
            found = await answer.json()
            if answer.status == 503:
                raise RefusedError("This bot has too much to do.")
            if answer.status != 200 or not found["replies"]:
                raise BenchError(f"This bot answered {answer.status}.")
            return found["session"]


class DefaultBot(Bot):
    """`rasa run` on Rasa's default, with its REST channel."""

    def __init__(self, project: Path) -> None:
        """Starts it in the folder of a trained project."""
        port = int(free_port())
        self.address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self._conversations = 0
        command = ["rasa", "run", "--interface", "127.0.0.1", "--port", str(port)]
        super().__init__(RASA, command, project)

    def asked(self, text: str, conversation: Any) -> dict[str, Any]:
        if not conversation:
            self._conversations += 1
            conversation = f"c{self._conversations}"
        return {"message": text, "sender": conversation}

    async def post(self, client: aiohttp.ClientSession, asked: dict[str, Any]) -> Any:
        async with client.post(self.address, json=asked) as answer:
            found = await answer.json()
            if answer.status != 200 or not isinstance(found, list):
                raise BenchError(f"Rasa's default answered {answer.status}.")
            self.silences += not found  # it was not sure enough
            return asked["sender"]
