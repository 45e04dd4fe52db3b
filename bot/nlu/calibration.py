"""How the model's scores become probabilities: data/calibration.yml, and its formulas.

Each formula is a logistic regression on a few scores. `make evaluate` fits the numbers
on tests/evaluation/tuning, messages that the model has not learnt from, so that about
seven in ten of the intents given 0.7 are right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot import DATA
from bot.nlu.arrays import Doubles
from bot.nlu.reader import AT_RISK, DOUBLE, Scores
from bot.nlu.reader import MISUSE as FACT_MISUSE
from bot.talk.memory import Picture
from bot.words import fitted

CHANCE = ("whole", "clauses", "double", "parts", "double_parts", "clauses_double")
RISK = ("whole", "alone", "rise")
MISUSE = ("whole", "alone")
SECOND = ("first", "second", "double")
TALK = ("cause", "child", "soon", "soon_now", "now")
_LEAST = 1e-6  # keeps log odds finite


@dataclass(frozen=True)
class Calibration:
    """The numbers of data/calibration.yml: a weight for each score, and an offset.

    `risk` and `hint` are both for immediate risk to a child. `hint` weighs the most
    alarming sentence more, so that it still counts in a long message. `talk` is for
    danger that shows over several turns of a conversation, `misuse` for a request that
    is refused, `second` for another question in the same message.
    """

    chance: dict[str, float]
    risk: dict[str, float]
    hint: dict[str, float]
    talk: dict[str, float]
    misuse: dict[str, float]
    second: dict[str, float]

    @classmethod
    def read(cls, folder: Path = DATA) -> Calibration:
        """Reads calibration.yml.

        Raises:
            YamlFileError: The file cannot be read.
            FittedError: A number is missing.
        """
        return cls(**fitted.read_calibration(folder))

    @classmethod
    def read_for_languages(cls, folder: Path = DATA) -> Calibration:
        """Reads calibration_languages.yml, for the reader of other languages."""
        return cls(**fitted.read_calibration(folder, "calibration_languages"))

    def chances(self, scores: Scores) -> Doubles:
        """The probability of each intent: float64 of shape (intents,).

        Families are independent of each other; the probability of each is divided among
        its intents.
        """
        weights = np.array([self.chance[name] for name in CHANCE])
        odds = chance_scores(scores) @ weights + self.chance["offset"]
        shared: Doubles = logistic(odds)[scores.family] * scores.within
        return shared

    def danger(self, scores: Scores) -> tuple[float, float]:
        """The probabilities of immediate risk: by `risk`, and by `hint`."""
        seen = risk_scores(scores)
        return _chance(self.risk, RISK, seen), _chance(self.hint, RISK, seen)

    def refusal(self, scores: Scores) -> float:
        """The probability that a message asks for something that is refused."""
        return _chance(self.misuse, MISUSE, misuse_scores(scores))

    def second_question(self, first: float, second: float, double: float) -> float:
        """The probability that a message asks for a second topic as well.

        A likely second topic is often only another reading of the first question. If
        both are likely, and the message sounds like two questions, it is a second
        question.

        Args:
            first: The probability of the likeliest family of topics.
            second: The probability of the other one.
            double: The probability that the message asks more than one thing.
        """
        seen = second_scores(first, second, double)
        return _chance(self.second, SECOND, seen)

    def danger_in_talk(self, picture: Picture, turn: Picture, risk: float) -> float:
        """The probability of immediate risk, from everything said in a conversation.

        Args:
            picture: What its turns showed, this one included.
            turn: What this turn showed.
            risk: The probability of immediate risk by this turn alone.
        """
        return _chance(self.talk, TALK, talk_scores(picture, turn, risk))


def chance_scores(scores: Scores) -> Doubles:
    """What `Calibration.chance` weighs: float64 of shape (families, len(CHANCE))."""
    whole = _odds(scores.whole)
    parts = np.full_like(whole, scores.clauses is not None)
    clauses = parts if scores.clauses is None else _odds(scores.clauses)
    double = np.full_like(whole, scores.facts[DOUBLE])
    columns = (whole, clauses, double, parts, double * parts, clauses * double)
    return np.stack(columns, axis=-1)


def risk_scores(scores: Scores) -> tuple[float, ...]:
    """What `Calibration.risk` weighs.

    The log odds of the whole message, by its intents and by a separate regression, and
    by how much its most alarming sentence exceeds the latter.
    """
    alone, rise = scores.facts[AT_RISK], 0.0
    if scores.at_risk_in_sentence is not None:
        rise = max(0.0, scores.at_risk_in_sentence - alone)
    return _log_odds(scores.risk), alone, rise


def misuse_scores(scores: Scores) -> tuple[float, ...]:
    """What `Calibration.misuse` weighs, in log odds."""
    return _log_odds(scores.refusal), scores.facts[FACT_MISUSE]


def second_scores(first: float, second: float, double: float) -> tuple[float, ...]:
    """What `Calibration.second` weighs, in log odds."""
    return _log_odds(first), _log_odds(second), _log_odds(double)


def talk_scores(picture: Picture, turn: Picture, risk: float) -> tuple[float, ...]:
    """What `Calibration.talk` weighs, in log odds.

    The parts of the picture may have been said at any time. What this turn says about
    the time, and how alarming it is, counts again.
    """
    return tuple(map(_log_odds, (*picture.parts, turn.now_or_soon, risk)))


def logistic(odds: npt.ArrayLike) -> Doubles:
    """The probabilities that log odds stand for; stable however large they are."""
    found: Doubles = np.exp(-np.logaddexp(0.0, -np.asarray(odds, dtype=np.float64)))
    return found


def _odds(shares: Doubles) -> Doubles:
    sure = np.minimum(np.maximum(shares, _LEAST), 1 - _LEAST)
    found: Doubles = np.log(sure) - np.log1p(-sure)
    return found


def _log_odds(share: float) -> float:
    """`_odds` of one number: numpy takes ten times as long for that."""
    sure = min(max(share, _LEAST), 1 - _LEAST)
    return math.log(sure) - math.log1p(-sure)


def _chance(
    weights: dict[str, float], names: tuple[str, ...], scores: tuple[float, ...]
) -> float:
    """The probability by one formula."""
    seen = zip(names, scores, strict=True)
    odds = weights["offset"] + sum(weights[name] * score for name, score in seen)
    # Neither exponent can be large.
    if odds >= 0:
        return 1 / (1 + math.exp(-odds))
    return math.exp(odds) / (1 + math.exp(odds))
