"""The sets of messages in this folder, and how a share of them is written.

`tuning/` is what thresholds are fitted on, `held_back/` what is reported: it has other
writers, and nobody looks at its messages to change the bot. Neither is in data/.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from pathlib import Path

import yaml

from bot.words.topics import refines

HERE = Path(__file__).parent
TUNING, HELD_BACK = HERE / "tuning", HERE / "held_back"
READ = HERE / "read"  # what a person reads the replies to
# Kinds of new_emergencies.yml.
NOT_ABOUT_A_CHILD = ("suicidal", "suicidal_missing", "other")


def load(folder: Path, name: str) -> list[dict]:
    """The entries of one set."""
    return yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))


def serves(key: str, wanted: Iterable[str]) -> bool:
    """Whether an answer is one of those wanted, or a finer one."""
    return any(refines(key, label) for label in wanted)


def interval(right: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent."""
    if not total:
        return (0.0, 100.0)
    p, z = right / total, 1.96
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(p * (1 - p) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return (100 * (middle - half), 100 * (middle + half))


def share(right: int, total: int) -> str:
    """A share in percent with its 95 % interval."""
    low, high = interval(right, total)
    percent = 100 * right / max(total, 1)
    return f"{percent:.1f} % of {total} ({low:.1f} to {high:.1f})"
