"""How long other visitors wait while one address posts a body of 1 MB every second."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable
from itertools import cycle

import aiohttp

from tests.bench.bots import Bot
from tests.bench.load import Load, drive
from tests.bench.messages import never_seen, read_messages
from tests.bench.tell import BenchError

SIZE = 1_000_000  # almost the most that nginx lets through
EVERY_SECONDS = 1.0
ADDRESS = "127.0.0.2"
# The other visitors: as many as on a busy evening, with time to type.
OTHERS = 4
PAUSE_SECONDS = 0.05
JSON = {"Content-Type": "application/json"}


def bodies() -> list[bytes]:
    """One of each kind: a long message, many small values, and one without JSON."""
    text = never_seen(" ".join(read_messages()))
    typed = text * (SIZE // len(text) + 1)
    small = "[]," * (SIZE // 3 - 20)
    return [
        json.dumps({"message": typed[: SIZE - 20]}).encode(),
        f'{{"message": "{never_seen("hello")}", "more": [{small}0]}}'.encode(),
        typed[:SIZE].replace(" ", "&").encode(),
    ]


async def beside(bot: Bot, texts: list[str], seconds: float, number: int) -> Load:
    """Others talk as `without` does while one address posts.

    Args:
        bot: The bot that all of them ask.
        texts: What the others type.
        seconds: How long they do.
        number: Which kind of body comes first.

    Raises:
        BenchError: Something was not answered.
    """
    over = asyncio.Event()
    kinds = deque(bodies())
    kinds.rotate(-number)
    posting = asyncio.create_task(_post(bot, over, kinds))
    try:
        load = await without(bot, texts, seconds)
    finally:
        over.set()
        big = await posting
    load.big = big
    return load


async def without(bot: Bot, texts: list[str], seconds: float) -> Load:
    """The same others, alone."""
    return await drive(bot, texts, OTHERS, seconds, pause=PAUSE_SECONDS)


async def _post(bot: Bot, over: asyncio.Event, kinds: Iterable[bytes]) -> list[float]:
    """How long each body took, in milliseconds; raises BenchError."""
    took = []
    connector = aiohttp.TCPConnector(local_addr=(ADDRESS, 0))
    async with aiohttp.ClientSession(connector=connector) as client:
        for body in cycle(kinds):
            if over.is_set():
                break
            sent = time.monotonic()
            async with client.post(bot.address, data=body, headers=JSON) as answer:
                if not (await answer.json())["replies"]:
                    raise BenchError("A big body got no reply.")
            took.append(1000 * (time.monotonic() - sent))
            rest = EVERY_SECONDS - (time.monotonic() - sent)
            try:
                await asyncio.wait_for(over.wait(), max(rest, 0))
            except TimeoutError:
                pass
    return took
