"""Far more than the limit from one address, with emergencies in it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from tests.attack import bodies, framing, headers
from tests.attack.cases import Case, calm_messages, dangers, post, said
from tests.attack.part import Aim, Part
from tests.attack.target import Target
from tests.bench.messages import never_seen

CONNECTIONS = 32
EMERGENCIES = 400
BETWEEN = 9  # others for each emergency


def attack(part: Part, target: Target, emergencies: int = EMERGENCIES) -> None:
    """Sends the flood to a server that limits addresses."""
    cases = islice(_mixed(), (BETWEEN + 1) * emergencies)
    tally = part.row("the bot itself")
    with ThreadPoolExecutor(CONNECTIONS) as visitors:
        for _ in visitors.map(lambda c: tally.note(c, target.ask(c.sent)), cases):
            pass
    kept = tally.emergencies - tally.lost
    found = f"{kept} of {tally.emergencies}"
    part.aims.append(
        Aim("emergencies inside a flood answered", "all", found, not tally.lost)
    )


def _mixed() -> Iterator[Case]:
    """Questions, long ones and nonsense, each tenth one urgent."""
    calm, urgent = cycle(calm_messages()), cycle(dangers())
    longest = 60_000
    nonsense = cycle(
        [case for module in (bodies, framing, headers) for case in module.cases()
         if not case.urgent and len(case.sent) < longest]
    )  # fmt: skip
    while True:
        for number in range(BETWEEN):
            kind = number % 3
            if kind == 0:
                yield next(nonsense)
            else:
                text = never_seen(next(calm)) * (1 if kind == 1 else 30)
                yield Case("a question", post(said(text)))
        danger = never_seen(next(urgent))
        yield Case("danger in a flood", post(said(danger)), True)
