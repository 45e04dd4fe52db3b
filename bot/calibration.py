"""How the model's scores become probabilities: data/calibration.yml, and its formulas.

Each formula is a logistic regression on a few scores. `make evaluate` fits the numbers
on tests/evaluation/tuning, messages that the model has not learnt from, so that of all
intents given 0.7 about seven in ten are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit, logit

from bot import DATA, yaml_files
from bot.reader import DOUBLE, Scores

CHANCE = ("whole", "clauses", "double", "parts", "double_parts", "clauses_double")
RISK = ("whole", "rise")
_LEAST = 1e-6  # keeps log odds finite


class CalibrationError(ValueError):
    """data/calibration.yml lacks a number."""


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
            CalibrationError: A number is missing.
        """
        content = yaml_files.read(folder / "calibration.yml")
        for part, names in (("chance", CHANCE), ("risk", RISK), ("hint", RISK)):
            for name in (*names, "offset"):
                if not isinstance((content.get(part) or {}).get(name), float):
                    raise CalibrationError(
                        f"data/calibration.yml: `{part}` needs a number `{name}`. "
                        "`make evaluate` writes the file."
                    )
        return cls(content["chance"], content["risk"], content["hint"])

    def chances(self, scores: Scores) -> np.ndarray:
        """The independent probability of each intent: float64 of shape (intents,)."""
        return _logistic(self.chance, chance_scores(scores))

    def danger(self, scores: Scores) -> tuple[float, float]:
        """The probabilities of immediate risk: by `risk`, and by `hint`."""
        seen = risk_scores(scores)
        return float(_logistic(self.risk, seen)), float(_logistic(self.hint, seen))


def chance_scores(scores: Scores) -> np.ndarray:
    """What `Calibration.chance` weighs: float64 of shape (intents, len(CHANCE))."""
    whole = _odds(scores.whole)
    parts = np.full_like(whole, scores.clauses is not None)
    clauses = parts if scores.clauses is None else _odds(scores.clauses)
    double = np.full_like(whole, scores.facts[DOUBLE])
    columns = (whole, clauses, double, parts, double * parts, clauses * double)
    return np.stack(columns, axis=-1)


def risk_scores(scores: Scores) -> np.ndarray:
    """What `Calibration.risk` weighs: float64 of shape (len(RISK),).

    The log odds of the whole message, and by how much its most alarming sentence alone
    exceeds them.
    """
    whole = _odds(scores.risk)
    if scores.risk_in_sentence is None:
        return np.array([whole, 0.0])
    return np.array([whole, max(0.0, _odds(scores.risk_in_sentence) - whole)])


def _odds(share):
    return logit(np.clip(share, _LEAST, 1 - _LEAST))


def _logistic(weights: dict[str, float], scores: np.ndarray):
    *each, offset = weights.values()
    return expit(scores @ np.array(each) + offset)
