"""Lets the messages of one conversation through one by one, in every process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore
from redis import Redis
from redis.exceptions import LockError
from redis.lock import Lock

from bot.rasa_parts.shared_tracker_store import key_of
from bot.redis_link import RedisLink

# An engine has given a message up by then: whoever holds the lock longer has died.
HELD_AT_MOST_SECONDS = 5.0
WAITS_AT_MOST_SECONDS = 2.0
TRIES_EVERY_SECONDS = 0.05


class SharedLockStore(InMemoryLockStore):
    """Rasa's lock in this process, and a lock in Redis around it for the others.

    A message waits for the one before it, but not for ever: without the lock the worst
    is that two messages sent at once do not know of each other. Rasa's own
    RedisLockStore would leave the visitor without an answer when Redis is lost, for a
    minute when a process died (`DEFAULT_LOCK_LIFETIME`), and the session token in
    Redis for ever: it sets no expiry (rasa/core/lock_store.py:234, 3.6.21).
    """

    def __init__(self, redis: RedisLink) -> None:
        super().__init__()
        self._redis = redis

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = TRIES_EVERY_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Holds both locks; the one in Redis only where that can be had in time."""
        own = super().lock(conversation_id, lock_lifetime, wait_time_in_seconds)
        async with own as ticket:
            held = await self._hold(conversation_id)
            try:
                yield ticket
            finally:
                if held:
                    await self._redis.ask(lambda _: _release(held))

    async def _hold(self, conversation_id: str) -> Lock | None:
        name = key_of("lock", conversation_id)

        def take(redis: Redis) -> Lock | bool:
            # Another thread may release it: thread_local would hide it from that one.
            lock = redis.lock(name, timeout=HELD_AT_MOST_SECONDS, thread_local=False)
            return lock.acquire(blocking=False) and lock

        for _ in range(round(WAITS_AT_MOST_SECONDS / TRIES_EVERY_SECONDS)):
            taken = await self._redis.ask(take)
            if taken is not False:  # taken, or Redis is lost
                return taken
            await asyncio.sleep(TRIES_EVERY_SECONDS)
        return None


def _release(lock: Lock) -> None:
    try:
        lock.release()
    except LockError:
        pass  # it has run out meanwhile
