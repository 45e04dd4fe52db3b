"""What a bot uses: its process and those that it started."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")


class Used(NamedTuple):
    """An amount: for the process that was started, and for its children."""

    own: float = 0.0
    children: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.own + self.children

    def since(self, before: Used) -> Used:
        """How much was added since then."""
        return Used(self.own - before.own, self.children - before.children)


def memory_mb(process: int) -> Used:
    """What it holds in memory (resident set size), in megabytes."""
    own, *children = (_resident_mb(pid) for pid in _family(process))
    return Used(own, sum(children))


def cpu_seconds(process: int) -> Used:
    """The processor time that it has used."""
    own, *children = (_cpu_seconds(pid) for pid in _family(process))
    return Used(own, sum(children))


def _family(process: int) -> list[int]:
    """A process, its children, and theirs."""
    found = [process]
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        for child in thread.read_text().split():
            found += _family(int(child))
    return found


def _resident_mb(process: int) -> float:
    lines = _of(process, "status").splitlines()
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return sum(kilobytes) / 1024


def _cpu_seconds(process: int) -> float:
    fields = _of(process, "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / TICKS  # as user, and in the kernel


def _of(process: int, name: str) -> str:
    """What the system says about a process; nothing if it has just ended."""
    try:
        return Path(f"/proc/{process}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
