"""What is remembered of each conversation between two messages, for ten minutes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol
from weakref import WeakValueDictionary

from bot.redis_link import PREFIX, RedisLink
from bot.talk.memory import IDLE_MINUTES, Memory

if TYPE_CHECKING:
    from redis import Redis
    from redis.lock import Lock

MOST_CONVERSATIONS = 20_000
# An engine has given a message up by then: whoever holds the lock longer has died.
HELD_AT_MOST_SECONDS = 5.0
WAITS_AT_MOST_SECONDS = 2.0
TRIES_EVERY_SECONDS = 0.05


class Memories(Protocol):
    """Keeps a memory under a conversation's token; never a word that was typed."""

    async def find(self, session: str) -> Memory:
        """What is remembered; an empty memory where nothing is."""

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this from now on."""

    def turn(self, session: str) -> AbstractAsyncContextManager[None]:
        """Lets the messages of a conversation through one by one."""


class _Kept(NamedTuple):
    """A memory, and the time of the last message in seconds."""

    at: float
    memory: Memory


class OwnMemories:
    """Keeps memories in this process.

    Of more than `MOST_CONVERSATIONS` the one that has been silent longest is forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begins with none; `clock` gives seconds."""
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()  # the oldest first
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def find(self, session: str) -> Memory:
        """What is remembered; an empty memory where nothing is."""
        self._forget()
        kept = self._kept.get(session)
        return kept.memory if kept else Memory()

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this until `IDLE_MINUTES` after now."""
        self._kept.pop(session, None)
        self._kept[session] = _Kept(self._clock(), memory)
        self._forget()

    def turn(self, session: str) -> asyncio.Lock:
        """Lets the messages of a conversation through one by one."""
        return self._turns.setdefault(session, asyncio.Lock())

    def __len__(self) -> int:
        self._forget()
        return len(self._kept)

    def _forget(self) -> None:
        latest = self._clock() - IDLE_MINUTES * 60
        while self._kept and (
            len(self._kept) > MOST_CONVERSATIONS
            or next(iter(self._kept.values())).at < latest
        ):
            self._kept.popitem(last=False)


class SharedMemories:
    """Keeps memories in Redis, so that every machine knows them.

    Redis sees them under a hash of the session token; never the token, never a word.
    While Redis is lost each message stands alone. So it does once Redis is back, for a
    conversation that began before: part of it is missing, and half a picture can look
    calmer than none (`Decider._fits`).
    """

    def __init__(
        self, redis: RedisLink, clock: Callable[[], float] = time.time
    ) -> None:
        """Asks nothing yet; `clock` is that of the link's `back_at`, in seconds."""
        self._redis = redis
        self._clock = clock
        self._own = OwnMemories()

    async def find(self, session: str) -> Memory:
        """What is remembered; an empty memory where nothing is, or Redis is lost."""
        name = name_of("memory", session)
        kept = _read(await self._redis.ask(lambda redis: redis.get(name)))
        return kept.memory if kept.at > self._redis.back_at else Memory()

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this until `IDLE_MINUTES` after now, if Redis is there."""
        name = name_of("memory", session)
        value = json.dumps({"at": self._clock(), "memory": asdict(memory)})
        idle_seconds = IDLE_MINUTES * 60
        await self._redis.ask(lambda redis: redis.set(name, value, ex=idle_seconds))

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
                if held:
                    await self._redis.ask(lambda _: _release(held))

    async def _hold(self, name: str) -> Lock | None:
        def take(redis: Redis) -> Lock | Literal[False]:
            # Another thread may release it: thread_local would hide it from that one.
            lock = redis.lock(name, timeout=HELD_AT_MOST_SECONDS, thread_local=False)
            return lock if lock.acquire(blocking=False) else False

        for _ in range(round(WAITS_AT_MOST_SECONDS / TRIES_EVERY_SECONDS)):
            taken = await self._redis.ask(take)
            if taken is not False:  # taken, or Redis is lost
                return taken
            await asyncio.sleep(TRIES_EVERY_SECONDS)
        return None


def name_of(kind: str, session: str) -> str:
    """The name in Redis of something that belongs to a conversation.

    A token is random and long: its hash cannot be turned back.
    """
    return f"{PREFIX}{kind}:{hashlib.sha256(session.encode()).hexdigest()}"


def _read(value: bytes | str | None) -> _Kept:
    """What is kept in a value; nothing where another version wrote it differently."""
    try:
        kept = json.loads(value or b"{}")
        return _Kept(float(kept["at"]), Memory.of_dict(kept["memory"]))
    except (ValueError, TypeError, LookupError):
        return _Kept(0.0, Memory())


def _release(lock: Lock) -> None:
    from redis.exceptions import LockError  # as in bot/redis_link.py

    try:
        lock.release()
    except LockError:
        pass  # it has run out meanwhile
