"""The custom actions that data/rules.yml names.

They say nothing of their own: each utters a response of domain.yml and hands it the
values that were computed. They run inside the server, or behind `rasa run actions`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.opening_hours import (
    LONDON,
    closes_at,
    day_in_words,
    hour_in_words,
    opens_at,
)
from bot.directory import Directory


def _now() -> datetime:
    return datetime.now(LONDON)


class ActionTellHelplineHours(Action):
    """Says whether the Stop It Now phone line is open, and when it next changes."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._hours = Directory.read().services["stop_it_now"]["hours"]

    def name(self) -> str:
        return "action_tell_helpline_hours"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        now = self._clock()
        if closes := closes_at(self._hours, now):
            dispatcher.utter_message(
                response="utter_helpline_open", closes=hour_in_words(closes)
            )
        elif opens := opens_at(self._hours, now):
            dispatcher.utter_message(
                response="utter_helpline_closed", opens=day_in_words(opens)
            )
        return []


class ActionGiveReportRoute(Action):
    """Names the nearest force, when the visitor named a place.

    The answer before it holds the route of the page's own force.
    """

    def __init__(self) -> None:
        self._directory = Directory.read()

    def name(self) -> str:
        return "action_give_report_route"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        message = tracker.latest_message or {}
        named = self._directory.place(message.get("text") or "")
        if named and named != (message.get("metadata") or {}).get("force"):
            dispatcher.utter_message(response="utter_report_route", force=named)
        return []
