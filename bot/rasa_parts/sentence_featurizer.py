"""The sentence encoder as a Rasa featurizer: a vector for a message and its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.known_vectors import KnownVectors
from bot.nlu.pieces import Pieces, encode, take_apart
from bot.nlu.sentence_encoder import FOLDER, SentenceEncoder
from bot.safety.plain_text import plain

PIECES = "pieces"  # what TopicClassifier reads: see bot/nlu/pieces.py


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives a message the vector of models/sentence_encoder as its sentence feature.

    Any of Rasa's classifiers can read it. For TopicClassifier a message also carries
    its sentences and its clauses, each with a vector.
    """

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Creates the component; raises SentenceEncoderError."""
        super().__init__(name, config)
        self._encoder = SentenceEncoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Creates the component; raises SentenceEncoderError."""
        return cls(config, execution_context.node_name or cls.__name__)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings but Rasa's own for a featurizer."""
        return DenseFeaturizer.get_default_config()

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Accepts every configuration: there is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives all training messages their vectors; most of them are known."""
        encoder = KnownVectors(self._encoder, FOLDER)
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        texts = [plain(message.get(TEXT)) for message in messages]
        for message, piece in zip(messages, encode(texts, encoder), strict=True):
            self._add(message, Pieces(piece))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives each message its vector, and those of its parts."""
        for message in messages:
            self._add(message, take_apart(message.get(TEXT) or "", self._encoder))
        return messages

    def _add(self, message: Message, pieces: Pieces) -> None:
        vector = pieces.whole.vector[np.newaxis]
        name = self._identifier
        message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, name))
        message.set(PIECES, pieces)
