"""Says which intent a message has, how likely each is, and when it does not know."""

from __future__ import annotations

import re
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from bot.rasa_parts.sentence_encoder import SentenceEncoder

RISK = "immediate_risk"
SENTENCE = "sentence"  # the expert that reads vectors instead of text
WEIGHTS = {"letters": 0.3, "words": 0.3, SENTENCE: 0.4}
# The thresholds have no defaults: config.yml is the one place where they stand.
SETTINGS = ("emergency_above", "lead_above", "fallback_below", "offer_above")
# What SignpostingNLG looks for in a message's parse data.
LEAD = "lead_with_999"
ALSO_LIKELY = "also_likely"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Three logistic regressions that must agree: on letters, words and the sentence.

    Each sees what the others miss: letters read through slips, words know the names of
    things, the sentence vector knows what was meant. Their probabilities are multiplied
    (a geometric mean), which on held-back messages names 5 in 100 topics more than one
    regression on all features together, and is less sure where it is wrong.

    One component instead of Rasa's chain of tokenizer, featurizers, classifier and
    fallback: each node of the graph costs time on every message. Settings, all
    probabilities from 0 to 1 (`make evaluate` shows what they do):
        emergency_above: An emergency, when the intents of immediate risk together
            reach this, even if a calm topic is likelier.
        lead_above: The answer is led by what to do if a child is in danger.
        fallback_below: Nothing is answered; the likeliest topics are offered.
        offer_above: An intent as likely as this is offered below the answer.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        experts: dict[str, Any] | None = None,
    ) -> None:
        """Creates the component; `experts` is what training learnt.

        Raises:
            InvalidConfigException: config.yml lacks a setting.
        """
        if missing := [name for name in SETTINGS if name not in config]:
            raise InvalidConfigException(
                f"config.yml: TopicClassifier lacks {missing}."
            )
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = SentenceEncoder()
        self._experts = experts or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Creates an untrained component; raises SentenceEncoderError."""
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
            experts = joblib.load(folder / "experts.joblib")
        return cls(config, model_storage, resource, experts)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all messages that have an intent and a text."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        texts = [_plain(message.get(TEXT)) for message in examples]
        intents = [message.get(INTENT) for message in examples]
        experts = {
            "letters": make_pipeline(
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
                ),
                _regression(strength=10),
            ),
            "words": make_pipeline(
                TfidfVectorizer(
                    ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[\w']+"
                ),
                _regression(strength=10),
            ),
            SENTENCE: _regression(strength=5),
        }
        for name, expert in experts.items():
            seen = self._encoder.encode(texts) if name == SENTENCE else texts
            expert.fit(seen, intents)
        self._experts = experts
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(experts, folder / "experts.joblib", compress=3)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no component after this one learns."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent, the ranking, and whether 999 leads the answer."""
        names = list(self._experts[SENTENCE].classes_)
        risky = [name.startswith(RISK) for name in names]
        for message in messages:
            chances = self._chances(_plain(message.get(TEXT) or ""))
            ranking = [
                {"name": names[index], "confidence": float(chances[index])}
                for index in np.argsort(-chances)
            ]
            risk = float(chances[risky].sum())
            message.set(INTENT, self._choose(ranking, risk), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:10], add_to_output=True)
            likely = [found["name"] for found in ranking if self._likely(found)]
            message.set(ALSO_LIKELY, likely, add_to_output=True)
            message.set(LEAD, risk >= self._config["lead_above"], add_to_output=True)
        return messages

    def _likely(self, found: dict[str, Any]) -> bool:
        return found["confidence"] >= self._config["offer_above"]

    def _choose(self, ranking: list[dict[str, Any]], risk: float) -> dict[str, Any]:
        if risk >= self._config["emergency_above"]:
            worst = next(found for found in ranking if found["name"].startswith(RISK))
            return {"name": worst["name"], "confidence": risk}
        if ranking[0]["confidence"] < self._config["fallback_below"]:
            doubt = 1 - ranking[0]["confidence"]
            return {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": doubt}
        return ranking[0]

    def _chances(self, text: str) -> np.ndarray:
        """The probability of each intent: float64 of shape (intents,), sum 1."""
        logs = 0.0
        for name, expert in self._experts.items():
            seen = self._encoder.encode([text]) if name == SENTENCE else [text]
            logs += WEIGHTS[name] * np.log(expert.predict_proba(seen)[0] + 1e-9)
        chances = np.exp(logs - logs.max())
        return chances / chances.sum()


def _regression(strength: float) -> LogisticRegression:
    # Balanced: there are ten times as many emergencies as messages of a topic.
    return LogisticRegression(C=strength, max_iter=300, class_weight="balanced")


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, no letter more than twice in a row."""
    text = text.lower().replace("’", "'")
    return re.sub(r"(.)\1{2,}", r"\1\1", text)
