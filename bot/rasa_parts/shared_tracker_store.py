"""Remembers the slots of a conversation in Redis, so that every process knows them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable

from rasa.shared.core.domain import Domain

from bot.memory import NAMES
from bot.rasa_parts.tracker_store import (
    IDLE_MINUTES,
    NOTHING,
    ForgetfulTrackerStore,
    Kept,
)
from bot.redis_link import PREFIX, RedisLink


class SharedTrackerStore(ForgetfulTrackerStore):
    """Keeps in Redis, for `IDLE_MINUTES`, what the other store keeps in memory.

    Redis sees the slots and the time of the last message under a hash of the session
    token; never the token, never a word. While Redis is lost each message stands alone.
    So it does once Redis is back, for a conversation that began before: part of it is
    missing, and half a picture can look calmer than none (`Decider._fits`). Nothing is
    raised: Rasa would replace a store that raises by one that keeps every message.
    """

    def __init__(
        self,
        domain: Domain | None,
        redis: RedisLink,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Creates the store; `clock` is that of the link's `back_at`, in seconds."""
        super().__init__(domain, clock=clock)
        self._redis = redis

    async def keys(self) -> list[str]:
        """None: Redis knows the hashes of the conversations alone."""
        return []

    async def _keep(self, sender_id: str, kept: Kept) -> None:
        name, value = key_of("slots", sender_id), json.dumps(kept._asdict())
        idle_seconds = round(IDLE_MINUTES * 60)
        await self._redis.ask(lambda redis: redis.set(name, value, ex=idle_seconds))

    async def _find(self, sender_id: str) -> Kept:
        name = key_of("slots", sender_id)
        kept = _read(await self._redis.ask(lambda redis: redis.get(name)))
        return kept if kept.at > self._redis.back_at else NOTHING


def key_of(kind: str, sender_id: str) -> str:
    """The name in Redis of something that belongs to a conversation.

    A token is random and long: its hash cannot be turned back.
    """
    hashed = hashlib.sha256(sender_id.encode()).hexdigest()
    return f"{PREFIX}{kind}:{hashed}"


def _read(value: bytes | None) -> Kept:
    """What is kept in a value; nothing where another version wrote it differently."""
    try:
        kept = json.loads(value or b"{}")
        slots = {name: kept["slots"][name] for name in NAMES if name in kept["slots"]}
        return Kept(float(kept["at"]), slots)
    except (ValueError, TypeError, LookupError):
        return NOTHING
