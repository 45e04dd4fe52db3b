"""Reads a message with what was learnt: how likely each intent and each fact is.

Each of four experts sees what the others miss: letters see through typing mistakes,
words know the names of things, the sentence vector knows what was meant, and its units
know what only counts together. Each is a set of logistic regressions
(bot/nlu/learning.py), the last of small neural networks; what they say is added up with
the weights below, which is the geometric mean of their probabilities. This module does
not use Rasa.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.arrays import Doubles, Floats, Indices
from bot.nlu.pieces import Piece, Pieces
from bot.nlu.terms import Analyzer, Letters, Terms, Words
from bot.words.topics import REFUSALS, family

LETTERS, WORDS, SENTENCE = "letters", "words", "sentence"
# Of small neural networks: the sentence vector turns each on or off.
UNITS = "units"
WEIGHTS = {LETTERS: 0.2, WORDS: 0.35, SENTENCE: 0.2, UNITS: 0.25}
# The reader of other languages has neither letters nor words.
LANGUAGE_WEIGHTS = {SENTENCE: 0.5, UNITS: 0.5}
# The encoder knows little about South Asian languages in Latin letters; words help
# there.
ROMANISED_WEIGHTS = {SENTENCE: 0.3, UNITS: 0.3, WORDS: 0.4}
ANALYZERS: dict[str, Analyzer] = {LETTERS: Letters(), WORDS: Words()}

RISK = "immediate_risk"  # the intents that begin with it
# What a message may show besides its intents; the first three make up a Picture.
PICTURE = ("person_gives_cause", "child_reachable", "now_or_soon")
DEPENDS = "depends"  # it depends on the answer before it
DOUBLE = "double"  # it asks more than one thing
RETRACTS = "retracts"  # it takes back what sounded like danger
AT_RISK = "at_risk"  # by a separate regression; it sees what the intents miss
MISUSE = "misuse"  # separate too: it asks for images, contact or a way round the police
FACTS = (*PICTURE, DEPENDS, DOUBLE, RETRACTS, AT_RISK, MISUSE)
# How much the most general intent of a family counts beside a finer one: a question
# about travel on the register mostly says "register", too.
GENERAL = 0.5
# In the first file: the words whose letters are looked up ahead of time.
KNOWN = "known"
NAMES_FILE, ARRAYS_FILE = "reader.json", "reader.npz"


@dataclass(frozen=True)
class Lesson:
    """One message to learn from.

    `intents` is what it asks, empty if it only teaches facts; `facts` is what is known
    about it, true or false, by the names in `FACTS`; `weight` is how much it counts.
    """

    piece: Piece
    intents: tuple[str, ...] = ()
    facts: dict[str, bool] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True)
class Scores:
    """What was read in one message, before it is calibrated.

    Intents whose names begin alike are a family: law_register and law_register_travel.

    Attributes:
        whole: The share of each family in the message; they add up to 1.
        clauses: The greatest share of each in one clause; None: there is only one.
            family: For each intent the place of its family in these two.
        within: For each intent its share in its family.
        risk: The share of the intents of immediate risk in the message.
        refusal: The share of the intents that are refused.
        facts: The log odds of each of `FACTS`.
        at_risk_in_sentence: The greatest log odds of `AT_RISK` in one sentence; None:
            it is only one.
    """

    whole: Doubles
    clauses: Doubles | None
    family: Indices
    within: Doubles
    risk: float
    refusal: float
    facts: dict[str, float]
    at_risk_in_sentence: float | None = None


class Reader:
    """What was learnt: a matrix for each expert, with a column for each score.

    It is kept as arrays and lists of words: such a file holds no code, and the program
    can be rearranged without training again.
    """

    def __init__(
        self,
        intents: list[str],
        terms: dict[str, Terms],
        weights: dict[str, tuple[Floats, Floats]],
        units: tuple[Floats, Floats] | None = None,
    ) -> None:
        """Takes what was learnt.

        Args:
            intents: In the order of the first columns; those of `FACTS` follow.
            terms: What the experts on letters and words know.
            weights: For each expert its matrix and its intercepts.
            units: The matrix and intercepts that turn a sentence vector into units.
        """
        self.intents = intents
        named = [family(intent, intents) for intent in intents]
        self.families = list(dict.fromkeys(named))
        self._family = np.array([self.families.index(name) for name in named])
        self._belongs = np.eye(len(self.families))[self._family]
        self._risky = np.array([intent.startswith(RISK) for intent in intents])
        finer = [intent != name for intent, name in zip(intents, named, strict=True)]
        # Not for danger: each kind of danger needs different words.
        self._counts = np.where(np.array(finer) | self._risky, 1.0, GENERAL)
        self._refused = np.array([name in REFUSALS for name in named])
        self._terms = terms
        self._weights = weights
        self._units = units
        self._shares = WEIGHTS
        if LETTERS not in weights:
            self._shares = ROMANISED_WEIGHTS if WORDS in weights else LANGUAGE_WEIGHTS

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """Reads what `save` wrote; raises OSError, KeyError or ValueError."""
        names = json.loads((folder / NAMES_FILE).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as arrays:
            weights = {
                name: (arrays[f"{name}_matrix"], arrays[f"{name}_intercepts"])
                for name in WEIGHTS
                if f"{name}_matrix" in arrays
            }
            units = None
            if UNITS in weights:
                units = arrays["in_units_matrix"], arrays["in_units_intercepts"]
            terms = {
                name: Terms(
                    analyzer,
                    names[name],
                    arrays[f"{name}_idf"],
                    names[KNOWN] if name == LETTERS else (),
                )
                for name, analyzer in ANALYZERS.items()
                if name in weights
            }
        return cls(names["intents"], terms, weights, units)

    def save(self, folder: Path) -> None:
        """Writes two files into a folder that exists."""
        names = {name: terms.names for name, terms in self._terms.items()}
        if LETTERS in self._terms:
            names[KNOWN] = self._terms[LETTERS].known
        (folder / NAMES_FILE).write_text(
            json.dumps({"intents": self.intents, **names}), encoding="utf-8"
        )
        arrays: dict[str, Any] = {
            f"{name}_idf": terms.idf for name, terms in self._terms.items()
        }
        for name, (matrix, intercepts) in self._weights.items():
            arrays[f"{name}_matrix"] = matrix
            arrays[f"{name}_intercepts"] = intercepts
        if self._units:
            arrays["in_units_matrix"], arrays["in_units_intercepts"] = self._units
        np.savez(folder / ARRAYS_FILE, **arrays)

    def read(self, pieces: Pieces) -> Scores:
        """Scores a message and its parts."""
        parts = [pieces.whole, *pieces.sentences, *pieces.clauses]
        shares, facts = self._score(parts)
        whole, sentences, clauses = np.split(shares, [1, 1 + len(pieces.sentences)])
        _, alarm, _ = np.split(facts[:, FACTS.index(AT_RISK)], [1, 1 + len(sentences)])
        most = np.maximum(whole[0], clauses.max(0)) if pieces.clauses else whole[0]
        within = most * self._counts
        return Scores(
            whole[0] @ self._belongs,
            (clauses @ self._belongs).max(0) if pieces.clauses else None,
            self._family,
            within / (within @ self._belongs)[self._family],
            float(whole[0, self._risky].sum()),
            float(whole[0, self._refused].sum()),
            dict(zip(FACTS, map(float, facts[0]), strict=True)),
            float(alarm.max()) if pieces.sentences else None,
        )

    def _score(self, pieces: list[Piece]) -> tuple[Doubles, Doubles]:
        """Shares of intents (pieces, intents) and log odds of facts (pieces, FACTS)."""
        texts = [piece.text for piece in pieces]
        total: Floats | float = 0.0
        for name, (matrix, intercepts) in self._weights.items():
            if name == SENTENCE:
                seen = np.stack([piece.vector for piece in pieces]) @ matrix
            elif name == UNITS and self._units:
                vectors = np.stack([piece.vector for piece in pieces])
                seen = turned_on(vectors, *self._units) @ matrix
            else:
                seen = self._terms[name].times(texts, matrix)
            total = total + self._shares[name] * (seen + intercepts)
        scores = np.asarray(total, dtype=np.float64)
        of_intents, of_facts = np.split(scores, [len(self.intents)], axis=1)
        return _softmax(of_intents), of_facts


def turned_on(vectors: Floats, into: Floats, offsets: Floats) -> Floats:
    """How far sentence vectors turn each unit on, from the units' own weights."""
    units: Floats = np.maximum(vectors @ into + offsets, 0.0)
    return units


def _softmax(scores: Doubles) -> Doubles:
    """The share of each column in its row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Doubles = raised / raised.sum(axis=1, keepdims=True)
    return shares
