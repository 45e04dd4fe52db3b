"""The secret that signs session tokens and hides addresses."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import TYPE_CHECKING

from bot.redis_link import PAUSE_SECONDS, PREFIX, RedisLink, note_gap

if TYPE_CHECKING:
    from redis import Redis

NAME = PREFIX + "key"
_KEPT = 3


class SharedKey:
    """Made in this process; with Redis, the one that all processes agree on.

    It is only in memory and in Redis. Keys that were used before are still
    recognised: a visitor who came while Redis was lost keeps the conversation.
    """

    def __init__(self, redis: RedisLink | None = None) -> None:
        """Makes a key for this process; `share` replaces it with the common one."""
        self._redis = redis
        self._keys: tuple[bytes, ...] = (secrets.token_bytes(32),)
        self._shared = False

    def sign(self, text: str) -> str:
        """The signature of a text, in hexadecimal."""
        return self.signatures(text)[0]

    def signatures(self, text: str) -> list[str]:
        """Its signatures with every key that is still recognised, the newest first."""
        raw = text.encode()
        return [hmac.digest(key, raw, "sha256").hex() for key in self._keys]

    async def share(self) -> None:
        """Offers the key to Redis, and takes the one that is there already."""
        found = await self._redis.ask(self._offer) if self._redis else None
        if found:
            others = tuple(key for key in self._keys if key != found)
            self._keys, self._shared = (found, *others)[:_KEPT], True

    async def keep_shared(self) -> None:
        """Shares the key again and again: a Redis that comes back may be empty.

        So the return of Redis is noticed even while no visitor writes.
        """
        while self._redis:
            await self.share()
            await asyncio.sleep(PAUSE_SECONDS)

    def _offer(self, redis: Redis) -> bytes | None:
        pipeline = redis.pipeline()
        pipeline.set(NAME, self._keys[0], nx=True)
        pipeline.get(NAME)
        found: bytes | None
        taken, found = pipeline.execute()
        # It was there before: Redis has been emptied, and all memories with it.
        if self._shared and (taken or found != self._keys[0]):
            note_gap(redis)
        return found
