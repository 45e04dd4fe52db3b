"""The 999 net as an NLU component, so that every Rasa channel has it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.understanding import KEY
from bot.rasa_parts import content


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class SafetyGuard(GraphComponent, IntentClassifier):
    """Forces an emergency intent when a rule of data/safety_rules.yml matches.

    It comes last in `config.yml`: a classifier after it could undo its answer.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyGuard:
        """Reads the rules; raises YamlFileError or SafetyRulesError."""
        content.net()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts the emergency intent of the net in front of what the model said."""
        net = content.net()
        for message in messages:
            verdict = net.judge(message.get(TEXT) or "")
            if verdict:
                forced = {"name": verdict.intent, "confidence": 1.0}
                ranking = message.get(INTENT_RANKING_KEY) or []
                others = [found for found in ranking if found["name"] != verdict.intent]
                message.set(INTENT, forced, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [forced, *others], add_to_output=True)
                understood = dict(message.get(KEY) or {})
                understood["forced"] = verdict.intent
                message.set(KEY, understood, add_to_output=True)
        return messages
