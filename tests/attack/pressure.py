"""One address does its worst through nginx while others ask (tests/bench/urgent.py)."""

from __future__ import annotations

import asyncio

from tests.attack.part import Aim, Part
from tests.bench.urgent import ATTACKS, Asked, measure
from tests.front import Front

SECONDS = 60.0
URGENT_SHARE, ORDINARY_SHARE = 0.99, 0.95


def attack(part: Part, front: Front, seconds: float = SECONDS) -> None:
    """Measures each attack of tests/bench/urgent.py, one after the other."""
    for name in ATTACKS:
        danger, others, sent = asyncio.run(measure(front, name, seconds))
        told = f" ({sum(sent.values())} sent by it)" if sent else ""
        for kind, asked, least in (
            ("urgent", danger, URGENT_SHARE),
            ("ordinary", others, ORDINARY_SHARE),
        ):
            what = f"{kind} messages answered within 2 s beside {name}{told}"
            part.aims.append(_aim(what, asked, least))


def _aim(what: str, asked: Asked, least: float) -> Aim:
    met = asked.soon >= least * len(asked.took)
    return Aim(what, f"{least:.0%}", str(asked), met)
