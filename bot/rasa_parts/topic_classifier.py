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
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.rasa_parts.sentence_encoder import SentenceEncoder

RISK = "immediate_risk"
# What SignpostingNLG looks for in a message's parse data.
LEAD = "lead_with_999"
ALSO_LIKELY = "also_likely"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Logistic regression on the sentence vector and on the letters and words.

    One component instead of Rasa's chain of tokenizer, featurizers, classifier and
    fallback: each node of the graph costs time on every message. Settings, all
    probabilities from 0 to 1 (`make evaluate` shows what they do):
        emergency_above: An emergency, when the intents of immediate risk together
            reach this, even if a calm topic is likelier.
        lead_above: The answer is led by what to do if a child is in danger.
        fallback_below: Nothing is answered; the likeliest topics are offered.
        offer_above: An intent as likely as this is offered below the answer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings used where config.yml names none."""
        return {
            "emergency_above": 0.4,
            "lead_above": 0.15,
            "fallback_below": 0.3,
            "offer_above": 0.01,
            "dense_weight": 3.0,
            "C": 3.0,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        fitted: dict[str, Any] | None = None,
    ) -> None:
        """Creates the component; `fitted` holds what training learnt."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = SentenceEncoder()
        self._fitted = fitted or {}

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
            fitted = joblib.load(folder / "classifier.joblib")
        return cls(config, model_storage, resource, fitted)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all messages that have an intent and a text."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        texts = [message.get(TEXT) for message in examples]
        self._fitted = {
            "letters": TfidfVectorizer(
                analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
            ),
            "words": TfidfVectorizer(
                ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[\w']+"
            ),
        }
        for vectorizer in self._fitted.values():
            vectorizer.fit(map(_plain, texts))
        self._fitted["regression"] = LogisticRegression(
            C=self._config["C"], max_iter=300, class_weight="balanced"
        ).fit(self._features(texts), [message.get(INTENT) for message in examples])
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._fitted, folder / "classifier.joblib", compress=3)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: no component after this one learns."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent, the ranking, and whether 999 leads the answer."""
        regression = self._fitted["regression"]
        names = list(regression.classes_)
        risky = [name.startswith(RISK) for name in names]
        for message in messages:
            [chances] = regression.predict_proba(
                self._features([message.get(TEXT) or ""])
            )
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

    def _features(self, texts: list[str]) -> csr_matrix:
        plain = [_plain(text) for text in texts]
        return hstack(
            [
                self._fitted["letters"].transform(plain),
                self._fitted["words"].transform(plain),
                csr_matrix(self._encoder.encode(texts) * self._config["dense_weight"]),
            ]
        ).tocsr()


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, no letter more than twice in a row."""
    text = text.lower().replace("’", "'")
    return re.sub(r"(.)\1{2,}", r"\1\1", text)
