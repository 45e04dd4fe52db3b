"""From scores to probabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml

from bot.nlu.calibration import Calibration
from bot.nlu.reader import AT_RISK, DOUBLE, FACTS, MISUSE, Scores
from bot.talk.memory import Picture
from bot.words.fitted import FittedError

FACTS_UNKNOWN = dict.fromkeys(FACTS, 0.0)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return Calibration.read()


def scores(whole, clauses=None, risk=0.01, in_sentence=None, double=0.0) -> Scores:
    """Scores of intents that are a family each."""
    clauses = None if clauses is None else np.array(clauses)
    facts = {**FACTS_UNKNOWN, DOUBLE: double, AT_RISK: odds(risk)}
    family, within = np.arange(len(whole)), np.ones(len(whole))
    alarm = None if in_sentence is None else odds(in_sentence)
    return Scores(np.array(whole), clauses, family, within, risk, 0.01, facts, alarm)


def odds(share: float) -> float:
    """The log odds of a probability, finite."""
    sure = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(sure) - np.log1p(-sure))


def test_probabilities_are_independent_of_each_other(calibration):
    two = [0.5, 0.5, 0.001]
    chances = calibration.chances(scores(two, [0.95, 0.95, 0.001], double=3.0))

    assert chances[0] > 0.5 and chances[1] > 0.5 and chances[2] < 0.1


def test_what_is_likelier_by_the_words_is_likelier_afterwards(calibration):
    first, second, third = calibration.chances(scores([0.7, 0.2, 0.1]))

    assert first > second > third


def test_what_a_family_is_given_is_shared_out_among_its_intents(calibration):
    alone = calibration.chances(scores([0.8, 0.2]))
    family, within = np.array([0, 0, 1]), np.array([0.75, 0.25, 1.0])
    shared = calibration.chances(
        replace(scores([0.8, 0.2]), family=family, within=within)
    )

    assert shared == pytest.approx([0.75 * alone[0], 0.25 * alone[0], alone[1]])


@pytest.mark.parametrize("part", range(3))
def test_each_part_of_the_picture_raises_the_danger_of_a_talk(calibration, part):
    seen = [0.5, 0.5, 0.5]
    less = calibration.danger_in_talk(Picture(*seen), Picture(*seen), 0.3)
    seen[part] = 0.9

    assert calibration.danger_in_talk(Picture(*seen), Picture(*seen), 0.3) > less


def test_a_turn_that_sounds_like_danger_raises_that_of_its_talk(calibration):
    picture = Picture(0.5, 0.5, 0.5)
    low, high = (
        calibration.danger_in_talk(picture, picture, risk) for risk in (0.1, 0.9)
    )

    assert high > low


def test_one_alarming_sentence_raises_the_danger(calibration):
    _, calm = calibration.danger(scores([1.0], risk=0.02, in_sentence=0.02))
    _, alarming = calibration.danger(scores([1.0], risk=0.02, in_sentence=0.98))

    assert alarming > calm


def test_the_regression_of_danger_alone_and_of_misuse_count(calibration):
    calm = scores([1.0])
    facts = {**calm.facts, AT_RISK: 5.0, MISUSE: 5.0}
    other = replace(calm, facts=facts)

    assert calibration.danger(other)[0] > calibration.danger(calm)[0]
    assert calibration.refusal(other) > calibration.refusal(calm)


def test_a_calm_sentence_lowers_nothing(calibration):
    alone = calibration.danger(scores([1.0], risk=0.4))
    with_calm = calibration.danger(scores([1.0], risk=0.4, in_sentence=0.001))

    assert with_calm == alone


def test_a_certain_score_is_still_finite(calibration):
    assert np.isfinite(calibration.chances(scores([1.0, 0.0]))).all()
    risk, hint = calibration.danger(scores([1.0], risk=1.0, in_sentence=0.0))
    assert 0 < risk <= 1 and 0 < hint <= 1


def test_a_number_that_is_missing_is_named(tmp_path):
    content = yaml.safe_load("{chance: {}, risk: {}}")
    (tmp_path / "calibration.yml").write_text(yaml.safe_dump(content))

    with pytest.raises(FittedError, match="`whole` of `chance` is missing"):
        Calibration.read(tmp_path)
