"""The numbers of the report, by force, week, topic and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.counts.counts import SMALLEST_SHOWN, Entry

ROUNDED_TO = 5


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length)

    @property
    def years(self) -> Period:
        """From the first of January of its first year."""
        return Period(date(self.first.year, 1, 1), self.last)

    def holds(self, day: str) -> bool:
        """Whether a day, as 2026-11-25, is in it."""
        return self.first.isoformat() <= day <= self.last.isoformat()


@dataclass(frozen=True)
class Table:
    """One table: its title, the headings of its columns, and rows of numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Figures:
    """Adds up daily counts."""

    def __init__(
        self, counts: Counter[Entry], measures: dict[str, dict[str, Any]]
    ) -> None:
        """Takes the counts, and the events of each measure (data/report.yml)."""
        self._counts = counts
        self._measures = measures

    def number(self, measure: str, wanted: Callable[[Entry], bool]) -> int:
        """How often a measure was counted among the entries that are wanted."""
        events = self._measures[measure]["events"]
        return sum(
            n
            for entry, n in self._counts.items()
            if entry.event in events and wanted(entry)
        )

    def rows(
        self,
        names: dict[str, str],
        measures: Iterable[str],
        row_of: Callable[[Entry], str],
        period: Period,
    ) -> tuple[tuple[str, ...], ...]:
        """A row for each name that has a number: its title, then the measures."""
        found = []
        for name, title in names.items():

            def wanted(entry: Entry, name: str = name) -> bool:
                return row_of(entry) == name and period.holds(entry.day)

            numbers = [self.number(measure, wanted) for measure in measures]
            if any(numbers):
                found.append((title, *map(shown, numbers)))
        return tuple(found)

    def days(self, period: Period) -> list[str]:
        """The days of a period on which something was counted."""
        return sorted({e.day for e in self._counts if period.holds(e.day)})


def week_of(day: str) -> str:
    """The Monday of a day's week."""
    found = date.fromisoformat(day)
    return (found - timedelta(days=found.weekday())).isoformat()


def rounded(number: int) -> int:
    """To the nearest 5, so that no small number follows from two larger ones."""
    return ROUNDED_TO * round(number / ROUNDED_TO)


def shown(number: int) -> str:
    """A number as it may be shown: rounded; 1 to 4 are not shown at all."""
    if 0 < number < SMALLEST_SHOWN:
        return f"under {SMALLEST_SHOWN}"
    return f"{rounded(number):,}"


def change(now: int, before: int) -> str:
    """The change from one number to another, where both may be shown."""
    if min(now, before) < SMALLEST_SHOWN:
        return "–"
    return f"{(rounded(now) / rounded(before) - 1) * 100:+.0f} %"
