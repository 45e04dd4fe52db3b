"""One point of tests/bench/learning.py: learns, or reads with what was learnt.

Usage: python -m tests.bench.taught learn EXAMPLES KIND FOLDER
       python -m tests.bench.taught read FOLDER

Learns where the model is trained, and reads in the engine's environment; prints what
it took as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

# As the engine sets it, before numpy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from bot import DATA
from bot.nlu.pieces import Piece, take_apart
from bot.nlu.reader import AT_RISK, DEPENDS, DOUBLE, MISUSE, RISK, Lesson, Reader
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.talks import read_lessons
from bot.safety.plain_text import plain
from bot.words import yaml_files
from bot.words.topics import REFUSALS, family
from tests.bench.messages import fresh, mistyped, read_messages
from tests.bench.processes import memory_mb

FAMILIES, OURS, SPLIT = INTENTS = ("families", "ours", "split")
SPLIT_INTO = 200
ROUNDS = 5  # rounds of all messages; the first is not counted


class Taught(NamedTuple):
    """A message of data/, before it is encoded."""

    text: str
    intents: tuple[str, ...]
    facts: dict[str, bool]


class NoVectors:
    """An encoder for code that only wants the texts."""

    def encode(self, texts: list[str]) -> Any:
        """An empty vector for each."""
        return np.zeros((len(texts), 0), dtype=np.float32)


def taught() -> list[Taught]:
    """Everything that the model learns from: data/nlu and data/conversations."""
    lessons = read_lessons(DATA / "conversations", NoVectors())
    more = [Taught(ls.piece.text, ls.intents, ls.facts) for ls in lessons]
    return [*_messages(), *more]


def _messages() -> Iterator[Taught]:
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml_files.read(path)["nlu"]:
            if intent := block.get("intent"):
                facts = {
                    DOUBLE: False,
                    DEPENDS: False,
                    AT_RISK: intent.startswith(RISK),
                    MISUSE: intent in REFUSALS,
                }
                for line in block["examples"].splitlines():
                    yield Taught(line.removeprefix("- "), (intent,), facts)


def in_order(lessons: list[Taught], most: int) -> list[Taught]:
    """This many, by the hash of their texts; too few come again with mistakes."""
    found = sorted(lessons, key=lambda ls: hashlib.sha256(ls.text.encode()).digest())
    draw = random.Random(most)
    for number in range(most - len(found)):
        one = found[number % len(lessons)]
        found.append(one._replace(text=mistyped(one.text, draw)))
    return found[:most]


def relabelled(lessons: list[Taught], kind: str) -> list[Taught]:
    """The same with fewer intents (the families), or with more (large ones in parts).

    Its hash decides which part a message belongs to: there is nothing to learn in that,
    but it costs as much as an intent.
    """
    counts = Counter(intent for lesson in lessons for intent in lesson.intents)
    if kind == OURS:
        return lessons
    if kind == FAMILIES:
        names = {intent: family(intent, counts) for intent in counts}
        return [
            lesson._replace(intents=tuple({names[i]: None for i in lesson.intents}))
            for lesson in lessons
        ]
    parts = dict.fromkeys(counts, 1)
    while sum(parts.values()) < SPLIT_INTO:
        parts[max(parts, key=lambda intent: counts[intent] / parts[intent])] += 1

    def part(intent: str, text: str) -> str:
        at = int.from_bytes(hashlib.sha256(text.encode()).digest()[-4:], "big")
        return f"{intent}_part{at % parts[intent] + 1}"

    return [
        lesson._replace(intents=tuple(part(i, lesson.text) for i in lesson.intents))
        for lesson in lessons
    ]


def learn(examples: int, kind: str, folder: Path) -> dict[str, Any]:
    """Learns from this many and writes the reader; vectors.npy must be there."""
    from bot.nlu import learning

    chosen = relabelled(in_order(taught(), examples), kind)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    lessons = [
        Lesson(Piece(plain(lesson.text), np.array(vectors[row])), *lesson[1:])
        for row, lesson in enumerate(chosen)
    ]
    started = time.monotonic()
    reader = learning.learn(lessons)
    seconds = time.monotonic() - started
    reader.save(folder)
    peaks = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return {
        "intents": len(reader.intents),
        "seconds": seconds,
        "training_mb": round(sum(peaks)),
    }


def read(folder: Path, rounds: int = ROUNDS) -> dict[str, float]:
    """Reads the messages of the bench with what was learnt, one by one."""
    encoder, reader = SentenceEncoder(), Reader.load(folder)
    taken: list[float] = []
    for _ in range(rounds):
        texts = [fresh(text) for text in read_messages()]
        started = time.perf_counter()
        for text in texts:
            reader.read(take_apart(text, encoder))
        taken.append((time.perf_counter() - started) / len(texts))
    each = float(np.median(taken[1:]))
    return {
        "per_second": round(1 / each, 1),
        "read_ms": round(1000 * each, 3),
        "memory_mb": round(memory_mb(os.getpid()).total),
    }


def main() -> None:
    """Prints what was asked for."""
    warnings.simplefilter("ignore")  # the regressions stop before they are done
    what, *rest = sys.argv[1:]
    folder = Path(rest[-1])
    found = learn(int(rest[0]), rest[1], folder) if what == "learn" else read(folder)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
