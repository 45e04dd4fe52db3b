"""How cost grows with clients, engines, message length and what is learnt."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from bot import ROOT
from tests.bench.bots import RASA, OurBot
from tests.bench.contenders import Contender, turns
from tests.bench.load import Load, drive
from tests.bench.measure import MANY, WARM_UP, speak_every_language
from tests.bench.messages import of_words, read_messages
from tests.bench.tell import BenchError, tell

Point = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to measure, and for how long.

    Attributes:
        clients: How many ask one engine at once.
        engines: How many to start.
        words: How long the messages of `long_clients` are.
        rounds: How often all of these take turns.
        seconds: How long each turn takes.
        quick: Learn from a few messages only.
    """

    clients: tuple[int, ...] = (1, 4, 16, 64, 256)
    engines: tuple[int, ...] = (1, 2, 3, 4)
    words: tuple[int, ...] = (5, 10, 25, 50, 100, 250)
    long_clients: int = 4
    rounds: int = 3
    seconds: float = 4.0
    quick: bool = False


QUICK = Plan((1, 256), (1, 2), (5, 250), rounds=1, seconds=0.5, quick=True)


async def measure(plan: Plan) -> dict[str, Any]:
    """The points of each kind of growth; raises BenchError."""
    return {
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "long_clients": plan.long_clients,
        **await _served(plan),
        **_learnt(plan.quick),
    }


async def _served(plan: Plan) -> dict[str, list[Point]]:
    """Measures running bots, one for each number of engines."""
    bots = [Contender(_name(n), _starter(n)) for n in plan.engines]
    texts = read_messages()
    loads: dict[tuple[str, int], list[Load]] = {}
    try:
        for bot in bots:
            await bot.start()
            await speak_every_language(bot.bot)
            await drive(bot.bot, texts, MANY, conversations=WARM_UP)
        one = bots[0].bot
        for number in range(1, plan.rounds + 1):
            for clients in plan.clients:
                load = await drive(one, texts, clients, plan.seconds, may_refuse=True)
                _note(loads, "clients", clients, load)
            for words in plan.words:
                long = [of_words(words, n) for n in range(len(texts))]
                few = plan.long_clients
                load = await drive(one, long, few, plan.seconds, may_refuse=True)
                _note(loads, "words", words, load)
            tell(f"Round {number} of {plan.rounds} of clients and lengths done")
        for _, bot in turns(plan.rounds, bots):
            at = plan.engines[bots.index(bot)]
            load = await drive(bot.bot, texts, MANY, plan.seconds)
            _note(loads, "engines", at, load)
        memory = dict(zip(plan.engines, (b.bot.memory_mb for b in bots), strict=True))
    finally:
        for bot in bots:
            bot.stop()
    found: dict[str, list[Point]] = {kind: [] for kind, _ in loads}
    for (kind, at), rounds in loads.items():
        point = {"at": at, **summary(rounds)}
        if kind == "engines":
            front, engines = memory[at]
            point |= {"front_mb": round(front), "engines_mb": round(engines)}
        found[kind].append(point)
    return found


def _name(engines: int) -> str:
    return f"this bot, ENGINES={engines}"


def _starter(engines: int) -> Callable[[], OurBot]:
    return lambda: OurBot(ENGINES=str(engines))


def _note(
    loads: dict[tuple[str, int], list[Load]], kind: str, at: int, load: Load
) -> None:
    if len(load.each) < 2:
        raise BenchError(f"Hardly a message was answered: {kind} {at}.")
    loads.setdefault((kind, at), []).append(load)
    tell(
        f"  {kind} {at}: {load.per_second:.0f} messages/s, "
        f"half within {load.p50:.0f} ms"
    )


def summary(rounds: list[Load]) -> Point:
    """The medians of the rounds."""

    def of(value: str, digits: int) -> float:
        return round(median(getattr(load, value) for load in rounds), digits)

    whole, front = of("cpu_a_message", 3), of("own_cpu_a_message", 3)
    return {
        "per_second": of("per_second", 1),
        "p50": of("p50", 2),
        "p95": of("p95", 2),
        "refused": of("refused_share", 4),
        "front_ms": front,
        "engines_ms": round(whole - front, 3),
        "memory_mb": of("memory_mb", 0),
    }


def _learnt(quick: bool) -> dict[str, Any]:
    """Learns and reads where the model is trained."""
    tell("Learning from more and more messages ...")
    command = [RASA, "-m", "tests.bench.learning", *(["--quick"] * quick)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise BenchError("The larger sets were not learnt.")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
