"""One part of the attack, with what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.attack.tally import Tally


@dataclass(frozen=True)
class Aim:
    """A target, what was found, and whether that is enough."""

    what: str
    target: str
    found: str
    met: bool


@dataclass
class Part:
    """What an attack did and what happened.

    Attributes:
        rows: The counts of each way in which it was done.
        aims: The other targets.
        note: Anything that a reader must know, or why it could not be done.
    """

    name: str
    what: str
    rows: dict[str, Tally] = field(default_factory=dict)
    aims: list[Aim] = field(default_factory=list)
    note: str = ""
    failed: bool = False

    def row(self, name: str) -> Tally:
        """The counts of one way."""
        return self.rows.setdefault(name, Tally())

    @property
    def short(self) -> list[str]:
        """What fell short, in words."""
        found = [
            f"{name}: {said}"
            for name, tally in self.rows.items()
            for said in tally.short
        ]
        found += [
            f"{a.what}: {a.found}, not {a.target}" for a in self.aims if not a.met
        ]
        return [*found, self.note] if self.failed else found


Attack = Callable[[Part], None]
