"""Sends single requests, each on a new connection, and counts the replies."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from tests.attack import (
    bodies,
    framing,
    headers,
    hosts,
    methods,
    origins,
    paths,
    sessions,
)
from tests.attack.cases import Case
from tests.attack.part import Part
from tests.attack.target import Target

KINDS: tuple[ModuleType, ...] = (
    methods, hosts, headers, paths, bodies, sessions, origins, framing
)  # fmt: skip


def attack(targets: dict[str, Target]) -> list[Part]:
    """A part for each kind of request.

    Args:
        targets: Where they are sent, by the name of the row.
    """
    return [_part(module, targets) for module in KINDS]


def send(part: Part, row: str, target: Target, cases: Iterable[Case]) -> None:
    """Sends some requests to one server."""
    tally = part.row(row)
    for case in cases:
        tally.note(case, target.ask(case.sent))


def _part(module: ModuleType, targets: dict[str, Target]) -> Part:
    name = module.__name__.rpartition(".")[2].capitalize()
    part = Part(name, (module.__doc__ or "").strip())
    for row, target in targets.items():
        send(part, row, target, module.cases())
        if module is origins:
            origins.plant(part, target, row)
    return part
