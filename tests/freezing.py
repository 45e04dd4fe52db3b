"""Freezes processes, so that they keep their connections and say nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

# How often to look, and how many times.
LOOKS_EVERY_SECONDS, LOOKS = 0.01, 6000


def freeze(*processes: int) -> None:
    """Stops processes, and waits until each of their threads has stopped.

    The kernel tells one thread, which stops the others: on a busy machine another
    thread may still answer a message in between. One that has ended is left out.
    """
    running = [process for process in processes if send(process, signal.SIGSTOP)]
    for _ in range(LOOKS):
        running = [process for process in running if not _is_frozen(process)]
        if not running:
            return
        time.sleep(LOOKS_EVERY_SECONDS)
    raise AssertionError(f"processes {running} did not stop within a minute")


def thaw(*processes: int) -> None:
    """Lets frozen processes go on; one that has ended is left out."""
    for process in processes:
        send(process, signal.SIGCONT)


def send(process: int, number: signal.Signals) -> bool:
    """Sends a signal to a process that may have ended; whether it was there."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def _is_frozen(process: int) -> bool:
    """Whether every thread of it has stopped, or it has ended."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        states = [
            (t / "stat").read_text().rpartition(")")[2].split()[0] for t in threads
        ]
    except (FileNotFoundError, ProcessLookupError):
        return not Path(f"/proc/{process}").exists()
    return set(states) <= set("TZX")
