"""The Rasa agent behind one call with a deadline."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import MODEL, ROOT, logs, model_file
from bot.answers import Reply
from bot.redis_link import RedisLink
from bot.worker import Worker

if TYPE_CHECKING:
    from rasa.core.agent import Agent

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 5.0
# More would miss the deadline: a message takes some 10 ms, on a busy machine 50.
MOST_WAITING = 64
# Threads that never came back, each with a model in memory.
MOST_STUCK = 3
LOOK_AGAIN_SECONDS = 1.0


class EngineError(RuntimeError):
    """A typed message cannot be answered; the subclass says why."""


class EngineNotReady(EngineError):
    """The model is not loaded."""


class EngineBusy(EngineError):
    """`MOST_WAITING` messages wait already."""


class EngineLate(EngineError):
    """The model gave no answer before the deadline."""


class EngineFailed(EngineError):
    """A component raised."""


class EngineSilent(EngineError):
    """The model answered, but said nothing."""


class ForeignTrackerStore(EngineError):
    """endpoints.yml names a tracker store that is not the project's own."""


class Engine:
    """Loads the model in a thread of its own and answers there.

    A thread that is stuck is left behind and another one loads the model anew, up to
    `MOST_STUCK` of them; then no typed message is answered until one comes free.
    """

    def __init__(
        self,
        model: Path = MODEL,
        deadline: float = DEADLINE_SECONDS,
        redis: RedisLink | None = None,
    ) -> None:
        """Creates an engine that is not loaded yet.

        Args:
            model: The trained model.
            deadline: How long a message may take, in seconds.
            redis: Where conversations are kept; None: in this process.
        """
        self._model = model
        self._redis = redis
        self._deadline = deadline
        self._worker: Worker | None = None
        self._stuck: list[Worker] = []
        self._look: asyncio.Task | None = None

    @property
    def ready(self) -> bool:
        """Whether a typed message can be answered."""
        return self._worker is not None and self._worker.agent is not None

    @property
    def failed(self) -> bool:
        """Whether the model could not be loaded, or too many threads are stuck."""
        return self._worker.failed if self._worker else bool(self._stuck)

    def start(self) -> None:
        """Begins to load the model; returns at once. An engine before it ends."""
        if self._worker:
            self._worker.stop()
        self._worker = Worker(lambda: _load(self._model, self._redis))

    async def ask(self, text: str, force: str | None, session: str) -> list[Reply]:
        """The replies to one message, in the light of the conversation so far.

        Args:
            text: What the visitor typed, without a leading slash.
            force: The visitor's police force; None when unknown.
            session: The conversation's token, made by the server.

        Raises:
            EngineError: There is no answer; its subclass says why.
        """
        worker = self._worker
        if worker is None or worker.agent is None:
            raise EngineNotReady
        if worker.waiting >= MOST_WAITING:
            raise EngineBusy
        answer = worker.submit(_handle(worker.agent, text, force, session))
        try:
            replies = await asyncio.wait_for(
                asyncio.wrap_future(answer), self._deadline
            )
        except asyncio.TimeoutError:
            self._look_after(worker)
            raise EngineLate from None
        except Exception as error:  # noqa: BLE001 - whatever a component raises
            logger.error("engine.failed %s", logs.fault(error))
            raise EngineFailed from None  # the cause may hold what was typed
        if not replies:
            raise EngineSilent
        return replies

    def note_answer(self, topic: str, session: str) -> None:
        """Remembers that an ordinary button was pressed, and so that all is calm.

        Nobody waits for it: the answer needs no model. Without one nothing is
        remembered.
        """
        worker = self._worker
        if worker is None or worker.agent is None or worker.waiting >= MOST_WAITING:
            return
        noted = worker.submit(_note(worker.agent, topic, session))
        noted.add_done_callback(_log_failure)

    def _look_after(self, worker: Worker) -> None:
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._replace_if_stuck(worker))

    async def _replace_if_stuck(self, worker: Worker) -> None:
        if worker is not self._worker or not await worker.stuck(self._deadline):
            return
        worker.stop()
        self._worker = None
        self._stuck = [*(left for left in self._stuck if left.alive), worker]
        logger.error("engine.stuck %d of at most %d", len(self._stuck), MOST_STUCK)
        while len(self._stuck) >= MOST_STUCK:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            self._stuck = [left for left in self._stuck if left.alive]
        self.start()


def _load(model: Path, redis: RedisLink | None) -> Agent:
    model_file.check(model)
    from bot.logs import quieten_rasa

    quieten_rasa()
    from rasa.core.nlg import NaturalLanguageGenerator
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    from bot.rasa_parts.in_process_actions import InProcessActions
    from bot.rasa_parts.light_processor import LightAgent
    from bot.rasa_parts.shared_lock_store import SharedLockStore
    from bot.rasa_parts.shared_tracker_store import SharedTrackerStore
    from bot.rasa_parts.tracker_store import ForgetfulTrackerStore

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = TrackerStore.create(endpoints.tracker_store)
    # Rasa replaces a misspelt store by one that keeps every message for ever.
    if not isinstance(store, ForgetfulTrackerStore):
        raise ForeignTrackerStore
    locks = None  # Rasa's own, in memory
    if redis:
        store, locks = SharedTrackerStore(store.domain, redis), SharedLockStore(redis)
    agent = LightAgent(
        generator=NaturalLanguageGenerator.create(endpoints.nlg, domain=None),
        tracker_store=store,
        lock_store=locks,
        action_endpoint=endpoints.action or InProcessActions(),
    )
    agent.load_model(model)
    return agent


def _log_failure(noted: Future) -> None:
    if not noted.cancelled() and (error := noted.exception()):
        logger.error("engine.not_noted %s", logs.fault(error))


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
