"""Takes the measurements: both bots, the same messages, in turn."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from statistics import median

import aiohttp

from bot.topics import Topics
from tests.bench import default_project
from tests.bench.bots import Bot, DefaultBot, OurBot
from tests.bench.load import Load, drive
from tests.bench.messages import read_messages
from tests.bench.tell import tell

MANY = 16  # clients at once
WARM_UP = 25  # conversations of each bot before anything is counted
SHORT_WORDS = 6  # the messages of the 100,000 conversations, so that they take minutes


@dataclass(frozen=True)
class Plan:
    """How long each part is to take: seconds of a round, rounds, conversations."""

    seconds: float = 20.0
    rounds: int = 3
    conversations: int = 100_000


QUICK = Plan(seconds=1.0, rounds=1, conversations=200)


@dataclass
class Measured:
    """What was measured of one bot; seconds since its start, megabytes, rounds."""

    first_answer: float
    ready: float
    many: list[Load] = field(default_factory=list)
    alone: list[Load] = field(default_factory=list)
    memory: float = 0.0

    def of(self, loads: str, value: str) -> float:
        """The median over the rounds of one value of `Load`."""
        return median(getattr(load, value) for load in getattr(self, loads))


@dataclass
class Results:
    """All of it; `default` is None in a quick run."""

    ours: Measured
    default: Measured | None = None
    memory_after: float = 0.0
    conversations: int = 0
    one: list[Load] = field(default_factory=list)
    two: list[Load] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """By which share the memory grew over the conversations."""
        return self.memory_after / self.ours.memory - 1

    @property
    def scaling(self) -> float:
        """Messages a second of two processes, as a multiple of one."""
        pairs = zip(self.one, self.two, strict=True)
        return median(two.per_second / one.per_second for one, two in pairs)


async def measure(plan: Plan, with_default: bool) -> Results:
    """Starts the bots, talks to them and stops them; raises BenchError."""
    texts = read_messages()
    project = default_project.trained() if with_default else None
    running: list[Bot] = []
    try:
        ours = await _start(
            running, OurBot(), {"topic": next(iter(Topics.read().by_key))}
        )
        results = Results(ours)
        if project:
            results.default = await _start(running, DefaultBot(project), None)
        await _rounds(plan, running, results, texts)
        if project:
            running.pop().stop()
        await _conversations(plan, running[0], results, texts)
        await _two(plan, running, results, texts)
    finally:
        for bot in running:
            bot.stop()
    return results


async def _start(running: list[Bot], bot: Bot, fixed: dict | None) -> Measured:
    """Waits for a bot that was just started; `fixed` is what needs no model."""
    running.append(bot)
    tell(f"Starting {type(bot).__name__} ...")
    async with aiohttp.ClientSession() as client:
        first = await bot.seconds_until(client, fixed) if fixed else None
        ready = await bot.seconds_until(client, bot.asked("is it free to call", None))
    return Measured(first or ready, ready)


async def _rounds(
    plan: Plan, running: list[Bot], results: Results, texts: list[str]
) -> None:
    """The bots take turns, so that what else the machine does slows them alike."""
    measured = [results.ours, results.default][: len(running)]
    for bot in running:
        await drive([bot], texts, MANY, conversations=WARM_UP)
    for number in range(1, plan.rounds + 1):
        for bot, found in zip(running, measured, strict=True):
            found.many.append(await drive([bot], texts, MANY, plan.seconds))
            found.alone.append(await drive([bot], texts, 1, plan.seconds))
            tell(
                f"Round {number} of {plan.rounds}, {type(bot).__name__}: "
                f"{found.many[-1].per_second:.0f} messages/s, "
                f"alone {found.alone[-1].p50:.1f} ms"
            )
    for bot, found in zip(running, measured, strict=True):
        found.memory = bot.memory_mb


async def _conversations(
    plan: Plan, bot: Bot, results: Results, texts: list[str]
) -> None:
    """Many conversations of one message, each with a session of its own."""
    short = [text for text in texts if len(text.split()) <= SHORT_WORDS]
    steps = 10
    for step in range(1, steps + 1):
        most = plan.conversations // steps
        await drive([bot], short, MANY, conversations=most, length=1)
        results.conversations += most
        results.memory_after = bot.memory_mb
        tell(
            f"{step * most} of {plan.conversations} conversations: "
            f"{results.memory_after:.0f} MB"
        )


async def _two(
    plan: Plan, running: list[Bot], results: Results, texts: list[str]
) -> None:
    """One process and two, each on a core of its own, with as many clients."""
    await _start(running, OurBot(), None)
    for bot, core in zip(running, sorted(os.sched_getaffinity(0)), strict=False):
        bot.hold_to(core)
    await drive(running, texts, MANY, conversations=2 * WARM_UP)
    for number in range(1, plan.rounds + 1):
        results.one.append(await drive(running[:1], texts, MANY, plan.seconds))
        results.two.append(await drive(running, texts, MANY, plan.seconds))
        tell(
            f"Round {number} of {plan.rounds}, one process "
            f"{results.one[-1].per_second:.0f} messages/s, two "
            f"{results.two[-1].per_second:.0f}"
        )
