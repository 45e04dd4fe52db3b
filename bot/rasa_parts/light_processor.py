"""Rasa's processor without the work that this bot never needs."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name
from threadpoolctl import threadpool_limits

from bot.rasa_parts.in_process_actions import InProcessActions
from bot.rasa_parts.sentence_featurizer import SentenceFeaturizer
from bot.rasa_parts.straight_runner import StraightRunner

logger = logging.getLogger(__name__)

# How often a message looks whether the one before it in its conversation is done.
LOOKS_EVERY_SECONDS = 0.02


class InProcessAction(RemoteAction):
    """A custom action that runs here; what it answers needs no check of its form.

    Rasa checks what an action server says against a schema, and the schema against its
    own, which takes 40 ms.
    """

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class LightProcessor(MessageProcessor):
    """Answers as Rasa's own does (tests/test_light_processor.py), in less time.

    The sentence encoder, half of the work, leaves Python alone: while one message is
    there, another is decided on.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Creates the processor, as Rasa's own is."""
        super().__init__(*args, **kwargs)
        self._actions: dict[str, Action] = {}
        self._at_work = 0
        nodes = self.model_metadata.predict_schema.nodes
        self._encoders = [n for n in nodes if nodes[n].uses is SentenceFeaturizer]

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Loads an archive as Rasa does, for a runner that does not plan each time."""
        path = Path(model_path)
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), path, LocalModelStorage, StraightRunner
            )
        return path.name, metadata, runner

    async def handle_message(self, message: UserMessage) -> None:
        """Hears one message, and acts until the plan of the policy has ended.

        Rasa would also look for an expired session (the store never holds one) and for
        slots to fill (the policy sets them all).
        """
        self._at_work += 1
        try:
            await asyncio.sleep(0)  # so that those that came with it are counted
            tracker = await self.get_tracker(message.sender_id)
            await self._handle_message_with_tracker(message, tracker)
            await self._run_prediction_loop(message.output_channel, tracker)
            await self.save_tracker(tracker)
        finally:
            self._at_work -= 1

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """What the pipeline understands; other messages go on while it is encoded."""
        inputs = {PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}
        run, target = self.graph_runner.run, self.model_metadata.nlu_target
        if self._at_work > 1:  # alone, the way to another thread and back is wasted
            inputs |= await asyncio.to_thread(run, inputs, self._encoders)
        [parsed] = run(inputs, [target])[target]
        found = parsed.as_dict(only_output_properties=only_output_properties)
        return {"text": "", "entities": [], **found}

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """The next action; the policy's plan ends by itself, so there is no limit."""
        prediction = self._predict_next_with_tracker(tracker)
        names = self.domain.action_names_or_texts
        return self._get_action(names[prediction.max_confidence_index]), prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Runs an action on the tracker, where Rasa makes a copy of it first.

        One that fails, or refuses to run, leaves what the others say.
        """
        tracker.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, tracker, self.domain)
        except Exception as error:  # noqa: BLE001 - a visitor is waiting
            logger.error("action.failed %s %s", action.name(), type(error).__name__)
            events = []
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    def _get_action(self, action_name: str) -> Action:
        """Makes each action once; Rasa makes them all for every step."""
        if action_name not in self._actions:
            made = action_for_name_or_text(
                action_name, self.domain, self.action_endpoint
            )
            if isinstance(made, RemoteAction) and isinstance(
                self.action_endpoint, InProcessActions
            ):
                made = InProcessAction(action_name, self.action_endpoint)
            self._actions[action_name] = made
        return self._actions[action_name]


class LightAgent(Agent):
    """Rasa's agent with a LightProcessor."""

    def load_model(
        self, model_path: str | Path, fingerprint: str | None = None
    ) -> None:
        """Loads the model; the answers are those of `generator`.

        From then on sums run on one thread: a message is one core's work, and for
        products this small the threads of BLAS only wait for each other, on both cores.
        """
        threadpool_limits(1, user_api="blas")
        self.processor = LightProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.tracker_store.domain = self.processor.domain

    async def handle_message(self, message: UserMessage) -> None:
        """Handles a message once those before it in the conversation are done.

        Rasa would look for that once a second.
        """
        async with self.lock_store.lock(
            message.sender_id, wait_time_in_seconds=LOOKS_EVERY_SECONDS
        ):
            await self.processor.handle_message(message)
