"""A thread of its own, in which the model is loaded and answers."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from bot import logs

if TYPE_CHECKING:
    from rasa.core.agent import Agent

logger = logging.getLogger(__name__)

# How long until a model that could not be loaded is tried again: first, and at most.
FIRST_RETRY_SECONDS = 5
LAST_RETRY_SECONDS = 300
# How long an event loop with nothing to do may take to say so.
TURN_SECONDS = 1.0


class Worker:
    """Loads an agent, however often it takes, and then runs coroutines.

    `handle_message` is work for the processor: on the server's own loop no deadline
    could fire. A thread cannot be killed, so one that is stuck is left behind.
    """

    def __init__(self, load: Callable[[], Agent]) -> None:
        """Begins to load at once, with `load`."""
        self.agent: Agent | None = None
        self.failed = False
        self._load = load
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(logs.note_failed_task)
        self._waiting: set[Future] = set()
        self._finished = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many coroutines are waiting or at work."""
        return len(self._waiting)

    @property
    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    def submit(self, work: Coroutine) -> Future:
        """Runs a coroutine in the thread, after those that came before it."""
        future = asyncio.run_coroutine_threadsafe(self._timed(work), self._loop)
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    async def stuck(self, seconds: float) -> bool:
        """Whether nothing was finished for so long, although the thread is busy.

        A coroutine that waits, as for an action server, does not make a thread stuck.
        """
        if time.monotonic() - self._finished < seconds:
            return False
        turn = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop)
        try:
            await asyncio.wait_for(asyncio.wrap_future(turn), TURN_SECONDS)
        except asyncio.TimeoutError:
            return True
        return False

    def stop(self) -> None:
        """Ends the thread as soon as it has finished what it does now."""
        self._stopped.set()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _timed(self, work: Coroutine) -> Any:
        try:
            return await work
        finally:
            self._finished = time.monotonic()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._load_agent()
        self._loop.run_forever()  # ends at once when it has been stopped already
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _load_agent(self) -> None:
        pause = FIRST_RETRY_SECONDS
        while not self._stopped.is_set():
            try:
                self.agent = self._load()
            except Exception as error:  # noqa: BLE001 - the buttons must go on working
                self.failed = True
                logger.error(
                    "engine.load_failed %s (%s); next try in %d s "
                    "(make train builds the model)",
                    type(error).__name__,
                    logs.fault(error),
                    pause,
                )
                self._stopped.wait(pause)
                pause = min(2 * pause, LAST_RETRY_SECONDS)
            else:
                self.failed = False
                logger.info("engine.ready")
                return
