"""The load generator: clients that talk at once, and what their answers took."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

import aiohttp

from tests.bench.bots import Bot

MESSAGES_A_CONVERSATION = 4


@dataclass
class Load:
    """What happened while the clients talked.

    Attributes:
        seconds: How long they did.
        each: What every message took, in milliseconds.
        bot_cpu: Processor seconds that the bots used.
        own_cpu: Processor seconds that the load generator used.
        silences: How many messages were answered with nothing.
    """

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)
    bot_cpu: float = 0.0
    own_cpu: float = 0.0
    silences: int = 0

    @property
    def per_second(self) -> float:
        """Messages answered in a second."""
        return len(self.each) / self.seconds

    @property
    def p50(self) -> float:
        """Half of the messages took less, in milliseconds."""
        return quantiles(self.each, n=100)[49]

    @property
    def p95(self) -> float:
        """All but five in a hundred took less, in milliseconds."""
        return quantiles(self.each, n=100)[94]

    @property
    def cpu_a_message(self) -> float:
        """Processor time of the bots for one message, in milliseconds."""
        return 1000 * self.bot_cpu / len(self.each)

    @property
    def silent_share(self) -> float:
        """The share of messages that were answered with nothing."""
        return self.silences / len(self.each)

    @property
    def own_share(self) -> float:
        """The share of one core that the load generator took."""
        return self.own_cpu / self.seconds


async def drive(
    bots: list[Bot],
    texts: list[str],
    clients: int,
    seconds: float = float("inf"),
    conversations: float = float("inf"),
    length: int = MESSAGES_A_CONVERSATION,
) -> Load:
    """Lets clients talk for some seconds or conversations, each to one of the bots.

    A client sends its next message as soon as the last one is answered, and begins a
    new conversation after `length` messages.

    Raises:
        BenchError: Something was not answered.
    """
    load, left = Load(), _numbers(conversations)
    silences = _silences(bots)
    started, cpu, own = time.monotonic(), _cpu(bots), _own_cpu()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def talk(bot: Bot, words: Iterator[str]) -> None:
            for _ in left:
                conversation = None
                for _ in range(length):
                    if time.monotonic() - started >= seconds:
                        return
                    asked, sent = bot.asked(next(words), conversation), time.monotonic()
                    conversation = await bot.post(client, asked)
                    load.each.append(1000 * (time.monotonic() - sent))

        # Each client begins elsewhere in the list.
        shifts = [number * len(texts) // clients for number in range(clients)]
        await asyncio.gather(
            *(
                talk(bots[number % len(bots)], cycle(texts[shift:] + texts[:shift]))
                for number, shift in enumerate(shifts)
            )
        )
    load.seconds = time.monotonic() - started
    load.bot_cpu, load.own_cpu = _cpu(bots) - cpu, _own_cpu() - own
    load.silences = _silences(bots) - silences
    return load


def _silences(bots: list[Bot]) -> int:
    return sum(bot.silences for bot in bots)


def _numbers(most: float) -> Iterator[int]:
    number = 0
    while number < most:
        number += 1
        yield number


def _cpu(bots: list[Bot]) -> float:
    return sum(bot.cpu_seconds for bot in bots)


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
