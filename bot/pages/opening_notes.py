"""The note under a phone link: whether the line is open now, and its hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.words.directory import Directory
from bot.words.opening_hours import (
    closes_at,
    coming_day_in_words,
    hour_in_words,
    now_in_london,
    opens_at,
)


@dataclass(frozen=True)
class Note:
    """What is known of when a line is open.

    Attributes:
        now: Whether it is open, in one line of a phone; its hours where nothing more is
            known.
        hours: On what days and from when to when; empty where `now` says so.
    """

    now: str
    hours: str


class OpeningNotes:
    """The notes of all phone lines whose hours are known."""

    def __init__(
        self,
        directory: Directory,
        words: dict[str, str],
        clock: Callable[[], datetime] = now_in_london,
    ) -> None:
        """Reads `hours_text` and `hours` of data/services.yml.

        Args:
            directory: The services.
            words: `open_likely` and its neighbours in data/topics.yml.
            clock: Gives a moment with a time zone.
        """
        self._words = words
        self._clock = clock
        self._lines = {
            link["href"]: entry
            for name, entry in directory.services.items()
            if "hours_text" in entry
            for link in directory.links(name, "phone")
        }

    def now(self) -> dict[str, Note]:
        """The note of each line, by the address of its link (`tel:…`)."""
        return {href: self._note(line) for href, line in self._lines.items()}

    def _note(self, line: dict[str, Any]) -> Note:
        hours, state = f"{line['hours_text']}.", self._state(line)
        return Note(state, hours) if state else Note(hours, "")

    def _state(self, line: dict[str, Any]) -> str:
        hours, now = line.get("hours"), self._clock()
        if not hours:
            return ""
        sure = "confirmed" if line["hours_confidence"] == "high" else "likely"
        if closes := closes_at(hours, now):
            return self._words[f"open_{sure}"].format(closes=hour_in_words(closes))
        if opens := opens_at(hours, now):
            return self._words[f"closed_{sure}"].format(
                opens=coming_day_in_words(opens, now)
            )
        return ""
