"""Learns what bot/nlu/reader.py reads with: logistic regressions of scikit-learn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.arrays import Doubles, Floats
from bot.nlu.reader import (
    ANALYZERS,
    FACTS,
    LETTERS,
    SENTENCE,
    WORDS,
    Lesson,
    Reader,
)
from bot.nlu.terms import Terms

# The inverse of the regularisation, as scikit-learn has it.
STRENGTH = {LETTERS: 10.0, WORDS: 10.0, SENTENCE: 5.0}


def learn(lessons: list[Lesson]) -> Reader:
    """Learns from messages of three intents or more."""
    texts = [lesson.piece.text for lesson in lessons]
    vectorizers = {name: _vectorizer(name) for name in ANALYZERS}
    seen: dict[str, Any] = {
        name: v.fit_transform(texts) for name, v in vectorizers.items()
    }
    seen[SENTENCE] = np.stack([lesson.piece.vector for lesson in lessons])
    intents = sorted({intent for lesson in lessons for intent in lesson.intents})
    weights = {
        name: _learn_expert(name, matrix, lessons, intents)
        for name, matrix in seen.items()
    }
    terms = {name: _terms(name, vectorizer) for name, vectorizer in vectorizers.items()}
    return Reader(intents, terms, weights)


def learn_words(
    lessons: list[Lesson], intents: list[str]
) -> tuple[Terms, tuple[Floats, Floats]]:
    """The expert on words alone; the lessons must be of all the intents."""
    vectorizer = _vectorizer(WORDS)
    seen = vectorizer.fit_transform([lesson.piece.text for lesson in lessons])
    return _terms(WORDS, vectorizer), _learn_expert(WORDS, seen, lessons, intents)


def _vectorizer(name: str) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=ANALYZERS[name], sublinear_tf=True, min_df=2, dtype=np.float32
    )


def _terms(name: str, vectorizer: TfidfVectorizer) -> Terms:
    names = vectorizer.get_feature_names_out().tolist()
    return Terms(ANALYZERS[name], names, vectorizer.idf_.astype(np.float32))


def asked(lessons: list[Lesson]) -> tuple[list[int], list[str], list[float]]:
    """The row of each lesson with each of its intents, and how much that counts.

    A double question counts half for each.
    """
    found = [
        (row, intent, lesson.weight / len(lesson.intents))
        for row, lesson in enumerate(lessons)
        for intent in lesson.intents
    ]
    rows, names, shares = map(list, zip(*found, strict=True))
    return rows, names, shares


def balanced(names: Sequence[Hashable], shares: Sequence[float]) -> Doubles:
    """Weights by which each name counts alike; their mean is 1."""
    totals: dict[Hashable, float] = defaultdict(float)
    for name, share in zip(names, shares, strict=True):
        totals[name] += share
    weights = [s / totals[n] for n, s in zip(names, shares, strict=True)]
    scaled: Doubles = np.array(weights) * (len(names) / len(totals))
    return scaled


def _learn_expert(
    name: str, seen: Any, lessons: list[Lesson], intents: list[str]
) -> tuple[Floats, Floats]:
    """The weights and intercepts of one expert, a column for each intent and fact."""
    columns, intercepts = _learn_intents(name, seen, lessons, intents)
    for fact in FACTS:
        known = [row for row, lesson in enumerate(lessons) if fact in lesson.facts]
        answers = [lessons[row].facts[fact] for row in known]
        if len(set(answers)) < 2:  # nothing to tell apart, as in foreign data
            columns = np.column_stack([columns, np.zeros(len(columns))])
            intercepts = np.append(intercepts, 0.0)
            continue
        weights = [lessons[row].weight for row in known]
        learnt = _regression(name, "balanced").fit(
            seen[known], answers, sample_weight=weights
        )
        columns = np.column_stack([columns, learnt.coef_[0]])
        intercepts = np.append(intercepts, learnt.intercept_)
    # In rows: a sparse product would copy a matrix in columns for every message.
    return np.ascontiguousarray(columns, dtype=np.float32), intercepts


def _learn_intents(
    name: str, seen: Any, lessons: list[Lesson], intents: list[str]
) -> tuple[Floats, Floats]:
    """One regression over all intents."""
    rows, names, shares = asked(lessons)
    # There are ten times as many emergencies as messages of a topic.
    learnt = _regression(name).fit(
        seen[rows], names, sample_weight=balanced(names, shares)
    )
    assert list(learnt.classes_) == intents
    return learnt.coef_.T, learnt.intercept_


def _regression(name: str, class_weight: str | None = None) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[name], max_iter=100, class_weight=class_weight)
