"""Learns to read messages in other languages from their sentence vectors.

Two experts: logistic regressions, and small neural networks, which can draw curved
boundaries where regressions only draw straight ones. Both learn from centred and scaled
vectors; the weights that are kept take the vectors as they come.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.nlu import learning, learning_networks
from bot.nlu.arrays import Floats
from bot.nlu.fitting import fitted
from bot.nlu.reader import FACTS, SENTENCE, UNITS, WORDS, Lesson, Reader

# The inverse of the regressions' regularisation strength, C in scikit-learn.
STRENGTH = 0.005


def learn(lessons: list[Lesson], romanised: list[Lesson]) -> tuple[Reader, Reader]:
    """Learns from messages of three intents or more; seeded.

    Returns:
        The reader for languages in their own scripts, and the one for romanised ones.
        The second also knows the words of the `romanised` lessons, which are some of
        all lessons.
    """
    vectors = np.stack([lesson.piece.vector for lesson in lessons])
    scale = learning_networks.Scale(vectors)
    intents = sorted({intent for lesson in lessons for intent in lesson.intents})
    straight = scale.undone(*_regressions(scale.scaled(vectors), lessons, intents))
    units, (columns, intercepts) = learning_networks.learn(vectors, lessons, intents)
    # The units say nothing about facts.
    matrix = np.pad(columns, ((0, 0), (0, len(FACTS)))).astype(np.float32)
    of_units = matrix, np.pad(intercepts, (0, len(FACTS))).astype(np.float32)
    weights = {SENTENCE: straight, UNITS: of_units}
    terms, known = learning.learn_words(romanised, intents)
    return (
        Reader(intents, {}, weights, units),
        Reader(intents, {WORDS: terms}, weights | {WORDS: known}, units),
    )


def _regressions(
    seen: Floats, lessons: list[Lesson], intents: list[str]
) -> tuple[Floats, Floats]:
    """A column for each intent and each fact, and their intercepts."""
    rows, names, shares = learning.asked(lessons)
    weight = learning.balanced(names, shares)
    learnt = fitted(_regression(), seen[rows], names, sample_weight=weight)
    assert list(learnt.classes_) == intents
    columns, intercepts = [*learnt.coef_], [*learnt.intercept_]
    for fact in FACTS:
        rows, answers, weights = learning.known(lessons, fact)
        weight = learning.balanced(answers, weights)
        one = fitted(_regression(), seen[rows], answers, sample_weight=weight)
        columns.append(one.coef_[0])
        intercepts.append(one.intercept_[0])
    return np.stack(columns, axis=1), np.array(intercepts)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=100)
