"""Remembers what the slots of a conversation hold, for a while; never its words."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.memory import NAMES

IDLE_MINUTES = 10
MOST_CONVERSATIONS = 20_000


class Kept(NamedTuple):
    """What is kept of a conversation: the time of its last message, in seconds."""

    at: float
    slots: dict[str, Any]


NOTHING = Kept(0.0, {})


class ForgetfulTrackerStore(InMemoryTrackerStore):
    """Keeps the slots of a conversation until `IDLE_MINUTES` after its last message.

    Events, which hold the visitor's words, are dropped: a conversation that comes back
    has its slots and nothing else. The slots hold numbers and names of topics only
    (domain.yml explains them). Of more than `MOST_CONVERSATIONS` the one that has been
    silent longest is forgotten.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,  # Rasa adds `host`
    ) -> None:
        """Creates an empty store; raises RasaException if a broker is configured."""
        if event_broker is not None:
            raise RasaException(
                "endpoints.yml: remove `event_broker`: what visitors type must not "
                "leave the process."
            )
        super().__init__(domain)
        self._clock = clock
        # by sender id, oldest first
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the slots that are set, and nothing else of the tracker."""
        slots = {
            name: slot.value
            for name, slot in tracker.slots.items()
            if slot.value != slot.initial_value and name in NAMES
        }
        await self._keep(tracker.sender_id, Kept(self._clock(), slots))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """A tracker with the slots that are still known; a new one when there are none.

        Never None: for an empty tracker Rasa would run `action_session_start`, which
        costs a third of the time of a message and says nothing here.
        """
        kept = await self._find(sender_id)
        tracker = self.init_tracker(sender_id)
        tracker.update(SessionStarted())
        for name, value in kept.slots.items():
            tracker.update(SlotSet(name, value))
        return tracker

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker:
        """The same: there are no earlier sessions."""
        return await self.retrieve(sender_id)

    async def keys(self) -> list[str]:
        """The conversations that are still known."""
        self._forget()
        return list(self._kept)

    async def _keep(self, sender_id: str, kept: Kept) -> None:
        self._kept.pop(sender_id, None)
        self._kept[sender_id] = kept
        self._forget()

    async def _find(self, sender_id: str) -> Kept:
        self._forget()
        return self._kept.get(sender_id, NOTHING)

    def _forget(self) -> None:
        latest = self._clock() - IDLE_MINUTES * 60
        while self._kept and (
            len(self._kept) > MOST_CONVERSATIONS
            or next(iter(self._kept.values())).at < latest
        ):
            self._kept.popitem(last=False)
