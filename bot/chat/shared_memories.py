"""Memories in Redis, which every front knows, and in this process beside it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from bot.chat.memories import IDLE_SECONDS, OwnMemories
from bot.redis_link import GAP, PAUSE_SECONDS, PREFIX, RedisLink
from bot.shared_key import NAME
from bot.talk.memory import Memory

if TYPE_CHECKING:
    from redis import Redis
    from redis.lock import Lock

# By then an engine has given up on a message: a process that holds the lock longer has
# died.
HELD_AT_MOST_SECONDS = 5.0
WAITS_AT_MOST_SECONDS = 2.0
TRIES_EVERY_SECONDS = 0.05
# How much the clocks of two machines may differ.
CLOCKS_DIFFER_SECONDS = 2.0

_Answer = list[bytes | None]


class _Shared(NamedTuple):
    """What Redis holds of a conversation, and the latest gap that was known then."""

    gap: str
    memory: Memory


class SharedMemories:
    """Keeps memories in Redis, and what this process has seen here as well.

    In Redis they are under a hash of the session token; never the token, never a word.

    Half a picture can look calmer than none. So a memory says that it is `partial`
    whenever some of the talk may be missing: Redis did not answer, has dropped it, or
    another front may have been without Redis since. A front that was without it names a
    gap in Redis (`note_gap`). Anything that began or was kept before the gap is
    partial.
    """

    def __init__(
        self,
        redis: RedisLink,
        issued_at: Callable[[str], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Asks nothing yet.

        Args:
            redis: Where the memories of every process are.
            issued_at: When a conversation's token was issued, in seconds since 1970.
            clock: Gives seconds.
        """
        self._redis = redis
        self._issued_at = issued_at
        self._clock = clock
        self._own = OwnMemories(clock)
        self._unsaved = OwnMemories(clock)  # those that Redis did not take
        self._gaps: dict[str, str] = {}  # the gap known in a turn, by conversation

    async def find(self, session: str) -> Memory:
        """What is remembered; `partial` if some of the talk may be missing."""
        held = self._own.held(session)
        own = held.memory if held else Memory()
        names = [name_of("memory", session), GAP, NAME]
        answer = await self._redis.ask(lambda redis: cast(_Answer, redis.mget(names)))
        if answer is None:
            return own.with_gap()
        value, latest, key = answer
        gap = self._gaps[session] = (latest or b"").decode("ascii", "replace")
        kept = _read(value)
        if self._unsaved.held(session):
            return own.joined(kept.memory) if kept else own.with_gap()
        if kept:
            return kept.memory if kept.gap == gap or not gap else kept.memory.with_gap()
        # Dropped, emptied (the key is gone as well), or heard by a front without Redis.
        began_later = self._issued_at(session) > _end_of(gap)
        return own if key and not held and began_later else own.with_gap()

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this until `IDLE_MINUTES` after now."""
        await self._own.keep(session, memory)
        if await self._save(session, memory, IDLE_SECONDS):
            self._unsaved.forget(session)
        else:
            await self._unsaved.keep(session, memory)

    async def tend(self) -> None:
        """Keeps offering Redis what it did not take."""
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.hand_over()

    async def hand_over(self) -> None:
        """Gives Redis what it did not take, joined with what it holds."""
        for session in self._unsaved:
            if self._redis.lost:
                return
            async with self.turn(session):
                if not (kept := self._unsaved.held(session)):
                    continue
                left = kept.at + IDLE_SECONDS - self._clock()
                if await self._save(session, await self.find(session), left):
                    self._unsaved.forget(session)

    async def _save(self, session: str, memory: Memory, seconds: float) -> bool:
        name, gap = name_of("memory", session), self._gaps.get(session, "")
        value = json.dumps({"gap": gap, "memory": asdict(memory)})
        lasts = max(1, round(seconds * 1000))
        return bool(await self._redis.ask(lambda r: r.set(name, value, px=lasts)))

    @asynccontextmanager
    async def turn(self, session: str) -> AsyncIterator[None]:
        """Lets the messages of a conversation through one by one, on every machine.

        A message waits for the one before it, but not for ever: without the lock the
        worst is that two messages sent at once do not know of each other.
        """
        async with self._own.turn(session):
            held = await self._hold(name_of("lock", session))
            try:
                yield
            finally:
                self._gaps.pop(session, None)
                if held:
                    await self._redis.ask(lambda _: _release(held))

    async def _hold(self, name: str) -> Lock | None:
        def take(redis: Redis) -> Lock | Literal[False]:
            # Another thread may release it: thread_local would hide it from that one.
            lock = redis.lock(name, timeout=HELD_AT_MOST_SECONDS, thread_local=False)
            return lock if lock.acquire(blocking=False) else False

        for _ in range(round(WAITS_AT_MOST_SECONDS / TRIES_EVERY_SECONDS)):
            taken = await self._redis.ask(take)
            if taken is not False:  # taken, or Redis does not answer
                return taken
            await asyncio.sleep(TRIES_EVERY_SECONDS)
        return None


def name_of(kind: str, session: str) -> str:
    """The name in Redis of something that belongs to a conversation.

    A token is random and long: its hash cannot be reversed.
    """
    return f"{PREFIX}{kind}:{hashlib.sha256(session.encode()).hexdigest()}"


def _read(value: bytes | None) -> _Shared | None:
    """What a value holds; None if there is none or another version wrote it."""
    try:
        kept = json.loads(value or b"{}")
        return _Shared(str(kept["gap"]), Memory.of_dict(kept["memory"]))
    except (ValueError, TypeError, LookupError):
        return None


def _end_of(gap: str) -> float:
    """Until when talks may have gone on without Redis, in seconds since 1970."""
    if not gap:
        return -1.0
    try:
        return float(gap.split()[0]) + CLOCKS_DIFFER_SECONDS
    except (ValueError, IndexError):  # not one of ours
        return math.inf


def _release(lock: Lock) -> None:
    from redis.exceptions import LockError  # as in bot/redis_link.py

    try:
        lock.release()
    except LockError:
        pass  # it has run out meanwhile
