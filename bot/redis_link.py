"""The Redis that several processes share, asked so that no visitor waits for it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot import logs

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

PREFIX = "signposting:"
# A message asks five times: even a Redis that always just answers in time leaves an
# emergency its second.
WAIT_SECONDS = 0.2
PAUSE_SECONDS = 2.0
_THREADS = 4

Answer = TypeVar("Answer")


class RedisLinkError(ValueError):
    """REDIS_URL is not the address of a Redis."""


class RedisLink:
    """Asks Redis, and does without when it does not answer within `WAIT_SECONDS`.

    After a failure nobody asks for `PAUSE_SECONDS`; then one caller tries again. Each
    command runs in a thread: the wait has an end even where a socket's timeouts do
    not reach, such as the look-up of a name. May be used from any event loop.

    `back_at` is when it was last found again after a loss, in seconds since 1970.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepares the connection, which the first command opens.

        Args:
            url: `redis://`, `rediss://` (TLS) or `unix://`, as redis-py reads it.
            clock: The time in seconds.

        Raises:
            RedisLinkError: The address cannot be read.
        """
        # Here: most fronts do without Redis, and start sooner without its library.
        from redis import Redis, RedisError
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._failures = (RedisError, OSError, TimeoutError)
        try:
            self._redis = Redis.from_url(
                url,
                socket_connect_timeout=WAIT_SECONDS,
                socket_timeout=WAIT_SECONDS,
                # It would try eleven times, and keep a thread from others for seconds.
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:
            # The address is not repeated, nor the error that does: a password may
            # stand in it.
            raise RedisLinkError(
                "REDIS_URL is not the address of a Redis: give one such as "
                "redis://127.0.0.1:6379/0, or unset it to run without."
            ) from None
        self._threads = ThreadPoolExecutor(_THREADS, "redis")
        self._clock = clock
        self._guard = threading.Lock()
        self._lost = False
        self._next_try = 0.0
        self.back_at = 0.0

    @classmethod
    def from_setting(cls, setting: str | None) -> RedisLink | None:
        """The link of the environment's REDIS_URL; None where it is not set.

        Raises:
            RedisLinkError: It is no address.
        """
        return cls(setting) if setting else None

    async def ask(self, command: Callable[[Redis], Answer]) -> Answer | None:
        """What a command returns; None while Redis is lost. Never raises its errors."""
        tries_again = self._lost
        if tries_again and not self._may_try():
            return None
        asked = self._threads.submit(command, self._redis)
        try:
            answer = await asyncio.wait_for(asyncio.wrap_future(asked), WAIT_SECONDS)
        except self._failures as error:
            self._note_lost(error)
            return None
        if tries_again:
            self._note_back()
        return answer

    def _may_try(self) -> bool:
        with self._guard:
            now = self._clock()
            if now < self._next_try:
                return False
            self._next_try = now + PAUSE_SECONDS
            return True

    def _note_lost(self, error: Exception) -> None:
        with self._guard:
            first, self._lost = not self._lost, True
            self._next_try = self._clock() + PAUSE_SECONDS
        if first:
            logger.warning("redis.lost %s", logs.fault(error))

    def _note_back(self) -> None:
        with self._guard:
            first, self._lost = self._lost, False
            self.back_at = time.time()
        if first:
            logger.warning("redis.back")
