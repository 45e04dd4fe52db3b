"""Compares this project's pipeline with Rasa's default on public intent data.

Usage: python -m tests.evaluation.public_data FILE [FILE ...]
           [--examples N] [--seed N] [--intents K]

FILE is a CLINC150-format JSON file, or two Banking77-format CSV files: the one to
train on, then the one to test on. Both pipelines learn from the same few messages and
answer the same ones. Rasa's default starts from different weights each time, so its
scores differ a little between runs.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.evaluation.public_files import PublicData, PublicDataError, draw, read
from tests.evaluation.public_models import (
    DEFAULT,
    FALLBACK,
    ONE_THREAD,
    OURS,
    TURN,
    Guess,
    ask,
    pipelines,
    prepare,
    tell,
    train,
)
from tests.evaluation.sets import share

# At most one in-scope message in so many may be rejected.
REJECTED_ONE_IN = 20


class Score(NamedTuple):
    """What one pipeline reached; the counts are of test messages."""

    right: int
    overruled: int
    inside_rejected: int
    outside_rejected: int
    train_seconds: float
    milliseconds: float


def compare(data: PublicData) -> dict[str, Score]:
    """Trains each pipeline on the train messages and scores it on the others.

    Raises:
        PublicDataError: Rasa cannot learn from the data.
    """
    models, seconds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, pipeline in pipelines().items():
            tell(f"{name}: training on {len(data.train)} messages ...")
            started = time.perf_counter()
            models[name] = train(pipeline, data, Path(folder, f"{len(models)}"))
            seconds[name] = time.perf_counter() - started
            tell(f"{name}: trained in {seconds[name]:.0f} s")
        texts = [example.text for example in data.val + data.test] + data.outside
        guesses = asyncio.run(ask(models, texts, set(data.intents)))
    return {name: score(data, guesses[name], seconds[name]) for name in models}


def score(data: PublicData, guesses: list[Guess], train_seconds: float) -> Score:
    """Counts what is right and what is rejected.

    Args:
        data: What was asked.
        guesses: On its val, test and outside messages, in that order.
        train_seconds: What training took.
    """
    first_outside = len(data.val) + len(data.test)
    val, test = guesses[: len(data.val)], guesses[len(data.val) : first_outside]
    bound = rejection_bound([guess.confidence for guess in val or test])
    return Score(
        right=sum(g.intent == e.intent for g, e in zip(test, data.test, strict=True)),
        overruled=sum(guess.overruled for guess in test),
        inside_rejected=sum(guess.confidence < bound for guess in test),
        outside_rejected=sum(g.confidence < bound for g in guesses[first_outside:]),
        train_seconds=train_seconds,
        milliseconds=statistics.median(guess.milliseconds for guess in guesses),
    )


def rejection_bound(confidences: list[float]) -> float:
    """The highest confidence below which at most one in `REJECTED_ONE_IN` lies."""
    return sorted(confidences)[len(confidences) // REJECTED_ONE_IN]


def report(data: PublicData, scores: dict[str, Score], seed: int) -> str:
    """The table and how to read it, as Markdown."""
    per_intent = len(data.train) // len(data.intents)
    times = scores[DEFAULT].milliseconds / scores[OURS].milliseconds
    overruled = ", ".join(f"{name} {found.overruled}" for name, found in scores.items())
    part = "validation" if data.val else "test"
    return f"""\
{data.files}: {len(data.intents)} intents, {per_intent} messages each to train on,
drawn with seed {seed}.

| pipeline | right | out of scope, rejected | in scope, rejected | training | message |
| --- | --- | --- | --- | --- | --- |
{_row(OURS, scores[OURS], data)}
{_row(DEFAULT, scores[DEFAULT], data)}

A message takes {times:.1f} times as long with Rasa's default as with this project.

- In brackets: 95 % intervals (Wilson).
- Right: the first intent of the ranking is the message's. Intents that were not taught
  are passed over: Rasa's `{FALLBACK}`, and what a component forces, which happened in
  so many test messages: {overruled}.
- Rejected: the confidence of that intent is below a bound, for each pipeline the
  highest that rejects at most 5 % of the in-scope {part} messages. The thresholds
  of the pipelines themselves play no part.
- Message: the median time of all, asked one by one through Rasa's agent; the two
  pipelines take turns of {TURN} messages.
- Training and asking had one thread, by the value 1 of
  {", ".join(ONE_THREAD[:3])},
  {", ".join(ONE_THREAD[3:])}.\
"""


def _row(name: str, found: Score, data: PublicData) -> str:
    outside = "none in the data"
    if data.outside:
        outside = share(found.outside_rejected, len(data.outside))
    cells = (
        name,
        share(found.right, len(data.test)),
        outside,
        share(found.inside_rejected, len(data.test)),
        f"{found.train_seconds:.1f} s",
        f"{found.milliseconds:.2f} ms",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Prints the comparison on the files named on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation.public_data",
        description=__doc__.splitlines()[0],
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--examples", type=int, default=10, help="an intent (10)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (0)")
    parser.add_argument("--intents", type=int, help="how many (all)")
    asked = parser.parse_args()
    try:
        data = draw(read(asked.files), asked.examples, asked.seed, asked.intents)
        prepare()
        scores = compare(data)
    except PublicDataError as error:
        sys.exit(str(error))
    sys.stdout.write(report(data, scores, asked.seed) + "\n")


if __name__ == "__main__":
    main()
