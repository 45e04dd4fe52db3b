"""Rasa's dialogue policy here: which answers a message gets, one to three of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from rasa.core.constants import POLICY_PRIORITY
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.decision import Decider
from bot.nlu.understanding import Understanding
from bot.talk.memory import Memory
from bot.words.reply import Plan
from bot.words.topics import Topics

# What Rasa puts between the steps of a rule.
BETWEEN = (ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME)
# The slot that says what this turn's reply consists of; never kept.
PLAN = "plan"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class SignpostingPolicy(Policy):
    """Follows data/rules.yml, for as many intents as bot/dialogue/decision.py finds.

    It replaces Rasa's RulePolicy, which answers one intent a message, cannot see the
    picture of the conversation, and took a quarter of the time.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """Only rules: there are no stories to learn from."""
        return SupportedData.RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The priority that Rasa asks every policy for; this is the only policy."""
        return {POLICY_PRIORITY: 1}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        steps: dict[str, list[str]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Creates the policy; `steps` are the actions that follow each intent."""
        super().__init__(config, model_storage, resource, execution_context)
        self._steps = steps or {}
        self._decider = Decider.read(Topics.read())
        self._clock = clock

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SignpostingPolicy:
        """Loads the rules; raises when the model lacks them."""
        with model_storage.read_from(resource) as folder:
            steps = json.loads((folder / "steps.json").read_text())
        return cls(config, model_storage, resource, execution_context, steps=steps)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Reads the actions that follow each intent from the rules' trackers."""
        for tracker in training_trackers:
            if tracker.is_rule_tracker:
                intent, actions = _rule_of(tracker)
                self._steps[intent] = actions
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "steps.json").write_text(json.dumps(self._steps))
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Decides when a message has come, then takes the actions of that decision."""
        done = _actions_since_the_message(tracker)
        # `rasa test` does not set the slots that a prediction asks for.
        plan, events = tracker.get_slot(PLAN), list[Event]()
        if not done or not plan:
            plan, kept = self._decide(tracker)
            events = [SlotSet(PLAN, plan), *(SlotSet(n, v) for n, v in kept.items())]
        actions = plan["actions"]
        following = actions[len(done)] if len(done) < len(actions) else None
        probabilities = self._default_predictions(domain)
        name = following or ACTION_LISTEN_NAME
        probabilities[domain.index_for_action(name)] = 1.0
        return self._prediction(probabilities, events=events)

    def _decide(
        self, tracker: DialogueStateTracker
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the newest message asks for: the plan, and what to remember."""
        message = tracker.latest_message
        parsed: Any = message.parse_data if message else {}
        memory = Memory.of_slots(tracker.current_slot_values())
        decision = self._decider.decide(
            Understanding.of_parse_data(parsed), memory, self._clock()
        )
        plan = Plan.of(
            decision.intents,
            self._steps,
            decision.lead,
            decision.offered,
            decision.memory.ordinary_topic,
        )
        slot = {
            "actions": list(plan.actions),
            "lead": plan.lead,
            "offered": list(plan.offered),
        }
        return slot, decision.memory.as_slots()


def _actions_since_the_message(tracker: DialogueStateTracker) -> list[str]:
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            done.append(event.action_name)
    return done


def _rule_of(tracker: TrackerWithCachedStates) -> tuple[str, list[str]]:
    [intent] = [e.intent_name for e in tracker.events if isinstance(e, UserUttered)]
    actions = [e.action_name for e in tracker.events if isinstance(e, ActionExecuted)]
    return str(intent), [name for name in actions if name and name not in BETWEEN]
