"""The load generator: clients that talk at once, and how long their answers took."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

import aiohttp

from tests.bench.bots import Bot
from tests.bench.messages import fresh
from tests.bench.processes import Used
from tests.bench.tell import RefusedError

MESSAGES_A_CONVERSATION = 4
REFUSED_WAITS = 1.0  # seconds until a client that was refused asks again


@dataclass
class Load:
    """What happened while the clients talked.

    Attributes:
        seconds: How long they did.
        each: How long every message took, in milliseconds.
        bot_cpu: Processor seconds that the bot used.
        own_cpu: Processor seconds that the load generator used.
        silences: How many messages got an empty answer.
        memory_mb: What the bot held in memory afterwards.
        refusals: How many were refused because too many waited.
        big: How long every big body beside them took, in milliseconds.
    """

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)
    bot_cpu: Used = Used()
    own_cpu: float = 0.0
    silences: int = 0
    memory_mb: float = 0.0
    refusals: int = 0
    big: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Messages answered in a second."""
        return len(self.each) / self.seconds

    @property
    def p50(self) -> float:
        """Half of the messages took less, in milliseconds."""
        return percentile([self], 50)

    @property
    def p95(self) -> float:
        """All but five in a hundred took less, in milliseconds."""
        return percentile([self], 95)

    @property
    def cpu_a_message(self) -> float:
        """Processor time of the bot for one message, in milliseconds."""
        return 1000 * self.bot_cpu.total / len(self.each)

    @property
    def own_cpu_a_message(self) -> float:
        """Of that, the share of the process that was started."""
        return 1000 * self.bot_cpu.own / len(self.each)

    @property
    def silent_share(self) -> float:
        """The share of messages with an empty answer."""
        return self.silences / len(self.each)

    @property
    def refused_share(self) -> float:
        """The share of messages that were refused."""
        return self.refusals / (self.refusals + len(self.each))

    @property
    def generator_share(self) -> float:
        """The share of one core that the load generator took."""
        return self.own_cpu / self.seconds


def percentile(loads: Sequence[Load], percent: int) -> float:
    """This many in a hundred messages of all loads took less, in milliseconds."""
    return quantiles([each for load in loads for each in load.each], n=100)[percent - 1]


async def drive(
    bot: Bot,
    texts: list[str],
    clients: int,
    seconds: float = float("inf"),
    conversations: float = float("inf"),
    length: int = MESSAGES_A_CONVERSATION,
    pause: float = 0.0,
    may_refuse: bool = False,
) -> Load:
    """Lets clients talk for a number of seconds or conversations.

    A client sends its next message as soon as it has the last answer, or `pause`
    seconds later, and starts a new conversation after `length` messages. No message is
    ever sent twice. After a refusal (no error if `may_refuse`) the client waits, and
    does not repeat that message.

    Raises:
        BenchError: Something was not answered.
    """
    load, left = Load(), _numbers(conversations)
    silences = bot.silences
    started, cpu, own = time.monotonic(), bot.cpu_seconds, _own_cpu()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def talk(words: Iterator[str]) -> None:
            for _ in left:
                conversation = None
                for _ in range(length):
                    if time.monotonic() - started >= seconds:
                        return
                    asked = bot.asked(fresh(next(words)), conversation)
                    sent = time.monotonic()
                    try:
                        conversation = await bot.post(client, asked)
                    except RefusedError:
                        if not may_refuse:
                            raise
                        load.refusals += 1
                        await asyncio.sleep(REFUSED_WAITS)
                        continue
                    load.each.append(1000 * (time.monotonic() - sent))
                    if pause:
                        await asyncio.sleep(pause)

        # Each client starts at a different place in the list.
        shifts = [number * len(texts) // clients for number in range(clients)]
        await asyncio.gather(*(talk(cycle(texts[s:] + texts[:s])) for s in shifts))
    load.seconds = time.monotonic() - started
    load.bot_cpu, load.own_cpu = bot.cpu_seconds.since(cpu), _own_cpu() - own
    load.memory_mb = bot.memory_mb.total
    load.silences = bot.silences - silences
    return load


async def press(bot: Bot, topics: list[str], clients: int, conversations: int) -> None:
    """Lets clients start conversations that are only one pressed button.

    Raises:
        BenchError: Something was not answered.
    """
    left, pressed = _numbers(conversations), cycle(topics)
    async with aiohttp.ClientSession() as client:

        async def begin() -> None:
            for _ in left:
                await bot.post(client, {"topic": next(pressed)})

        await asyncio.gather(*(begin() for _ in range(clients)))


def _numbers(most: float) -> Iterator[int]:
    number = 0
    while number < most:
        number += 1
        yield number


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
