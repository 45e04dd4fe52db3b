"""The Redis that several processes share, used so that no visitor waits for it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot import logs

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

PREFIX = "signposting:"
# How long Redis may take over one answer. When it is lost after three of them, an
# emergency has still waited less than a second.
WAIT_SECONDS = 0.2
# One slow moment, as when Redis forks, is not a loss.
FAILURES = 3
PAUSE_SECONDS = 2.0
# How long a visitor waits for a thread, which a busy machine may hold up as well.
PATIENCE_SECONDS = 0.5
# A thread that has not come back by then hangs where no socket time-out applies, for
# example while looking up a name.
HANGS_SECONDS = 5.0
# An event loop that wakes up this much later than it asked to was itself held up.
LATE_SECONDS = 0.05
_THREADS = 4
# Names the latest time until which conversations may have continued without Redis, for
# as long as any of them is remembered (`IDLE_MINUTES` of bot/talk/memory.py).
GAP = PREFIX + "gap"
GAP_SECONDS = 600

Answer = TypeVar("Answer")


class RedisLinkError(ValueError):
    """REDIS_URL is not the address of a Redis."""


class RedisLink:
    """Asks Redis, and manages without it when it does not answer.

    A thread runs each command and times Redis: how busy the event loop is does not
    count. After `FAILURES` in a row, each begun after the one before had failed, Redis
    is lost; at once when it says that it cannot (full, read-only), since it may still
    answer other commands. Then nobody asks for `PAUSE_SECONDS`, and one caller tries
    again. May be used from any event loop.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepares the connection, which the first command opens.

        Args:
            url: `redis://`, `rediss://` (TLS) or `unix://`, as redis-py reads it.
            clock: The time in seconds.

        Raises:
            RedisLinkError: The address cannot be read.
        """
        # Here: most fronts run without Redis, and start sooner without its library.
        from redis import Redis, RedisError, ResponseError
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self._errors = (RedisError, OSError)
        self._refusal = ResponseError
        try:
            self._redis = Redis.from_url(
                url,
                socket_connect_timeout=WAIT_SECONDS,
                socket_timeout=WAIT_SECONDS,
                # It would try eleven times, and keep a thread from others for seconds.
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:
            # Neither the address nor the error that repeats it is shown: it may
            # contain a password.
            raise RedisLinkError(
                "REDIS_URL is not the address of a Redis. Give one as "
                "redis://127.0.0.1:6379/0, or unset it to run without."
            ) from None
        self._threads = ThreadPoolExecutor(_THREADS, "redis")
        self._clock = clock
        self._guard = threading.Lock()
        self._began: dict[int, float] = {}  # the command of each thread
        self._lost = False
        self._failures = 0
        self._failed_at = 0.0
        self._next_try = 0.0

    @classmethod
    def from_setting(cls, setting: str | None) -> RedisLink | None:
        """The link of the environment's REDIS_URL; None where it is not set.

        Raises:
            RedisLinkError: It is not an address.
        """
        return cls(setting) if setting else None

    @property
    def lost(self) -> bool:
        """Whether Redis is not in use for now."""
        return self._lost

    async def ask(self, command: Callable[[Redis], Answer]) -> Answer | None:
        """What a command returns; None without Redis. Never raises its errors."""
        tries_again = self._lost
        if tries_again and not self._may_try():
            return None
        asked = self._threads.submit(self._run, command, tries_again)
        if await _done(asked):
            return asked.result()
        asked.cancel()  # if it still waits for a thread
        if self._hangs():
            self._note_lost(TimeoutError())
        return None

    def _run(self, command: Callable[[Redis], Answer], again: bool) -> Answer | None:
        """Asks Redis, in a thread; `again`: it was lost, and this is the one to try."""
        if self._lost and not again:
            return None  # lost since this command began to wait for a thread
        began = self._began[threading.get_ident()] = self._clock()
        try:
            if again:  # and can be written to
                note_gap(self._redis)
            answer = command(self._redis)
        except self._errors as error:
            self._note_failed(error, began)
            return None
        finally:
            del self._began[threading.get_ident()]
        self._note_answered(again)
        return answer

    def _hangs(self) -> bool:
        """Whether a thread has been at a command for longer than sockets let it."""
        latest = self._clock() - HANGS_SECONDS
        return any(began <= latest for began in list(self._began.values()))

    def _may_try(self) -> bool:
        with self._guard:
            now = self._clock()
            if now < self._next_try:
                return False
            self._next_try = now + PAUSE_SECONDS
            return True

    def _note_failed(self, error: Exception, began: float) -> None:
        with self._guard:
            if began >= self._failed_at:  # not one of several in the same moment
                self._failures += 1
                self._failed_at = self._clock()
            enough = self._failures >= FAILURES
        if enough or self._lost or isinstance(error, self._refusal):
            self._note_lost(error)

    def _note_lost(self, error: Exception) -> None:
        with self._guard:
            first, self._lost = not self._lost, True
            self._next_try = self._clock() + PAUSE_SECONDS
        if first:
            logger.warning("redis.lost %s", logs.fault(error))

    def _note_answered(self, again: bool) -> None:
        with self._guard:
            back = self._lost and again
            if back or not self._lost:
                self._lost, self._failures = False, 0
        if back:
            logger.warning("redis.back")


def note_gap(redis: Redis) -> None:
    """Tells every process that conversations may have continued without Redis.

    As seconds since 1970, and some digits that make each gap another one.
    """
    redis.set(GAP, f"{time.time():.0f} {secrets.token_hex(4)}", ex=GAP_SECONDS)


async def _done(asked: Future[Answer]) -> bool:
    """Waits for a thread; False: it takes too long.

    What held up the event loop may have held up the thread too, so it gets more time.
    """
    loop, waiting = asyncio.get_running_loop(), {asyncio.wrap_future(asked)}
    for _ in range(FAILURES):
        due = loop.time() + PATIENCE_SECONDS
        await asyncio.wait(waiting, timeout=PATIENCE_SECONDS)
        if asked.done() or loop.time() - due < LATE_SECONDS:
            break
    return asked.done()
