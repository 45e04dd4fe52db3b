"""Where the time of one message goes inside the engine."""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import time
from collections import defaultdict
from typing import Any

from bot import logs
from bot.engine import Engine
from bot.without_tensorflow import keep_out_tensorflow
from tests.bench.messages import read_messages

ROUNDS = 5  # times all messages; the first is not counted
# None is called by another.
STAGES = {
    "Sentence encoder": ("bot.sentence_encoder", "SentenceEncoder", "encode"),
    "Letters, words and weights": ("bot.reader", "Reader", "read"),
    "The 999 net": ("bot.safety_net", "SafetyNet", "judge"),
    "Decision": ("bot.decision", "Decider", "decide"),
    "Wording": ("bot.rasa_parts.nlg", "SignpostingNLG", "generate"),
}
REST = "Rasa: trackers, graph, policy, actions; the change of threads"


def stages(rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of one message in each stage, on average; in this process."""
    logs.configure()
    keep_out_tensorflow()
    return asyncio.run(_stages(rounds))


async def _stages(rounds: int) -> dict[str, float]:
    engine = Engine()
    engine.start()
    while not engine.ready:
        await asyncio.sleep(0.1)
    spent: dict[str, float] = defaultdict(float)
    for stage, (module, owner, name) in STAGES.items():
        _time(getattr(importlib.import_module(module), owner), name, stage, spent)
    texts = read_messages()
    total = 0.0
    for number in range(rounds):
        if number == 1:
            spent.clear()
            total = 0.0
        started = time.perf_counter()
        for text in texts:
            await engine.ask(text, None, f"{number} {text}")
        total += time.perf_counter() - started
    spent[REST] = total - sum(spent.values())
    each = 1000 / (max(rounds - 1, 1) * len(texts))
    return {stage: spent[stage] * each for stage in [*STAGES, REST]}


def _time(owner: type, name: str, stage: str, spent: dict[str, float]) -> None:
    """Adds what a method takes to `spent[stage]`, in seconds."""
    method = getattr(owner, name)

    def done(started: float) -> None:
        spent[stage] += time.perf_counter() - started

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return await method(*args, **kwargs)
            finally:
                done(started)

    else:

        @functools.wraps(method)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*args, **kwargs)
            finally:
                done(started)

    setattr(owner, name, timed)
