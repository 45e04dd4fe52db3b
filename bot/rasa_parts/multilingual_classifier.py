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
from bot.languages.scripts import ROMANISED, group
from bot.nlu import foreign
from bot.nlu.calibration import Calibration
from bot.nlu.known_vectors import KnownVectors
from bot.nlu.learning_languages import learn
from bot.nlu.multilingual_encoder import FOLDER, MultilingualEncoder, tidy
from bot.nlu.pieces import take_apart
from bot.nlu.reader import Reader
from bot.nlu.talks import read_lessons
from bot.nlu.understanding import Understanding
from bot.rasa_parts.topic_classifier import set_understanding
from bot.words.topics import Topics

FOLDERS = ("own_scripts", "romanised")  # for what was learnt, in the model
LANGUAGE = "language"  # what the front heard: a language tag, and whether it is mixed


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class MultilingualClassifier(GraphComponent, IntentClassifier):
    """Reads messages that are not English, with a separate encoder.

    It comes after TopicClassifier, whose reading it replaces.

    Both read a message that is partly English, and the more alarming reading wins. In
    `rasa shell` this component finds out the language itself.

    Settings:
        messages: The folder with the messages in other languages.
        conversations: As TopicClassifier's.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        readers: tuple[Reader, Reader] | None = None,
    ) -> None:
        """Creates the component; raises MultilingualEncoderError."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._readers = readers
        self._encoder = MultilingualEncoder()
        self._calibration = Calibration.read_for_languages()

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
            own, romanised = (Reader.load(folder / name) for name in FOLDERS)
        return cls(config, model_storage, resource, (own, romanised))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the messages in other languages, and from some English ones."""
        topics, encoder = Topics.read(), KnownVectors(self._encoder, FOLDER)
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
        self._readers = learn(
            foreign.labelled(lessons, topics), foreign.labelled(romanised, topics)
        )
        with self._model_storage.write_to(self._resource) as folder:
            for name, reader in zip(FOLDERS, self._readers, strict=True):
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
        language, mixed = message.get(LANGUAGE) or self._heard(text)
        if not language:
            return
        found = self.understand(text, language)
        if mixed:
            english = Understanding.of_parse_data(message.as_dict_nlu())
            found = found.with_danger_of(english)
        set_understanding(message, found)

    def understand(self, text: str, language: str) -> Understanding:
        """What it reads in a message in another language."""
        assert self._readers, "a loaded component has its readers"
        own, romanised = self._readers
        script = group(language, text)
        reader = romanised if script == ROMANISED else own
        scores = reader.read(take_apart(text, self._encoder, tidy))
        return Understanding.of_scores(
            scores, reader.intents, self._calibration, script
        )

    @cached_property
    def _gate(self) -> LanguageGate:
        """Read only when needed: the front gives the engine the language."""
        return LanguageGate.read()

    def _heard(self, text: str) -> tuple[str | None, bool]:
        guess = self._gate.judge(text)
        return guess.language, guess.mixed
