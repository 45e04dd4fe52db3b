"""Small neural networks: what regressions cannot tell apart, and weights moved back."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from bot.nlu import learning_networks
from bot.nlu.pieces import Piece
from bot.nlu.reader import Lesson, turned_on

EACH = 400  # lessons of each corner


@pytest.fixture(scope="module")
def corners() -> tuple[np.ndarray, list[Lesson]]:
    """Two things that mean nothing alone, and the same either together or both gone."""
    draw = np.random.default_rng(1)
    vectors, lessons = [], []
    for first, second in ((1, 1), (-1, -1), (1, -1), (-1, 1)):
        name = "alike" if first == second else "unlike"
        for vector in draw.normal(0, 0.2, (EACH, 4)) + (first, second, 0, 5):
            vectors.append(vector.astype(np.float32))
            lessons.append(Lesson(Piece("", vectors[-1]), (name,)))
    for vector in draw.normal(0, 0.2, (EACH, 4)) + (0, 0, 3, 5):
        vectors.append(vector.astype(np.float32))
        lessons.append(Lesson(Piece("", vectors[-1]), ("other",)))
    return np.stack(vectors), lessons


INTENTS = ["alike", "other", "unlike"]


def test_units_know_what_only_counts_together(corners):
    vectors, lessons = corners
    units, (matrix, intercepts) = learning_networks.learn(vectors, lessons, INTENTS)
    scores = turned_on(vectors, *units) @ matrix + intercepts
    found = [INTENTS[number] for number in scores.argmax(axis=1)]
    right = np.mean([a == b.intents[0] for a, b in zip(found, lessons, strict=True)])
    assert right > 0.97


def test_the_same_lessons_teach_the_same_units(corners):
    learn = partial(learning_networks.learn, *corners, INTENTS)
    (first, _), (second, _) = learn(), learn()
    assert np.array_equal(first[0], second[0]) and np.array_equal(first[1], second[1])


def test_weights_for_scaled_vectors_are_moved_back_to_the_original(corners):
    vectors, _ = corners
    scale = learning_networks.Scale(vectors)
    matrix, intercepts = np.eye(4), np.arange(4)
    own, offsets = scale.undone(matrix, intercepts)
    expected = scale.scaled(vectors) @ matrix + intercepts
    assert np.allclose(vectors @ own + offsets, expected, atol=1e-4)


def test_an_intent_that_no_lesson_asks_alone_is_left_to_others(corners):
    vectors, lessons = corners
    both = Lesson(lessons[0].piece, ("alike", "never_alone"))
    _, (matrix, intercepts) = learning_networks.learn(
        np.vstack([vectors, vectors[:1]]), [*lessons, both], [*INTENTS, "zz_never"]
    )
    assert not matrix[:, 3].any() and intercepts[3] == intercepts.min()
