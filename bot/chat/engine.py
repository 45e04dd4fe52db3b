"""The engines behind one call with a deadline: started, watched, replaced."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import deque
from typing import Any

from bot.chat.launch import LaunchError, Source
from bot.chat.link import (
    AHEAD,
    LONG,
    LONG_TAKES,
    READ_SECONDS,
    EngineError,
    Link,
    Unread,
    Watch,
)
from bot.languages.gate import ENGLISH_TEXT, Guess
from bot.talk.memory import Memory
from bot.talk.messages import Decision, Question, Served

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 5.0
# A message takes about 10 ms, or 100 on a busy machine. After this, others get another
# engine.
SLOW_SECONDS = 1.5
# The engine's own alarm rings a little later than the front would end it.
GRACE_SECONDS = 1.0
# More would miss the deadline.
MOST_WAITING = 64
# The same for long ones: otherwise one sender could take every place.
MOST_LONG_WAITING = 16
# How long to wait before trying an unavailable engine again: at first, and at most.
FIRST_RETRY_SECONDS = 5.0
LAST_RETRY_SECONDS = 60.0


class EngineNotReady(EngineError):
    """No engine has loaded its model."""


class EngineBusy(EngineError):
    """`MOST_WAITING` messages already wait, or `MOST_LONG_WAITING` long ones."""


class EngineLate(EngineError):
    """No engine gave an answer before the deadline."""


class Engine:
    """Asks the engine with the least to do; one that ends is always replaced.

    One that takes longer than `SLOW_SECONDS` over a question gets no more, and a new
    one is started beside it. It may still answer; at the deadline it is killed.
    """

    def __init__(
        self, source: Source, engines: int = 1, deadline: float = DEADLINE_SECONDS
    ) -> None:
        """Starts nothing yet.

        Args:
            source: Where links to engines come from.
            engines: How many to keep running.
            deadline: How long a message may take, in seconds.
        """
        self._source = source
        self._wanted = engines
        self._deadline = deadline
        self._watch = Watch(min(SLOW_SECONDS, deadline / 2), deadline)
        self._links: list[Link] = []
        self._failed = 0
        self.loads = 0  # how often an engine has become ready
        # Short questions go before long ones: they keep nobody waiting.
        self._short: deque[asyncio.Future[None]] = deque()
        self._long: deque[asyncio.Future[None]] = deque()
        self._asked = 0
        self._asked_long = 0
        self._ids = itertools.count(1)
        self._keepers: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether a typed message can be answered."""
        return bool(self.number)

    @property
    def number(self) -> int:
        """How many engines can be asked."""
        return sum(not link.slow.is_set() for link in self._links)

    @property
    def failed(self) -> bool:
        """Whether the last try found no engine."""
        return bool(self._failed) and not self._links

    def start(self) -> None:
        """Begins to start the engines; returns at once."""
        for _ in range(self._wanted):
            self._spawn()

    async def stop(self) -> None:
        """Ends all engines."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._source.close()

    async def ask(
        self,
        text: str,
        memory: Memory,
        forced: str | None,
        served: Served,
        guess: Guess = ENGLISH_TEXT,
    ) -> Decision:
        """Decides on one message.

        Args:
            text: What the visitor typed, without a leading slash.
            memory: What is remembered of the conversation.
            forced: The emergency intent of the net, or None.
            served: The topics to decide with.
            guess: What language the text is in.

        Raises:
            EngineError: There is no decision; its subclass says why.
        """
        if not self._links and (self._failed or not self.loads):
            raise EngineNotReady
        if self._asked >= MOST_WAITING:
            raise EngineBusy
        long = len(text) > LONG
        # Each engine reads one of the long ones.
        if long and self._asked_long >= MOST_LONG_WAITING + len(self._links):
            raise EngineBusy
        self._asked += 1
        self._asked_long += long
        asking = asyncio.ensure_future(self._ask(text, memory, forced, served, guess))
        try:
            # Also reads what arrived while our own loop was held up.
            for seconds in (self._deadline, READ_SECONDS):
                await asyncio.wait({asking}, timeout=seconds)
                if asking.done():
                    return asking.result()
            raise EngineLate
        finally:
            asking.cancel()
            self._asked -= 1
            self._asked_long -= long

    async def _ask(
        self,
        text: str,
        memory: Memory,
        forced: str | None,
        served: Served,
        guess: Guess,
    ) -> Decision:
        long = len(text) > LONG
        while True:
            link = await self._free_link(long)
            seconds = self._deadline * (LONG_TAKES if long else 1) + GRACE_SECONDS
            question = Question(
                next(self._ids), text, memory, forced, time.time(), seconds,
                served.version, guess.language, guess.mixed,
            )  # fmt: skip
            try:
                return await link.ask(question, served)
            except Unread:
                continue  # that engine never got to it

    async def _free_link(self, long: bool = False) -> Link:
        """The link with the least to do; waits in a queue until there is one."""
        queue = self._long if long else self._short
        while True:
            free = [link for link in self._links if link.takes(long)]
            if free:
                return min(free, key=lambda link: link.load)
            turn = asyncio.get_running_loop().create_future()
            queue.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._changed()  # called, but gone: the next one may look
                raise
            finally:
                if turn in queue:
                    queue.remove(turn)

    def _changed(self) -> None:
        """Lets the first question that can be served now look again."""
        for queue, long in ((self._short, False), (self._long, True)):
            if any(link.takes(long) for link in self._links):
                while queue:
                    turn = queue.popleft()
                    if not turn.done():
                        turn.set_result(None)
                        return

    def _spawn(self) -> None:
        keeper = asyncio.get_running_loop().create_task(self._keep())
        self._keepers.add(keeper)
        keeper.add_done_callback(self._keepers.discard)

    async def _keep(self) -> None:
        """Keeps one engine, and another after it, until one of them turns slow."""
        pause, failing = FIRST_RETRY_SECONDS, False
        while True:
            try:
                async with self._source.open(self._watch, self._changed) as link:
                    self._failed -= failing
                    pause, failing = FIRST_RETRY_SECONDS, False
                    self.loads += 1
                    logger.info("engine.ready")
                    if await self._until_ended(link):
                        return
            except (LaunchError, OSError) as error:
                if not failing:
                    self._failed += 1
                failing = True
                logger.error(
                    "engine.not_started %s; next try in %d s",
                    type(error).__name__,
                    pause,
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, LAST_RETRY_SECONDS)

    async def _until_ended(self, link: Link) -> bool:
        """Uses a link until it ends; True: a slow one, and another keeper began."""
        self._links.append(link)
        for _ in range(AHEAD):
            self._changed()
        slow = asyncio.ensure_future(link.slow.wait())
        ends: set[asyncio.Future[Any]] = {slow, link.closed}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not link.closed.done():
                logger.warning("engine.slow")
                self._spawn()
                await link.closed
                return True
            logger.error("engine.ended")
            return False
        finally:
            slow.cancel()
            self._links.remove(link)
