"""Learns what bot/nlu/reader.py reads with: logistic regressions of scikit-learn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu import learning_networks
from bot.nlu.arrays import Doubles, Floats
from bot.nlu.fitting import WORKERS, fitted
from bot.nlu.reader import (
    ANALYZERS,
    FACTS,
    LETTERS,
    SENTENCE,
    UNITS,
    WORDS,
    Lesson,
    Reader,
    turned_on,
)
from bot.nlu.terms import Terms, analyze

# A term counts if so many messages have it. The letters of a word that occurs so often
# are looked up ahead of time: those are most of the words that people type.
OFTEN, LOOKED_UP = 2, 5
# The inverse of the regularisation strength, C in scikit-learn.
STRENGTH = {LETTERS: 10.0, WORDS: 10.0, SENTENCE: 10.0, UNITS: 0.1}
# How often to go through all messages for the intents: one by one, and all at once.
ROUNDS, STEPS = 10, 50


def learn(lessons: list[Lesson]) -> Reader:
    """Learns from messages of three intents or more, in two processes."""
    texts = [lesson.piece.text for lesson in lessons]
    vectorizers = {name: _vectorizer(name) for name in ANALYZERS}
    seen: dict[str, Any] = {
        name: v.fit_transform(texts) for name, v in vectorizers.items()
    }
    seen[SENTENCE] = np.stack([lesson.piece.vector for lesson in lessons])
    intents = sorted({intent for lesson in lessons for intent in lesson.intents})
    units, of_units = learning_networks.learn(seen[SENTENCE], lessons, intents)
    seen[UNITS] = turned_on(seen[SENTENCE], *units)
    weights = _learn_experts(seen, lessons, intents, of_units)
    terms = {name: _terms(name, v, texts) for name, v in vectorizers.items()}
    return Reader(intents, terms, weights, units)


def learn_words(
    lessons: list[Lesson], intents: list[str]
) -> tuple[Terms, tuple[Floats, Floats]]:
    """Only the expert on words; the lessons must cover all the intents."""
    vectorizer = _vectorizer(WORDS)
    texts = [lesson.piece.text for lesson in lessons]
    seen = vectorizer.fit_transform(texts)
    learnt = _learn_experts({WORDS: seen}, lessons, intents)
    return _terms(WORDS, vectorizer, texts), learnt[WORDS]


def _vectorizer(name: str) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=partial(analyze, ANALYZERS[name]),
        sublinear_tf=True,
        min_df=OFTEN,
        dtype=np.float32,
    )


def _terms(name: str, vectorizer: TfidfVectorizer, texts: list[str]) -> Terms:
    names = vectorizer.get_feature_names_out().tolist()
    parts = Counter(chain.from_iterable(map(ANALYZERS[name].parts, texts)))
    known = sorted(part for part, often in parts.items() if often >= LOOKED_UP)
    idf = vectorizer.idf_.astype(np.float32)
    return Terms(ANALYZERS[name], names, idf, known)


def asked(lessons: list[Lesson]) -> tuple[list[int], list[str], list[float]]:
    """For each intent of each lesson: the lesson's row, and how much it counts.

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
    """Weights that make each name count the same; their mean is 1."""
    totals: dict[Hashable, float] = defaultdict(float)
    for name, share in zip(names, shares, strict=True):
        totals[name] += share
    weights = [s / totals[n] for n, s in zip(names, shares, strict=True)]
    scaled: Doubles = np.array(weights) * (len(names) / len(totals))
    return scaled


def _learn_experts(
    seen: dict[str, Any],
    lessons: list[Lesson],
    intents: list[str],
    of_units: tuple[Doubles, Doubles] | None = None,
) -> dict[str, tuple[Floats, Floats]]:
    """For each expert: its intercepts, and a column of weights per intent and fact.

    What the units say about the intents is known: it was learnt with them.
    """
    asks, facts = asked(lessons), [known(lessons, fact) for fact in FACTS]
    straight = [name for name in seen if name != UNITS]
    tasks = [
        *(
            delayed(_learn_intents)(name, seen[name], asks, intents)
            for name in straight
        ),
        *(delayed(_learn_fact)(name, seen[name], f) for name in seen for f in facts),
    ]
    learnt = Parallel(n_jobs=WORKERS)(tasks)
    of_facts = learnt[len(straight) :]
    of_intents = dict(zip(straight, learnt[: len(straight)], strict=True))
    if of_units:
        of_intents[UNITS] = of_units
    found = {}
    for number, name in enumerate(seen):
        those = of_facts[number * len(FACTS) : (number + 1) * len(FACTS)]
        columns, intercepts = of_intents[name]
        matrix: Any = np.column_stack([columns, *(column for column, _ in those)])
        # In rows, since a message has few of the terms. Nearly all of the model is what
        # the terms weigh, so those numbers have 16 bits.
        small = np.float16 if name in ANALYZERS else np.float32
        found[name] = (
            np.ascontiguousarray(matrix.astype(small)),
            np.append(intercepts, [intercept for _, intercept in those]),
        )
    return found


def _learn_intents(
    name: str,
    seen: Any,
    asks: tuple[list[int], list[str], list[float]],
    intents: list[str],
) -> tuple[Floats, Floats]:
    """One regression over all intents."""
    rows, names, shares = asks
    # There are ten times as many emergencies as messages of a topic.
    learnt = fitted(
        _of_intents(name), seen[rows], names, sample_weight=balanced(names, shares)
    )
    assert list(learnt.classes_) == intents
    return learnt.coef_.T, learnt.intercept_


def _learn_fact(
    name: str, seen: Any, of_fact: tuple[list[int], list[bool], list[float]]
) -> tuple[Doubles, float]:
    """One regression over what is known about a fact."""
    rows, answers, weights = of_fact
    if len(set(answers)) < 2:  # as in other languages: nothing to tell apart
        return np.zeros(seen.shape[1]), 0.0
    learnt = fitted(_of_fact(name), seen[rows], answers, sample_weight=weights)
    return learnt.coef_[0], learnt.intercept_[0]


def known(
    lessons: list[Lesson], fact: str
) -> tuple[list[int], list[bool], list[float]]:
    """For each lesson with a known fact: its row, the fact and its weight."""
    rows = [row for row, lesson in enumerate(lessons) if fact in lesson.facts]
    return (
        rows,
        [lessons[row].facts[fact] for row in rows],
        [lessons[row].weight for row in rows],
    )


def _of_intents(name: str) -> LogisticRegression:
    """Untrained; it tells all intents apart.

    Terms by the hundred thousand are weighed ten times as fast, and as well, by going
    from message to message as by going through all of them for every step.
    """
    if name in ANALYZERS:
        return LogisticRegression(
            C=STRENGTH[name], solver="sag", max_iter=ROUNDS, random_state=0
        )
    return LogisticRegression(C=STRENGTH[name], max_iter=STEPS)


def _of_fact(name: str) -> LogisticRegression:
    """Untrained; it tells true from false, which count the same however many."""
    return LogisticRegression(C=STRENGTH[name], class_weight="balanced")
