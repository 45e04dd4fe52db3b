"""From scores to probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from bot.nlu.calibration import Calibration
from bot.nlu.reader import DOUBLE, FACTS, Scores
from bot.words.fitted import FittedError

FACTS_UNKNOWN = dict.fromkeys(FACTS, 0.0)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return Calibration.read()


def scores(whole, clauses=None, risk=0.01, in_sentence=None, double=0.0) -> Scores:
    clauses = None if clauses is None else np.array(clauses)
    facts = {**FACTS_UNKNOWN, DOUBLE: double}
    return Scores(np.array(whole), clauses, risk, in_sentence, facts)


def test_probabilities_are_independent_of_each_other(calibration):
    two = [0.5, 0.5, 0.001]
    chances = calibration.chances(scores(two, [0.95, 0.95, 0.001], double=3.0))

    assert chances[0] > 0.5 and chances[1] > 0.5 and chances[2] < 0.1


def test_what_is_likelier_by_the_words_is_likelier_afterwards(calibration):
    first, second, third = calibration.chances(scores([0.7, 0.2, 0.1]))

    assert first > second > third


def test_one_alarming_sentence_raises_the_danger(calibration):
    _, calm = calibration.danger(scores([1.0], risk=0.02, in_sentence=0.02))
    _, alarming = calibration.danger(scores([1.0], risk=0.02, in_sentence=0.98))

    assert alarming > calm


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
