"""A stop that drops nothing: /health/ready turns 503 first, the server ends later."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType


def on_sigterm(stopping: threading.Event, seconds: int) -> None:
    """Lets SIGTERM set `stopping` at once and reach the server `seconds` later.

    To be called in the server's loop. Until the time is over, requests are answered as
    ever, so that a balancer can take the process out first. Ctrl-C waits for nothing.
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
