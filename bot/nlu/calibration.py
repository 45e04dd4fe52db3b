"""How the model's scores become probabilities: data/calibration.yml, and its formulas.

Each formula is a logistic regression on a few scores. `make evaluate` fits the numbers
on tests/evaluation/tuning, messages that the model has not learnt from, so that of all
intents given 0.7 about seven in ten are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot import DATA
from bot.nlu.arrays import Doubles
from bot.nlu.reader import DOUBLE, Scores
from bot.words import fitted

CHANCE = ("whole", "clauses", "double", "parts", "double_parts", "clauses_double")
RISK = ("whole", "rise")
_LEAST = 1e-6  # keeps log odds finite


@dataclass(frozen=True)
class Calibration:
    """The numbers of data/calibration.yml: a weight for each score, and an offset.

    `risk` and `hint` are both for immediate risk to a child. `hint` weighs the most
    alarming sentence more, so that one in a long message is not drowned.
    """

    chance: dict[str, float]
    risk: dict[str, float]
    hint: dict[str, float]

    @classmethod
    def read(cls, folder: Path = DATA) -> Calibration:
        """Reads calibration.yml.

        Raises:
            YamlFileError: The file cannot be read.
            FittedError: A number is missing.
        """
        content = fitted.read_calibration(folder)
        return cls(content["chance"], content["risk"], content["hint"])

    def chances(self, scores: Scores) -> Doubles:
        """The independent probability of each intent: float64 of shape (intents,)."""
        return _logistic(self.chance, CHANCE, chance_scores(scores))

    def danger(self, scores: Scores) -> tuple[float, float]:
        """The probabilities of immediate risk: by `risk`, and by `hint`."""
        seen = risk_scores(scores)
        return float(_logistic(self.risk, RISK, seen)), float(
            _logistic(self.hint, RISK, seen)
        )


def chance_scores(scores: Scores) -> Doubles:
    """What `Calibration.chance` weighs: float64 of shape (intents, len(CHANCE))."""
    whole = _odds(scores.whole)
    parts = np.full_like(whole, scores.clauses is not None)
    clauses = parts if scores.clauses is None else _odds(scores.clauses)
    double = np.full_like(whole, scores.facts[DOUBLE])
    columns = (whole, clauses, double, parts, double * parts, clauses * double)
    return np.stack(columns, axis=-1)


def risk_scores(scores: Scores) -> Doubles:
    """What `Calibration.risk` weighs: float64 of shape (len(RISK),).

    The log odds of the whole message, and by how much its most alarming sentence alone
    exceeds them.
    """
    whole = _odds(scores.risk)
    if scores.risk_in_sentence is None:
        return np.array([whole, 0.0])
    return np.array([whole, max(0.0, _odds(scores.risk_in_sentence) - whole)])


def logistic(odds: npt.ArrayLike) -> Doubles:
    """The probability that log odds stand for; stable however large they are."""
    found: Doubles = np.exp(-np.logaddexp(0.0, -np.asarray(odds, dtype=np.float64)))
    return found


def _odds(share: npt.ArrayLike) -> Doubles:
    sure = np.clip(np.asarray(share, dtype=np.float64), _LEAST, 1 - _LEAST)
    found: Doubles = np.log(sure) - np.log1p(-sure)
    return found


def _logistic(
    weights: dict[str, float], names: tuple[str, ...], scores: Doubles
) -> Doubles:
    each = np.array([weights[name] for name in names])
    return logistic(scores @ each + weights["offset"])
