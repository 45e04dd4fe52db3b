"""Keeps no conversation: what a visitor typed is gone when the answer is given."""

from __future__ import annotations

from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException


class NothingKeptTrackerStore(InMemoryTrackerStore):
    """Stores nothing, so that each message stands alone."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        **kwargs: Any,  # Rasa adds `host`
    ) -> None:
        """Creates the store; raises RasaException if a broker is configured."""
        if event_broker is not None:
            raise RasaException(
                "endpoints.yml: remove `event_broker`: what visitors type must not "
                "leave the process."
            )
        super().__init__(domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Drops the tracker."""
