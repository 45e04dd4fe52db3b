"""Learns to read messages in other languages from their sentence vectors.

Two experts: logistic regressions, and small neural networks, which can draw curved
boundaries where regressions only draw straight ones. Both learn from centred and scaled
vectors; the weights that are kept take the vectors as they come.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from bot.nlu import learning
from bot.nlu.arrays import Floats
from bot.nlu.reader import FACTS, SENTENCE, UNITS, WORDS, Lesson, Reader

# The inverse of the regressions' regularisation strength, C in scikit-learn.
STRENGTH = 0.005
NETWORKS, UNITS_EACH, PENALTY, ROUNDS, RATE, BATCH = 4, 192, 3e-3, 10, 7e-4, 256


def learn(lessons: list[Lesson], romanised: list[Lesson]) -> tuple[Reader, Reader]:
    """Learns from messages of three intents or more; seeded.

    Returns:
        The reader for languages in their own scripts, and the one for romanised ones.
        The second also knows the words of the `romanised` lessons, which are some of
        all lessons.
    """
    vectors = np.stack([lesson.piece.vector for lesson in lessons])
    middle, scale = vectors.mean(axis=0), vectors.std()
    seen = (vectors - middle) / scale
    intents = sorted({intent for lesson in lessons for intent in lesson.intents})
    straight = _moved(*_regressions(seen, lessons, intents), middle, scale)
    into, offsets, matrix, intercepts = _networks(seen, lessons, intents)
    weights = {SENTENCE: straight, UNITS: (matrix, intercepts)}
    units = _moved(into, offsets, middle, scale)
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
    learnt = learning.fitted(_regression(), seen[rows], names, sample_weight=weight)
    assert list(learnt.classes_) == intents
    columns, intercepts = [*learnt.coef_], [*learnt.intercept_]
    for fact in FACTS:
        rows, answers, weights = learning.known(lessons, fact)
        weight = learning.balanced(answers, weights)
        one = learning.fitted(_regression(), seen[rows], answers, sample_weight=weight)
        columns.append(one.coef_[0])
        intercepts.append(one.intercept_[0])
    return np.stack(columns, axis=1), np.array(intercepts)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=100)


def _networks(
    seen: Floats, lessons: list[Lesson], intents: list[str]
) -> tuple[Floats, Floats, Floats, Floats]:
    """The units of all networks side by side, and what they say about the intents.

    A lesson of weight 3 is shown three times. The units say nothing about facts.
    """
    rows = [
        row
        for row, lesson in enumerate(lessons)
        if len(lesson.intents) == 1
        for _ in range(round(lesson.weight))
    ]
    names = np.array([lessons[row].intents[0] for row in rows])
    networks = Parallel(n_jobs=learning.WORKERS)(
        delayed(_network)(seen, np.array(rows), names, seed) for seed in range(NETWORKS)
    )
    assert all(list(network.classes_) == intents for network in networks)
    facts = np.zeros((UNITS_EACH, len(FACTS)))
    out = [np.hstack([n.coefs_[1], facts]) / NETWORKS for n in networks]
    of_intents = sum(network.intercepts_[1] for network in networks) / NETWORKS
    return (
        np.hstack([network.coefs_[0] for network in networks]),
        np.concatenate([network.intercepts_[0] for network in networks]),
        np.vstack(out).astype(np.float32),
        np.append(of_intents, np.zeros(len(FACTS))).astype(np.float32),
    )


def _network(seen: Floats, rows: Any, names: Any, seed: int) -> MLPClassifier:
    """One network; its seed sets the order of the lessons and the first weights."""
    order = np.random.default_rng(seed).permutation(len(rows))
    network = MLPClassifier(
        (UNITS_EACH,),
        alpha=PENALTY,
        learning_rate_init=RATE,
        max_iter=ROUNDS,
        batch_size=BATCH,
        random_state=seed,
    )
    fitted: MLPClassifier = learning.fitted(network, seen[rows[order]], names[order])
    return fitted


def _moved(
    matrix: Any, intercepts: Any, middle: Floats, scale: Any
) -> tuple[Floats, Floats]:
    """Weights for centred and scaled vectors, turned into weights for the original."""
    own = matrix / scale
    offsets = intercepts - middle @ own
    return (
        np.ascontiguousarray(own, dtype=np.float32),
        np.asarray(offsets, dtype=np.float32),
    )
