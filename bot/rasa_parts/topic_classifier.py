"""Says how likely each intent is, and what a message shows of danger to a child."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import ROOT
from bot.dialogue.decision import NOT_NOW
from bot.nlu.calibration import Calibration
from bot.nlu.known_vectors import KnownVectors
from bot.nlu.learning import learn
from bot.nlu.reader import (
    AT_RISK,
    DEPENDS,
    DOUBLE,
    MISUSE,
    RETRACTS,
    RISK,
    Lesson,
    Reader,
)
from bot.nlu.sentence_encoder import FOLDER, SentenceEncoder
from bot.nlu.talks import read_lessons
from bot.nlu.understanding import KEY, Understanding
from bot.rasa_parts.sentence_featurizer import PIECES, SentenceFeaturizer
from bot.words.topics import REFUSALS

# A message of data/nlu asks one thing and needs no context.
ORDINARY = {DOUBLE: False, DEPENDS: False}
# What certainly takes danger back, and what certainly does not. The others can be
# either: "it was my uncle, years ago" is a question, and after an alarm it would take
# that back.
RETRACTING = {NOT_NOW: True, RISK: False}


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class TopicClassifier(GraphComponent, IntentClassifier):
    """bot/nlu/reader.py and bot/nlu/calibration.py as a Rasa classifier.

    One component where Rasa would chain a tokenizer, two featurizers and a classifier:
    each node of the graph costs time on every message. It decides nothing: thresholds
    are for bot/dialogue/decision.py.

    Settings:
        conversations: The folder with messages that Rasa's format cannot hold, such as
            double questions, from the top of the repository; null: there are none.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader
        self._calibration = Calibration.read()

    @classmethod
    def required_components(cls) -> list[type]:
        """The vectors come from SentenceFeaturizer."""
        return [SentenceFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Learns only from data/nlu unless config.yml names more."""
        return {"conversations": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Creates an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Loads a trained component; raises when the model lacks it."""
        with model_storage.read_from(resource) as folder:
            reader = Reader.load(folder)
        return cls(config, model_storage, resource, reader)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all messages that have an intent and a text."""
        lessons = [
            Lesson(message.get(PIECES).whole, (message.get(INTENT),), _facts(message))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        if folder := self._config["conversations"]:
            encoder = KnownVectors(SentenceEncoder(), FOLDER)
            lessons += read_lessons(ROOT / folder, encoder)
        self._reader = learn(lessons)
        with self._model_storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no component after this one learns."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent, the ranking, and the rest of what was understood."""
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        """Sets what one message says; what is under KEY is for bot/dialogue."""
        assert self._reader, "process is called on a loaded component"
        scores = self._reader.read(message.get(PIECES))
        found = Understanding.of_scores(scores, self._reader.intents, self._calibration)
        set_understanding(message, found)


def set_understanding(message: Message, found: Understanding) -> None:
    """Sets Rasa's intent and ranking, and the rest for bot/dialogue."""
    ranking = [
        {"name": intent, "confidence": chance}
        for intent, chance in found.chances.items()
    ]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    message.set(KEY, found.as_parse_data(), add_to_output=True)


def _facts(message: Message) -> dict[str, bool]:
    """What is known about a message of data/nlu besides its intent."""
    intent = message.get(INTENT)
    facts = {AT_RISK: intent.startswith(RISK), MISUSE: intent in REFUSALS}
    if intent in RETRACTING:
        facts[RETRACTS] = RETRACTING[intent]
    return {**ORDINARY, **facts}
