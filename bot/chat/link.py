"""The front's end of the line to one engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from bot import logs
from bot.talk.messages import (
    AT_WORK,
    PROTOCOL,
    Answered,
    Decision,
    Hello,
    Nonsense,
    Question,
    Served,
)

logger = logging.getLogger(__name__)

# One more than an engine works on, so that the next is there when it has answered.
AHEAD = AT_WORK + 1
LONGEST_LINE = 1_000_000
# Within this time it reads what arrived while the event loop was held up.
READ_SECONDS = 0.05
# A question with this many characters takes ten times as long as most do. An engine
# reads one of these at a time, and short ones beside it.
LONG = 600
# How many times longer it may take before the engine counts as slow or stuck: on a busy
# machine a few long questions would otherwise cost everybody the engine.
LONG_TAKES = 4


class EngineError(RuntimeError):
    """A question was not answered; the subclass says why."""


class EngineFailed(EngineError):
    """A component of the model raised."""


class EngineLost(EngineError):
    """The engine ended, or was ended, while it read this question."""


class Unread(EngineError):
    """The engine ended before it had read this question, which may go to another."""


@dataclass(frozen=True)
class Watch:
    """After how many seconds a question counts as slow, and as stuck.

    It times the engine, not our event loop: what holds that up is added.

    `slow`: others should not wait for this engine. `stuck`: it is killed.
    """

    slow: float
    stuck: float


@dataclass(frozen=True)
class _Waiting:
    """What waits for the answer to a question, and what watches its time."""

    answer: asyncio.Future[Decision]
    long: bool
    timers: tuple[asyncio.TimerHandle, ...]

    def fail(self, error: EngineError) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    def stop_watching(self) -> None:
        for timer in self.timers:
            timer.cancel()


class Link(asyncio.Protocol):
    """One connection to one engine: questions in their order, answers in any."""

    def __init__(
        self, watch: Watch, changed: Callable[[], None], kill: Callable[[], None]
    ) -> None:
        """Belongs to a connection that is about to be made.

        Args:
            watch: When a question takes too long.
            changed: Called when the link could take another question, or has ended.
            kill: Ends the engine's process, if the front started it.
        """
        loop = asyncio.get_running_loop()
        self.hello: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.slow = asyncio.Event()
        self.refused = False
        self._watch = watch
        self._changed = changed
        self._kill = kill
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._waiting: dict[int, _Waiting] = {}
        self._version = ""

    @property
    def load(self) -> int:
        """How many questions it has not answered."""
        return len(self._waiting)

    def takes(self, long: bool) -> bool:
        """Whether another question may be sent."""
        usable = not self.closed.done() and not self.slow.is_set()
        busy = long and any(waiting.long for waiting in self._waiting.values())
        return usable and self.load < AHEAD and not busy

    def ask(self, question: Question, served: Served) -> asyncio.Future[Decision]:
        """Sends a question, after the topics if the engine has different ones.

        The future raises EngineError.
        """
        assert self._transport
        line = question.line()
        if served.version != self._version:
            self._version = served.version
            line = served.line() + line
        answer: asyncio.Future[Decision] = self._loop.create_future()
        long = len(question.text) > LONG
        times = LONG_TAKES if long else 1
        timers = (
            self._after(times * self._watch.slow, self._is_slow, question.id),
            self._after(times * self._watch.stuck, self._is_stuck, question.id),
        )
        self._waiting[question.id] = _Waiting(answer, long, timers)
        self._transport.write(line)
        return answer

    def end(self) -> None:
        """Ends the connection, and with it an engine that was started for it."""
        if self._transport:
            self._transport.abort()
        self._kill()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop has its own kind

    def data_received(self, data: bytes) -> None:
        self._read += data
        *lines, rest = self._read.split(b"\n")
        self._read = bytearray(rest)
        try:
            if len(rest) > LONGEST_LINE:
                raise Nonsense("a line without an end")
            for line in lines:
                self._take(bytes(line))
        except Nonsense as error:
            logger.error("engine.nonsense %s", logs.fault(error))
            self.refused = True
            self.end()

    def connection_lost(self, error: Exception | None) -> None:
        for number, waiting in enumerate(self._waiting.values()):
            waiting.stop_watching()
            # One of those it was reading may have ended it: they are not asked again.
            waiting.fail(EngineLost() if number < AT_WORK else Unread())
        self._waiting = {}
        for told in (self.hello, self.closed):
            if not told.done():
                told.set_result(None)
        self._changed()

    def _take(self, line: bytes) -> None:
        if not self.hello.done():
            if Hello.read(line).protocol != PROTOCOL:
                logger.error("engine.other_version (deploy both from one release)")
                self.refused = True
                self.end()
            else:
                self.hello.set_result(None)
            return
        answered = Answered.read(line)
        waiting = self._waiting.pop(answered.id, None)
        if waiting is None:
            raise Nonsense("an answer to no question")
        waiting.stop_watching()
        if answered.decision is None:
            waiting.fail(EngineFailed())
        elif not waiting.answer.done():  # or nobody waits: it came too late
            waiting.answer.set_result(answered.decision)
        if self.slow.is_set() and not self._waiting:
            self.end()  # another has taken its place
        self._changed()

    def _after(
        self, seconds: float, then: Callable[[int], None], question: int
    ) -> asyncio.TimerHandle:
        """Does something when a question has waited this long."""
        due = self._loop.time() + seconds

        def unless_answered() -> None:
            if question in self._waiting:
                then(question)

        def look_again() -> None:
            # uvloop calls timers before it reads: the answer may be there already.
            late = self._loop.time() - due
            self._loop.call_later(READ_SECONDS + late, unless_answered)

        return self._loop.call_later(seconds, look_again)

    def _is_slow(self, question: int) -> None:
        """Sends what waits behind a slow question to another engine."""
        self.slow.set()
        for number, waiting in self._waiting.items():
            if number != question:
                waiting.fail(Unread())
        self._changed()

    def _is_stuck(self, _: int) -> None:
        logger.error("engine.stuck")
        self.end()
