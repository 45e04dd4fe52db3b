"""The statistical heart: from a message to the probabilities of what it says.

Three experts see what the others miss: letters read through slips, words know the names
of things, the sentence vector knows what was meant. Each is a set of logistic
regressions (scikit-learn); what they say is added up with the weights below, which is
the geometric mean of their probabilities. No Rasa in here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.pieces import Piece, Pieces
from bot.terms import Terms

LETTERS, WORDS, SENTENCE = "letters", "words", "sentence"
WEIGHTS = {LETTERS: 0.3, WORDS: 0.3, SENTENCE: 0.4}
# The inverse of the regularisation, as scikit-learn has it.
STRENGTH = {LETTERS: 10.0, WORDS: 10.0, SENTENCE: 5.0}

RISK = "immediate_risk"  # the intents that begin with it
# What a message may show besides its intents; the first three make up a Picture.
PICTURE = ("person_gives_cause", "child_reachable", "now_or_soon")
DEPENDS = "depends"  # it leans on the answer before it
DOUBLE = "double"  # it asks more than one thing
FACTS = (*PICTURE, DEPENDS, DOUBLE)


@dataclass(frozen=True)
class Lesson:
    """One message to learn from.

    `intents` is what it asks, empty when it only teaches facts; `facts` is what is
    known of it, true or false, by the names in `FACTS`.
    """

    piece: Piece
    intents: tuple[str, ...] = ()
    facts: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """What was read in one message, before it is calibrated.

    Attributes:
        whole: The share of each intent in the message; they add up to 1.
        clauses: The greatest share of each in one clause; None: it is only one.
        risk: The share of the intents of immediate risk in the message.
        risk_in_sentence: Their greatest share in one sentence; None: it is only one.
        facts: The log odds of each of `FACTS`.
    """

    whole: np.ndarray
    clauses: np.ndarray | None
    risk: float
    risk_in_sentence: float | None
    facts: dict[str, float]


class Reader:
    """What was learnt: for each expert a matrix with a column for each score."""

    def __init__(
        self, intents: list[str], vectorizers: dict[str, Any], weights: dict[str, Any]
    ) -> None:
        self.intents = intents
        self._vectorizers = vectorizers
        self._weights = weights  # expert -> (matrix, intercepts)

    @classmethod
    def learn(cls, lessons: list[Lesson]) -> Reader:
        """Learns from messages of three intents or more."""
        texts = [lesson.piece.text for lesson in lessons]
        vectorizers = {
            LETTERS: TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(2, 5),
                sublinear_tf=True,
                min_df=2,
                dtype=np.float32,
            ),
            WORDS: TfidfVectorizer(
                ngram_range=(1, 2),
                sublinear_tf=True,
                token_pattern=r"[\w']+",
                min_df=2,
                dtype=np.float32,
            ),
        }
        seen = {name: v.fit_transform(texts) for name, v in vectorizers.items()}
        seen[SENTENCE] = np.stack([lesson.piece.vector for lesson in lessons])
        intents = sorted({intent for lesson in lessons for intent in lesson.intents})
        weights = {
            name: _learn_expert(name, matrix, lessons, intents)
            for name, matrix in seen.items()
        }
        return cls(intents, vectorizers, weights)

    def read(self, pieces: Pieces) -> Scores:
        """Scores a message and its parts."""
        parts = [pieces.whole, *pieces.sentences, *pieces.clauses]
        shares, facts = self._score(parts)
        whole, sentences, clauses = np.split(shares, [1, 1 + len(pieces.sentences)])
        risky = [intent.startswith(RISK) for intent in self.intents]
        return Scores(
            whole[0],
            clauses.max(0) if pieces.clauses else None,
            float(whole[0, risky].sum()),
            float(sentences[:, risky].sum(1).max()) if pieces.sentences else None,
            dict(zip(FACTS, map(float, facts[0]), strict=True)),
        )

    @cached_property
    def _terms(self) -> dict[str, Terms]:
        return {name: Terms(fitted) for name, fitted in self._vectorizers.items()}

    def _score(self, pieces: list[Piece]) -> tuple[np.ndarray, np.ndarray]:
        """Shares of intents (pieces, intents) and log odds of facts (pieces, FACTS)."""
        texts = [piece.text for piece in pieces]
        total: Any = 0.0
        for name, (matrix, intercepts) in self._weights.items():
            if name == SENTENCE:
                seen = np.stack([piece.vector for piece in pieces]) @ matrix
            else:
                seen = self._terms[name].times(texts, matrix)
            total = total + WEIGHTS[name] * (seen + intercepts)
        scores = np.asarray(total, dtype=np.float64)
        of_intents, of_facts = np.split(scores, [len(self.intents)], axis=1)
        return softmax(of_intents, axis=1), of_facts


def _learn_expert(
    name: str, seen: Any, lessons: list[Lesson], intents: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The weights and intercepts of one expert, a column for each intent and fact."""
    columns, intercepts = _learn_intents(name, seen, lessons, intents)
    for fact in FACTS:
        known = [row for row, lesson in enumerate(lessons) if fact in lesson.facts]
        answers = [lessons[row].facts[fact] for row in known]
        if len(set(answers)) < 2:  # nothing to tell apart, as in foreign data
            columns = np.column_stack([columns, np.zeros(len(columns))])
            intercepts = np.append(intercepts, 0.0)
            continue
        learnt = _regression(name, "balanced").fit(seen[known], answers)
        columns = np.column_stack([columns, learnt.coef_[0]])
        intercepts = np.append(intercepts, learnt.intercept_)
    # In rows: a sparse product would copy a matrix in columns for every message.
    return np.ascontiguousarray(columns, dtype=np.float32), intercepts


def _learn_intents(
    name: str, seen: Any, lessons: list[Lesson], intents: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """One regression over all intents; a double question counts half for each."""
    asked = [
        (row, intent, 1 / len(lesson.intents))
        for row, lesson in enumerate(lessons)
        for intent in lesson.intents
    ]
    rows, names, shares = map(list, zip(*asked, strict=True))
    # Balanced: there are ten times as many emergencies as messages of a topic.
    counts: Counter = Counter()
    for _, intent, share in asked:
        counts[intent] += share
    weight = [share / counts[i] for i, share in zip(names, shares, strict=True)]
    scale = len(names) / len(intents)
    learnt = _regression(name).fit(
        seen[rows], names, sample_weight=np.array(weight) * scale
    )
    assert list(learnt.classes_) == intents
    return learnt.coef_.T, learnt.intercept_


def _regression(name: str, class_weight: str | None = None) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[name], max_iter=100, class_weight=class_weight)
