"""How many processes, cores and gigabytes a deployment needs, for docs/operating.md."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

from bot import ROOT
from tests.bench.figures import Figures, sentence
from tests.bench.growth_tables import table

GUIDE = ROOT / "docs" / "operating.md"
BEGIN, END = "<!-- sizes: written by make bench -->", "<!-- end of sizes -->"
RATES = (100, 1_000, 10_000)  # messages a second
BUSY = 0.6  # how much of a core to plan with: the rest is for a rush and a failure
FEWEST = 2  # fronts: one continues while the other is down
EVERY_SECONDS = 20  # how often somebody in a conversation sends a message


class Size(NamedTuple):
    """What a deployment for one rate needs."""

    rate: int
    fronts: int
    engines: int
    cores: int
    memory_gb: float


def size(rate: int, one: Figures) -> Size:
    """From the processor time and the memory of one front with one engine.

    A front uses one core at most, and so does an engine. Every front has as many
    engines as the others.

    Args:
        rate: Messages a second.
        one: The point of one engine, as tests/bench/growth.py measures it.
    """
    front, engine = (rate * one[k] / 1000 / BUSY for k in ("front_ms", "engines_ms"))
    fronts = max(FEWEST, math.ceil(front))
    each = max(1, math.ceil(engine / fronts))
    memory = fronts * (one["front_mb"] + each * one["engines_mb"]) / 1024
    return Size(rate, fronts, fronts * each, math.ceil(front + engine), memory)


def sizes(growth: Figures) -> list[str]:
    """The table, and a sentence that says where its figures come from."""
    one = next(point for point in growth["engines"] if point["at"] == 1)
    rows = [
        [
            f"{s.rate:,}",
            f"{s.rate * EVERY_SECONDS:,}",
            f"{s.fronts}",
            f"{s.engines}",
            f"{s.cores}",
            f"{s.memory_gb:.0f}",
        ]
        for s in (size(rate, one) for rate in RATES)
    ]
    heads = ["messages a second", "people who talk at once", "fronts", "engines"]
    return [
        f"A message takes {one['front_ms']:.1f} ms of a front and "
        f"{one['engines_ms']:.1f} ms of an engine; a front holds {one['front_mb']} MB, "
        f"an engine {one['engines_mb']} MB. {sentence(growth)}",
        "",
        *table([*heads, "cores", "memory (GB)"], rows),
    ]


def write(growth: Figures, path: Path = GUIDE) -> None:
    """Writes the table between its marks into docs/operating.md."""
    text = path.read_text(encoding="utf-8")
    block = "\n".join([BEGIN, *sizes(growth), END])
    path.write_text(
        re.sub(
            f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: block, text, flags=re.S
        ),
        encoding="utf-8",
    )
