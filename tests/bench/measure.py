"""Takes the measurements: the bots in turn, with the same messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.words.topics import Topics
from tests.bench import big_bodies
from tests.bench.bots import Bot, DefaultBot, OurBot
from tests.bench.contenders import Contender, Measured, turns
from tests.bench.load import Load, drive
from tests.bench.messages import read_foreign, read_messages
from tests.bench.tell import tell

MANY = 16  # clients at once
WARM_UP = 50  # conversations with each bot before measuring starts


@dataclass(frozen=True)
class Plan:
    """How long each part takes.

    Attributes:
        starts: How often a bot is started and stopped before it stays.
        warm_up: Conversations with each bot before measuring starts.
        rounds: How often the bots take turns.
        many: Seconds of a round with `MANY` clients.
        alone: Seconds of a round with one.
        big: Seconds of a round with and without big bodies.
    """

    starts: int = 2
    warm_up: int = WARM_UP
    rounds: int = 4
    many: float = 7.0
    alone: float = 3.0
    big: float = 4.0


QUICK = Plan(starts=0, warm_up=4, rounds=1, many=0.5, alone=0.3, big=0.5)


@dataclass
class Results:
    """All results; parts that were not asked for are None or empty."""

    ours: Measured
    default: Measured | None = None
    baseline: Measured | None = None
    one_engine: list[Load] = field(default_factory=list)
    two_engines: Measured | None = None


async def measure(
    plan: Plan, default: Path | None = None, baseline: tuple[str, Path] | None = None
) -> Results:
    """Starts the bots, talks to them and stops them; raises BenchError.

    Args:
        plan: How long it may take.
        default: The trained project of Rasa's default.
        baseline: The name of an earlier build, and its folder.
    """
    ours = Contender("this bot", OurBot)
    builds = [ours]
    results = Results(ours.found)
    if baseline:
        name, folder = baseline
        builds.append(Contender(f"build {name}", lambda: OurBot(folder)))
        results.baseline = builds[1].found
    everyone = list(builds)
    if default:
        everyone.append(Contender("Rasa's default", lambda: DefaultBot(default)))
        results.default = everyone[-1].found
    two = Contender("this bot, ENGINES=2", lambda: OurBot(ENGINES="2"))
    results.two_engines = two.found
    try:
        await _starts(plan, builds)
        for usual in everyone[len(builds) :]:
            await usual.start()  # only once: it is slow
        await _rounds(plan, everyone, builds)
        for usual in everyone[len(builds) :]:
            usual.stop()
        await _big_bodies(plan, builds)
        for build in builds[1:]:
            build.stop()
        await _engines(plan, ours, two, results)
    finally:
        for contender in (*everyone, two):
            contender.stop()
    return results


async def _starts(plan: Plan, builds: list[Contender]) -> None:
    """Each starts while none of the others runs; in the end they all run."""
    pressed = {"topic": next(iter(Topics.read().by_key))}
    for _, build in turns(plan.starts, builds):
        await build.start(pressed)
        build.stop()
    for build in builds:
        await build.start(pressed)


async def speak_every_language(bot: Bot) -> None:
    """Makes the bot load everything that it ever loads; raises BenchError."""
    foreign = read_foreign()
    await drive(bot, foreign, 1, conversations=len(foreign), length=1)


async def _rounds(
    plan: Plan, contenders: list[Contender], builds: list[Contender]
) -> None:
    texts = read_messages()
    for contender in contenders:
        await drive(contender.bot, texts, MANY, conversations=plan.warm_up)
    for number, contender in turns(plan.rounds, contenders):
        found = contender.found
        found.many.append(await drive(contender.bot, texts, MANY, plan.many))
        found.alone.append(await drive(contender.bot, texts, 1, plan.alone))
        tell(
            f"Round {number} of {plan.rounds}, {found.name}: "
            f"{found.many[-1].per_second:.0f} messages/s, "
            f"alone {found.alone[-1].p50:.1f} ms"
        )
    for build in builds:
        await speak_every_language(build.bot)
    for contender in contenders:
        contender.found.memory = contender.bot.memory_mb


async def _big_bodies(plan: Plan, builds: list[Contender]) -> None:
    texts = read_messages()
    for number, build in turns(plan.rounds, builds):
        bot, found = build.bot, build.found
        found.without_big.append(await big_bodies.without(bot, texts, plan.big))
        found.beside_big.append(await big_bodies.beside(bot, texts, plan.big, number))
        tell(
            f"Round {number} of {plan.rounds}, {found.name}: 95 % within "
            f"{found.without_big[-1].p95:.0f} ms, "
            f"beside big bodies {found.beside_big[-1].p95:.0f} ms"
        )


async def _engines(
    plan: Plan, ours: Contender, two: Contender, results: Results
) -> None:
    """One engine and two, with as many clients."""
    texts = read_messages()
    await two.start()
    await drive(two.bot, texts, MANY, conversations=plan.warm_up)
    for number, contender in turns(plan.rounds, [ours, two]):
        loads = two.found.many if contender is two else results.one_engine
        loads.append(await drive(contender.bot, texts, MANY, plan.many))
        tell(
            f"Round {number} of {plan.rounds}, {contender.found.name}: "
            f"{loads[-1].per_second:.0f} messages/s"
        )
    two.found.memory = two.bot.memory_mb
