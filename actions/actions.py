"""The custom actions that data/rules.yml names, for `rasa run actions`.

Thin wrappers around bot/words/computed.py, which the server calls directly.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from bot.rasa_parts import content
from bot.words.computed import ACTIONS, Turn
from bot.words.opening_hours import now_in_london


class _Computing(Action, ABC):
    """Utters the response that a function of bot/words/computed.py names.

    Abstract: Rasa registers every other class of this file.
    """

    def __init__(self, clock: Callable[[], datetime] = now_in_london) -> None:
        self._clock = clock

    @abstractmethod
    def name(self) -> str:
        """The name that data/rules.yml and domain.yml give it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        message = tracker.latest_message or {}
        force = (message.get("metadata") or {}).get("force")
        turn = Turn(message.get("text") or "", force, self._clock())
        computed = ACTIONS[self.name()](turn, content.answers().directory)
        if computed:
            values: dict[str, Any] = {**computed.values}
            dispatcher.utter_message(
                response=computed.response, force=computed.force, **values
            )
        return []


class ActionTellHelplineHours(_Computing):
    """Says whether the Stop It Now phone line is open, and when it next changes."""

    def name(self) -> str:
        return "action_tell_helpline_hours"


class ActionGiveReportRoute(_Computing):
    """Names the nearest force, when the visitor named a place."""

    def name(self) -> str:
        return "action_give_report_route"
