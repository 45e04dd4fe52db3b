"""Understands messages in other languages, instead of the reader of English."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import ROOT
from bot.languages.gate import LanguageGate
from bot.nlu import foreign
from bot.nlu.known_vectors import KnownVectors
from bot.nlu.learning_languages import learn
from bot.nlu.multilingual_encoder import FOLDER, MultilingualEncoder, tidy
from bot.nlu.other_languages import FOLDERS, OtherLanguages
from bot.nlu.talks import read_lessons
from bot.nlu.understanding import Understanding
from bot.rasa_parts.topic_classifier import set_understanding
from bot.words.topics import Topics


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class MultilingualClassifier(GraphComponent, IntentClassifier):
    """Reads messages that are not English, with a separate encoder.

    It comes after TopicClassifier, whose reading it replaces.

    Both read a message that is partly English, and the more alarming reading wins.

    Settings:
        messages: The folder with the messages in other languages.
        conversations: As TopicClassifier's.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        languages: OtherLanguages | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._languages = languages

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MultilingualClassifier:
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
    ) -> MultilingualClassifier:
        """Loads a trained component; raises when the model lacks it."""
        with model_storage.read_from(resource) as folder:
            languages = OtherLanguages.load(folder)
        return cls(config, model_storage, resource, languages)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the messages in other languages, and from some English ones."""
        topics, encoder = Topics.read(), KnownVectors(MultilingualEncoder(), FOLDER)
        english = [
            (message.get(INTENT), message.get(TEXT))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        messages = ROOT / self._config["messages"]
        lessons = foreign.lessons(
            foreign.some_english(english, topics),
            foreign.read_messages(messages),
            encoder,
        )
        lessons += read_lessons(ROOT / self._config["conversations"], encoder, tidy)
        romanised = foreign.lessons(
            [], foreign.read_messages(messages, foreign.ROMANISED_FILES), encoder
        )
        readers = learn(
            foreign.labelled(lessons, topics), foreign.labelled(romanised, topics)
        )
        with self._model_storage.write_to(self._resource) as folder:
            for name, reader in zip(FOLDERS, readers, strict=True):
                (folder / name).mkdir()
                reader.save(folder / name)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no component after this one learns."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Understands the messages that are not English, and leaves the others."""
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        guess = self._gate.judge(text)
        if not guess.language:
            return
        assert self._languages, "process is called on a loaded component"
        found = self._languages.understand(text, guess.language)
        if guess.mixed:
            english = Understanding.of_parse_data(message.as_dict_nlu())
            found = found.with_danger_of(english)
        set_understanding(message, found)

    @cached_property
    def _gate(self) -> LanguageGate:
        """Read only when needed."""
        return LanguageGate.read()
