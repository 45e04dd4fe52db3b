"""Long work beside the event loop, so that other visitors need not wait."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

# Anything shorter takes a millisecond or two: starting a thread would cost more.
SHORT = 4_000
# How long a thread may keep Python's lock from the thread that answers others.
SWITCH_SECONDS = 0.0005

P = ParamSpec("P")
T = TypeVar("T")

# One at a time: several long texts at once would take the lock from each other.
_thread = ThreadPoolExecutor(1, "aside")


def prefer_the_loop() -> None:
    """Gives the event loop Python's lock soon, whatever a thread is doing."""
    sys.setswitchinterval(SWITCH_SECONDS)


async def aside(
    size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Does some work here when it is `SHORT`, otherwise in a thread; raises its errors.

    Args:
        size: How much there is to read, in characters or bytes.
        work: Reads it.
        *args: What `work` is called with.
        **kwargs: The same, by name.
    """
    if size <= SHORT:
        return work(*args, **kwargs)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_thread, lambda: work(*args, **kwargs))
