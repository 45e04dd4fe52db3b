"""A real PostgreSQL on a separate socket, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.debian_packages import find
from tests.freezing import freeze, thaw

# PostgreSQL refuses to run as root; Debian's package brings this user.
USER = "postgres"
WAITS_SECONDS = "60"


class PostgresServer:
    """A cluster in a temporary folder that goes with it; no port is opened."""

    def __init__(self) -> None:
        """Makes the cluster and starts it."""
        program = find("postgresql")
        assert program, "no PostgreSQL: run `make test`, or install Debian's postgresql"
        self._programs = Path(program).parent
        self._as = {"user": USER} if os.geteuid() == 0 else {}
        self._folder = tempfile.TemporaryDirectory()
        if self._as:
            os.chown(self._folder.name, pwd.getpwnam(USER).pw_uid, -1)
        self._data = f"{self._folder.name}/data"
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "counts", "-N")
        self.url = f"postgresql://counts@/postgres?host={self._folder.name}"
        self.start()

    def start(self) -> None:
        """Starts it, with what it held."""
        socket_alone = f"-c listen_addresses='' -k {self._folder.name}"
        log = f"{self._folder.name}/log"
        wait = ("-w", "-t", WAITS_SECONDS)
        self._run(
            "pg_ctl", "-D", self._data, "-o", socket_alone, "-l", log, *wait, "start"
        )

    def stop(self) -> None:
        """Stops it; `start` brings it back."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Freezes all its processes: it accepts everything and says nothing."""
        pid = (Path(self._data) / "postmaster.pid").read_text().split()[0]
        tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        family = [int(pid), *map(int, tasks)]
        freeze(*family)
        try:
            yield
        finally:
            thaw(*family)

    def close(self) -> None:
        """Stops it for the last time and removes its folder."""
        self.stop()
        self._folder.cleanup()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            cwd=self._folder.name,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as,
        )
