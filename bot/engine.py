"""The Rasa agent behind one call with a deadline."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import MODEL, ROOT
from bot.answers import Reply

if TYPE_CHECKING:
    from rasa.core.agent import Agent

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 5.0


class EngineError(RuntimeError):
    """The model is not loaded, or gave no answer in time."""


class Engine:
    """Loads the model in a thread of its own and answers there.

    `handle_message` is work for the processor: on the server's own loop no deadline
    could fire. An engine that misses one is dropped and loaded anew.
    """

    def __init__(self, model: Path = MODEL, deadline: float = DEADLINE_SECONDS) -> None:
        """Creates an engine that is not loaded yet; `deadline` is in seconds."""
        self._model = model
        self._deadline = deadline
        self._agent: Agent | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.failed = False

    @property
    def ready(self) -> bool:
        """Whether a typed message can be answered."""
        return self._agent is not None

    def start(self) -> None:
        """Begins to load the model; returns at once. An engine before it ends."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._agent = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(
            target=self._serve, args=(self._loop,), name="engine", daemon=True
        ).start()

    async def ask(self, text: str, force: str | None, session: str) -> list[Reply]:
        """The replies to one message, in the light of the conversation so far.

        Args:
            text: What the visitor typed, without a leading slash.
            force: The visitor's police force; None when unknown.
            session: The conversation's token, made by the server.

        Raises:
            EngineError: The model is not ready, failed, said nothing or was too slow.
        """
        if self._agent is None or self._loop is None:
            raise EngineError("the model is not loaded")
        answer = asyncio.run_coroutine_threadsafe(
            _handle(self._agent, text, force, session), self._loop
        )
        try:
            replies = await asyncio.wait_for(
                asyncio.wrap_future(answer), self._deadline
            )
        except asyncio.TimeoutError:
            logger.error("engine.deadline_missed")
            self.start()
            raise EngineError("the model missed its deadline") from None
        if not replies:
            raise EngineError("the model said nothing")
        return replies

    def note_answer(self, topic: str, session: str) -> None:
        """Remembers that an ordinary button was pressed, and so that all is calm.

        Nobody waits for it: the answer needs no model. Without one nothing is
        remembered.
        """
        if self._agent is None or self._loop is None:
            return
        noted = asyncio.run_coroutine_threadsafe(
            _note(self._agent, topic, session), self._loop
        )
        noted.add_done_callback(_log_failure)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            agent = _load(self._model)
        except Exception as error:  # noqa: BLE001 - the buttons must go on working
            # No message has been read yet, so the error holds nothing of a visitor's.
            logger.error("engine.load_failed %s: %s", type(error).__name__, error)
            self.failed = True
            return
        if self._loop is loop:  # otherwise a newer engine has taken over
            self._agent, self.failed = agent, False
            logger.info("engine.ready")
        loop.run_forever()


def _load(model: Path) -> Agent:
    from bot.logs import quieten_rasa

    quieten_rasa()
    from rasa.core.nlg import NaturalLanguageGenerator
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    from bot.rasa_parts.in_process_actions import InProcessActions
    from bot.rasa_parts.light_processor import LightAgent
    from bot.rasa_parts.tracker_store import ForgetfulTrackerStore

    if not model.is_file():
        raise EngineError(f"{model}: there is no model; run `make train`.")
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = TrackerStore.create(endpoints.tracker_store)
    # Rasa replaces a misspelt store by one that keeps every message for ever.
    if not isinstance(store, ForgetfulTrackerStore):
        raise EngineError("endpoints.yml: `tracker_store` must be the project's own.")
    agent = LightAgent(
        generator=NaturalLanguageGenerator.create(endpoints.nlg, domain=None),
        tracker_store=store,
        action_endpoint=endpoints.action or InProcessActions(),
    )
    agent.load_model(model)
    return agent


def _log_failure(noted: Future) -> None:
    if not noted.cancelled() and (error := noted.exception()):
        logger.error("engine.not_noted %s", type(error).__name__)


async def _note(agent: Agent, topic: str, session: str) -> None:
    from rasa.shared.core.events import SlotSet

    from bot.memory import Memory

    store = agent.tracker_store
    async with agent.lock_store.lock(session):
        tracker = await store.retrieve(session)
        memory = Memory.of_slots(tracker.current_slot_values()).calmed(topic)
        for name, value in memory.as_slots().items():
            tracker.update(SlotSet(name, value))
        await store.save(tracker)


async def _handle(
    agent: Agent, text: str, force: str | None, session: str
) -> list[Reply]:
    from rasa.core.channels.channel import OutputChannel, UserMessage

    class Collector(OutputChannel):
        """Keeps the replies whole; Rasa's own channel cuts text at blank lines."""

        def __init__(self) -> None:
            self.replies: list[Reply] = []

        @classmethod
        def name(cls) -> str:
            return "chat"

        async def send_response(
            self, recipient_id: str, message: dict[str, Any]
        ) -> None:
            self.replies.append(Reply(**message["reply"]))

    channel = Collector()
    await agent.handle_message(
        UserMessage(
            text,
            channel,
            sender_id=session,
            input_channel=channel.name(),
            metadata={"force": force},
        )
    )
    return channel.replies
