"""A real Redis on a free port, which a test may freeze, kill and restart."""

from __future__ import annotations

import subprocess
import tempfile
import time

from redis import Redis, RedisError

from tests.debian_packages import find
from tests.freezing import freeze, thaw
from tests.ports import free_port

OPENS_WITHIN_SECONDS = 20


class RedisServer:
    """A redis-server that writes nothing to disk; its folder goes with it."""

    def __init__(self, started: bool = True) -> None:
        """Chooses a free port; `started` False: nothing listens there yet."""
        self.port = int(free_port())
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(
            self.url, decode_responses=True, encoding_errors="backslashreplace"
        )
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen | None = None
        if started:
            self.start()

    def start(self) -> None:
        """Starts it, empty, if it is not running; wakes it if it is frozen."""
        if self._process:
            thaw(self._process.pid)
            return
        program = find("redis-server")
        assert program, "no redis-server: run `make test`, or install Debian's"
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", self._folder.name],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(OPENS_WITHIN_SECONDS * 20):
            try:
                self.client.ping()
                return
            except RedisError:
                time.sleep(0.05)
        raise AssertionError("redis-server does not open its port")

    def hang(self) -> None:
        """Lets it keep its connections and answer nothing, until `start`."""
        freeze(self._process.pid)

    def kill(self) -> None:
        """Kills it."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stops it for the last time and removes its folder."""
        self.kill()
        self.client.close()
        self._folder.cleanup()

    def everything(self) -> str:
        """All names and values that it holds."""
        return "\n".join(f"{n} {self.client.get(n)}" for n in self.client.keys())
