"""Where the time of one message goes inside the engine, for tests/bench/bench.py.

Usage: python -m tests.bench.stages [--rounds N]

Runs in the engine's environment; prints milliseconds by stage as JSON.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

# As the engine sets it, before numpy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from bot import MODEL, logs
from bot.engine import answer as engine
from bot.talk import messages
from bot.talk.memory import Memory
from bot.talk.messages import Question, Served
from bot.words.topics import Topics
from tests.bench.messages import fresh, read_messages

ROUNDS = 5  # rounds of all messages; another one, before these, is not counted
ENCODER, WEIGHTS = "Sentence encoder", "Letters, words and weights"
DECISION, REST = "Decision", "The rest, and the lines of the socket"


def stages(rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of one message in each stage, on average; in this process."""
    mind = engine._load(MODEL)
    mind.serve(Served("bench", Topics.read().content))
    spent = _watch()
    texts = read_messages()
    total = 0.0
    for number in range(rounds + 1):
        if number == 1:
            spent.clear()
            total = 0.0
        for text in texts:
            asked = Question(1, fresh(text), Memory(), None, time.time(), 60.0, "bench")
            line = asked.line()
            started = time.perf_counter()
            question = messages.asked(line)
            assert isinstance(question, Question)
            mind.decide(question).line(question.id)
            total += time.perf_counter() - started
    spent[REST] = total - sum(spent.values())
    each = 1000 / (rounds * len(texts))
    return {stage: spent[stage] * each for stage in (ENCODER, WEIGHTS, DECISION, REST)}


def _watch() -> dict[str, float]:
    """Adds up the seconds spent in each stage from now on; no stage calls another."""
    from bot.dialogue.decision import Decider
    from bot.nlu.reader import Reader
    from bot.nlu.sentence_encoder import SentenceEncoder

    spent: dict[str, float] = defaultdict(float)
    watched = (
        (ENCODER, SentenceEncoder, "encode_parts"),
        (WEIGHTS, Reader, "read"),
        (DECISION, Decider, "decide"),
    )
    for stage, owner, name in watched:
        setattr(owner, name, _timed(getattr(owner, name), stage, spent))
    return spent


def _timed(
    method: Callable[..., Any], stage: str, spent: dict[str, float]
) -> Callable[..., Any]:
    @functools.wraps(method)
    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return method(*args, **kwargs)
        finally:
            spent[stage] += time.perf_counter() - started

    return timed


def main() -> None:
    """Prints what `stages` finds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of all messages")
    asked = parser.parse_args()
    logs.configure()
    sys.stdout.write(json.dumps(stages(asked.rounds), indent=1) + "\n")


if __name__ == "__main__":
    main()
