"""What the bot remembers of each conversation between messages, for ten minutes."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

from bot.talk.memory import IDLE_MINUTES, Memory

IDLE_SECONDS = IDLE_MINUTES * 60.0
MOST_CONVERSATIONS = 20_000


class Memories(Protocol):
    """Keeps a memory under a conversation's token; never a word that was typed."""

    async def find(self, session: str) -> Memory:
        """What is remembered; an empty memory where nothing is."""

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this from now on."""

    def turn(self, session: str) -> AbstractAsyncContextManager[None]:
        """Lets the messages of a conversation through one by one."""

    async def tend(self) -> None:
        """Looks after what is kept while the server runs."""


class Kept(NamedTuple):
    """A memory, and the time of the last message in seconds."""

    at: float
    memory: Memory


class OwnMemories:
    """Keeps memories in this process.

    If there are more than `MOST_CONVERSATIONS` it forgets the one that has been silent
    longest. For ten minutes after that, any unknown conversation counts as one with a
    gap.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Starts with none; `clock` gives seconds."""
        self._clock = clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()  # the oldest first
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._dropped_at = -IDLE_SECONDS

    async def find(self, session: str) -> Memory:
        """What is remembered; an empty memory where nothing is."""
        if kept := self.held(session):
            return kept.memory
        dropped = self._clock() - self._dropped_at < IDLE_SECONDS
        return Memory().with_gap() if dropped else Memory()

    async def keep(self, session: str, memory: Memory) -> None:
        """Remembers this until `IDLE_MINUTES` after now."""
        self.forget(session)
        self._kept[session] = Kept(self._clock(), memory)
        self._forget_old()

    async def tend(self) -> None:
        """Nothing: what is kept here needs no care."""

    def held(self, session: str) -> Kept | None:
        """What is remembered of a conversation, and since when."""
        self._forget_old()
        return self._kept.get(session)

    def forget(self, session: str) -> None:
        """Forgets a conversation."""
        self._kept.pop(session, None)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._kept))

    def turn(self, session: str) -> asyncio.Lock:
        """Lets the messages of a conversation through one by one."""
        return self._turns.setdefault(session, asyncio.Lock())

    def __len__(self) -> int:
        self._forget_old()
        return len(self._kept)

    def _forget_old(self) -> None:
        now = self._clock()
        if len(self._kept) > MOST_CONVERSATIONS:
            self._kept.popitem(last=False)
            self._dropped_at = now
        while self._kept and next(iter(self._kept.values())).at < now - IDLE_SECONDS:
            self._kept.popitem(last=False)
