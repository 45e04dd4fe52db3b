"""What must be computed rather than worded: the custom actions, as plain functions.

None has words itself: each names a response in domain.yml and the values for it.
The server calls them directly, `rasa run actions` through actions/actions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.words.directory import Directory
from bot.words.opening_hours import (
    closes_at,
    day_in_words,
    hour_in_words,
    now_in_london,
    opens_at,
)


@dataclass(frozen=True)
class Turn:
    """What an action may know: the message ("" for a button), the force, the time."""

    text: str = ""
    force: str | None = None
    now: datetime = field(default_factory=now_in_london)


@dataclass(frozen=True)
class Computed:
    """A response to give, the force it is for, and the values that fill it."""

    response: str
    force: str | None = None
    values: dict[str, str] = field(default_factory=dict)


def helpline_hours(turn: Turn, directory: Directory) -> Computed | None:
    """Whether the Stop It Now phone line is open, and when it next changes.

    Raises:
        OpeningHoursError: Its hours are not as data/services.yml describes them.
    """
    hours = directory.services["stop_it_now"]["hours"]
    if closes := closes_at(hours, turn.now):
        values = {"closes": hour_in_words(closes)}
        return Computed("utter_helpline_open", turn.force, values)
    if opens := opens_at(hours, turn.now):
        values = {"opens": day_in_words(opens)}
        return Computed("utter_helpline_closed", turn.force, values)
    return None


def report_route(turn: Turn, directory: Directory) -> Computed | None:
    """The nearest force, when the visitor named a place.

    The answer before it holds the route of the page's own force.
    """
    named = directory.place(turn.text)
    if named and named != turn.force:
        return Computed("utter_report_route", named)
    return None


# By the names that data/rules.yml and domain.yml give them.
ACTIONS: dict[str, Callable[[Turn, Directory], Computed | None]] = {
    "action_tell_helpline_hours": helpline_hours,
    "action_give_report_route": report_route,
}
