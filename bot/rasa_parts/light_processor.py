"""Rasa's processor without the work that this bot never needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name
from threadpoolctl import threadpool_limits

from bot.rasa_parts.in_process_actions import InProcessActions
from bot.rasa_parts.straight_runner import StraightRunner


class InProcessAction(RemoteAction):
    """A custom action that runs here; what it answers needs no check of its form.

    Rasa checks what an action server says against a schema, and the schema against its
    own, which takes 40 ms.
    """

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True


class LightProcessor(MessageProcessor):
    """Answers as Rasa's own does (tests/test_light_processor.py), in less time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Creates the processor, as Rasa's own is."""
        super().__init__(*args, **kwargs)
        self._actions: dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Loads an archive as Rasa does, for a runner that does not plan each time."""
        path = Path(model_path)
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), path, LocalModelStorage, StraightRunner
            )
        return path.name, metadata, runner

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Extracts nothing: every slot of domain.yml is set by the policy."""
        return tracker

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """The next action; the policy's plan ends by itself, so there is no limit."""
        prediction = self._predict_next_with_tracker(tracker)
        names = self.domain.action_names_or_texts
        return self._get_action(names[prediction.max_confidence_index]), prediction

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: tests/test_content.py compares the intents with the domain."""

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """Updates the tracker; Rasa copies all events first, for a log that is off."""
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events or [], self.domain)

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
