"""From a typed message to a decision, with what was learnt."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue.decision import Decider
from bot.engine import model_file
from bot.nlu.english import English
from bot.nlu.other_languages import OtherLanguages
from bot.nlu.reader import Reader
from bot.nlu.understanding import Understanding
from bot.talk.messages import Decision, Question, Served
from bot.words.topics import Topics


class OtherContent(LookupError):
    """A question refers to topics that the front has not sent."""


class Mind:
    """What understands messages, and the decider.

    It reaches the same decisions as Rasa's usual path, which `rasa shell` takes
    (tests/engine/test_mind.py), without Rasa: the front remembers the conversation and
    puts the replies together. It leaves out the net, which the front has asked already,
    and Rasa's reader of `/intent{…}`.
    """

    def __init__(self, english: English, others: OtherLanguages) -> None:
        """Takes what understands English and what understands other languages."""
        self._english, self._others = english, others
        # By the version of their topics, the newest last. The previous one stays: other
        # threads still decide with it while new topics come in.
        self._deciders: dict[str, Decider] = {}

    @classmethod
    def load(cls, model: Path) -> Mind:
        """Loads what a trained model has learnt.

        Raises:
            ModelError: It cannot be served.
            ValueError: What understands messages lacks a file, or a number.
        """
        with model_file.learnt(model) as folder_of:
            english = English(Reader.load(folder_of("TopicClassifier")))
            others = OtherLanguages.load(folder_of("MultilingualClassifier"))
        return cls(english, others)

    def serve(self, served: Served) -> None:
        """Decides with these topics from now on.

        Raises:
            ValueError: They have a gap, or a file that Decider.read needs has one.
        """
        before = list(self._deciders.items())[-1:]
        fresh = Decider.read(Topics(served.topics))
        self._deciders = {**dict(before), served.version: fresh}

    def decide(self, question: Question) -> Decision:
        """Decides on one message.

        Raises:
            OtherContent: The question refers to topics that were not served.
        """
        decider = self._deciders.get(question.version)
        if decider is None:
            raise OtherContent
        found = self.understand(question.text, question.language, question.mixed)
        if question.forced:
            found = found.with_forced(question.forced)
        return decider.decide(found, question.memory, question.now)

    def understand(
        self, text: str, language: str | None = None, mixed: bool = False
    ) -> Understanding:
        """What a message asks, and what it shows of danger.

        Args:
            text: The message.
            language: What it is written in; None: English.
            mixed: Whether a part of it is in English. The more alarming reading wins.
        """
        if language is None:
            return self._english.understand(text)
        found = self._others.understand(text, language)
        return found.with_danger_of(self._english.understand(text)) if mixed else found
