"""What more messages and more intents cost, for tests/bench/growth.py.

Usage: python -m tests.bench.learning [--quick]

Runs where the model is trained; prints the points as JSON. The regressions of
bot/nlu/learning.py learn from the messages of data/, in the order of their hashes, so
that a smaller set is a part of every larger one. If there are not enough, they come
again with a typing mistake. Each point learns, and then reads, in a separate process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# As the engine sets it, before numpy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from bot.nlu.pieces import encode
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.safety.plain_text import plain
from tests.bench.taught import INTENTS, in_order, taught
from tests.bench.tell import tell

EXAMPLES = (5_000, 15_000, 50_000)
AS_TAUGHT = INTENTS[1]  # the number of intents while the examples grow
WHILE_INTENTS_GROW = 5_000  # examples
QUICK = (200, 300)
STEP = 500  # messages that are encoded at once
VECTORS = "vectors.npy"


def points(examples: tuple[int, ...], while_intents_grow: int) -> dict[str, Any]:
    """Learns from every set.

    Args:
        examples: How many, in rising order; one of them is `while_intents_grow`.
        while_intents_grow: How many examples there are in each set with other intents.
    """
    texts = [plain(lesson.text) for lesson in in_order(taught(), examples[-1])]
    with tempfile.TemporaryDirectory(prefix="signposting-bench-") as made:
        folder = Path(made)
        encoding = _encode(texts, examples, folder)
        grown = [_point(n, AS_TAUGHT, folder, encoding[n]) for n in examples]
        same = grown[examples.index(while_intents_grow)]
        seconds = encoding[while_intents_grow]
        intents = [
            same
            if kind == AS_TAUGHT
            else _point(while_intents_grow, kind, folder, seconds)
            for kind in INTENTS
        ]
    return {"examples": grown, "intents": intents, "taught": len(taught())}


def _encode(
    texts: list[str], examples: tuple[int, ...], folder: Path
) -> dict[int, float]:
    """Writes the vectors of all texts; returns the seconds for each number of texts."""
    encoder, found, took, seconds = SentenceEncoder(), [], {}, 0.0
    cuts = sorted({*range(0, len(texts), STEP), *examples})
    for start, end in zip(cuts, cuts[1:], strict=False):
        started = time.monotonic()
        found += [piece.vector for piece in encode(texts[start:end], encoder)]
        seconds += time.monotonic() - started
        if end in examples:
            took[end] = seconds
            tell(f"  {end:,} messages encoded in {seconds:.0f} s")
    np.save(folder / VECTORS, np.stack(found))
    return took


def _point(examples: int, kind: str, folder: Path, encoding: float) -> dict[str, Any]:
    """Learns from this many examples with these intents, then reads with the result."""
    tell(f"  learning from {examples:,} examples, intents: {kind} ...")
    learnt = _apart("learn", str(examples), kind, str(folder))
    read = _apart("read", str(folder), python=ENGINE)
    seconds = encoding + learnt.pop("seconds")
    tell(
        f"  {examples:,} examples of {learnt['intents']} intents: learnt in "
        f"{seconds:.0f} s, {read['per_second']:.0f} messages/s"
    )
    return {"examples": examples, **learnt, "training_seconds": seconds, **read}


def _apart(*command: str, python: Path = Path(sys.executable)) -> dict[str, Any]:
    """Runs tests/bench/taught.py in a separate process."""
    done = subprocess.run(
        [python, "-m", "tests.bench.taught", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Prints what `points` finds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.learning")
    parser.add_argument("--quick", action="store_true", help="see that it works")
    asked = parser.parse_args()
    grow = (QUICK, QUICK[0]) if asked.quick else (EXAMPLES, WHILE_INTENTS_GROW)
    sys.stdout.write(json.dumps(points(*grow)) + "\n")


if __name__ == "__main__":
    main()
