"""Stops without dropping a request: /health/ready says 503 before the server ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType


def on_sigterm(stopping: threading.Event, seconds: int) -> None:
    """Lets SIGTERM set `stopping` at once and reach the server `seconds` later.

    Call it in the server's loop. Until then the server answers requests as usual, so
    that a load balancer can take the process out first. Ctrl-C waits for nothing.
    """
    stop = signal.getsignal(signal.SIGTERM)
    loop = asyncio.get_running_loop()

    def begin(number: int, frame: FrameType | None) -> None:
        if stopping.is_set():
            return
        stopping.set()
        if callable(stop):
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, begin)
