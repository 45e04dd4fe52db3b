"""How the bench reports progress, and how it gives up."""

from __future__ import annotations

import subprocess
import sys
import time

EVERY_SECONDS = 20


class BenchError(RuntimeError):
    """A bot did not start, or sent something that is not an answer."""


class RefusedError(BenchError):
    """The bot has too much to do, and says so with the numbers."""


def tell(line: str) -> None:
    """Says how far the work has got."""
    sys.stderr.write(line + "\n")


def watch(
    process: subprocess.Popen[bytes], what: str, started: float, about: int
) -> None:
    """Waits for a process and says how long it has taken; ends it with the bench.

    Args:
        process: The process to wait for.
        what: What it does.
        started: When it began, by the monotonic clock.
        about: How many seconds it took on the machine where this was written.
    """
    try:
        while True:
            try:
                process.wait(EVERY_SECONDS)
                return
            except subprocess.TimeoutExpired:
                seconds = time.monotonic() - started
                tell(f"  {what}: {seconds:.0f} s, of about {about}")
    finally:
        process.kill()
        process.wait()
