"""Learns small neural networks, which draw curved boundaries where regressions cannot.

They learn from centred and scaled sentence vectors; the weights that are kept take the
vectors as they come.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.neural_network import MLPClassifier

from bot.nlu.arrays import Doubles, Floats
from bot.nlu.fitting import WORKERS, fitted
from bot.nlu.reader import Lesson

NETWORKS, UNITS_EACH, PENALTY, ROUNDS, RATE, BATCH = 4, 192, 3e-3, 10, 7e-4, 256

Layer = tuple[Floats, Floats]  # a matrix, and what is added to its products


class Scale:
    """The middle of some vectors, and how far they spread round it."""

    def __init__(self, vectors: Floats) -> None:
        """Measures vectors of shape (vectors, width)."""
        self._middle, self._spread = vectors.mean(axis=0), vectors.std()

    def scaled(self, vectors: Floats) -> Floats:
        """The vectors with the middle at zero and a spread of one."""
        found: Floats = (vectors - self._middle) / self._spread
        return found

    def undone(self, matrix: Any, intercepts: Any) -> Layer:
        """Weights for scaled vectors, turned into weights for the original."""
        own = matrix / self._spread
        offsets = intercepts - self._middle @ own
        return (
            np.ascontiguousarray(own, dtype=np.float32),
            np.asarray(offsets, dtype=np.float32),
        )


def learn(
    vectors: Floats, lessons: list[Lesson], intents: list[str]
) -> tuple[Layer, tuple[Doubles, Doubles]]:
    """The units of all networks side by side, and what they say about the intents.

    Seeded. A lesson of weight 3 is shown three times; one with several intents is not
    shown, and an intent that nothing asks alone is left to the other experts.

    Args:
        vectors: The sentence vector of each lesson, shape (lessons, width).
        lessons: What to learn from.
        intents: In the order of the columns.
    """
    scale = Scale(vectors)
    rows = [
        row
        for row, lesson in enumerate(lessons)
        if len(lesson.intents) == 1
        for _ in range(round(lesson.weight))
    ]
    names = np.array([lessons[row].intents[0] for row in rows])
    seen = scale.scaled(vectors)
    networks = Parallel(n_jobs=WORKERS)(
        delayed(_network)(seen, np.array(rows), names, seed) for seed in range(NETWORKS)
    )
    units = scale.undone(
        np.hstack([network.coefs_[0] for network in networks]),
        np.concatenate([network.intercepts_[0] for network in networks]),
    )
    shown = [intents.index(name) for name in networks[0].classes_]
    found = np.mean([network.intercepts_[1] for network in networks], axis=0)
    columns = np.zeros((NETWORKS * UNITS_EACH, len(intents)))
    intercepts = np.full(len(intents), found.min())
    columns[:, shown] = np.vstack([n.coefs_[1] for n in networks]) / NETWORKS
    intercepts[shown] = found
    return units, (columns, intercepts)


def _network(seen: Floats, rows: Any, names: Any, seed: int) -> MLPClassifier:
    """One network; its seed sets the order of the lessons and the first weights."""
    order = np.random.default_rng(seed).permutation(len(rows))
    network = MLPClassifier(
        (UNITS_EACH,),
        alpha=PENALTY,
        learning_rate_init=RATE,
        max_iter=ROUNDS,
        batch_size=min(BATCH, len(rows)),
        random_state=seed,
    )
    learnt: MLPClassifier = fitted(network, seen[rows[order]], names[order])
    return learnt
