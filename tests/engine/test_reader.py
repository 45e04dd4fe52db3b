"""The statistical heart, on a handful of made-up examples."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.learning import learn
from bot.nlu.pieces import Piece, Pieces
from bot.nlu.reader import (
    ARRAYS_FILE,
    AT_RISK,
    DEPENDS,
    DOUBLE,
    FACTS,
    Lesson,
    Reader,
)

WORDS = {
    "law_sentence": "how many years in prison",
    "helpline_how": "when does the phone line open",
    "immediate_risk": "he is with her upstairs now",
}


ALONE = {DOUBLE: False, DEPENDS: False}


def piece(text: str) -> Piece:
    """A piece whose vector says which words it shares with each of `WORDS`."""
    vector = np.zeros(384, dtype=np.float32)
    for column, known in enumerate(WORDS.values()):
        shared = set(text.split()) & set(known.split())
        vector[column] = len(shared) / len(known.split())
    return Piece(text, vector)


@pytest.fixture(scope="module")
def reader() -> Reader:
    lessons = [
        Lesson(piece(text), (intent,), {**ALONE, AT_RISK: intent == "immediate_risk"})
        for intent, text in WORDS.items()
        for _ in range(6)
    ]
    both = "how many years in prison and when does the phone line open"
    two = ("law_sentence", "helpline_how")
    lessons += [Lesson(piece(both), two, {DOUBLE: True}) for _ in range(6)]
    lessons += [Lesson(piece("and then"), (), {DEPENDS: True}) for _ in range(6)]
    return learn(lessons)


def test_the_shares_of_the_intents_add_up_to_one(reader):
    scores = reader.read(Pieces(piece("how many years")))

    assert scores.whole.sum() == pytest.approx(1)
    assert reader.intents[int(scores.whole.argmax())] == "law_sentence"


def test_a_finer_intent_counts_for_its_family():
    texts = {**WORDS, "law_sentence_prison": "what is a cell in prison like"}
    finer = learn([Lesson(piece(t), (i,)) for i, t in texts.items() for _ in range(6)])
    scores = finer.read(Pieces(piece("what is a cell like")))

    assert finer.families == ["helpline_how", "immediate_risk", "law_sentence"]
    of = dict(zip(finer.intents, scores.family, strict=True))
    assert of["law_sentence_prison"] == of["law_sentence"] == 2
    within = dict(zip(finer.intents, scores.within, strict=True))
    assert within["law_sentence_prison"] > within["law_sentence"]
    assert within["law_sentence_prison"] + within["law_sentence"] == pytest.approx(1)


def test_the_kinds_of_danger_count_alike():
    """A child who hides does not get the answer for somebody who may harm one."""
    texts = {**WORDS, "immediate_risk_own_urge": "i am with her upstairs now"}
    kinds = learn([Lesson(piece(t), (i,)) for i, t in texts.items() for _ in range(6)])
    scores = kinds.read(Pieces(piece(WORDS["immediate_risk"])))

    within = dict(zip(kinds.intents, scores.within, strict=True))
    assert within["immediate_risk"] > within["immediate_risk_own_urge"]


def test_a_double_question_differs_from_a_single_one(reader):
    single = reader.read(Pieces(piece(WORDS["law_sentence"])))
    double = reader.read(
        Pieces(piece("how many years in prison and when does the phone line open"))
    )

    assert double.facts[DOUBLE] > single.facts[DOUBLE]


def test_each_clause_is_scored_for_itself(reader):
    clauses = (piece(WORDS["law_sentence"]), piece(WORDS["helpline_how"]))
    scores = reader.read(Pieces(piece("how many years when does"), (), clauses))
    greatest = dict(zip(reader.intents, scores.clauses, strict=True))

    assert greatest["law_sentence"] > 0.6 and greatest["helpline_how"] > 0.6


def test_the_most_alarming_sentence_counts(reader):
    calm, alarming = piece(WORDS["helpline_how"]), piece(WORDS["immediate_risk"])
    scores = reader.read(Pieces(calm, (calm, alarming)))

    assert scores.at_risk_in_sentence > 0 > scores.facts[AT_RISK]


def test_a_message_of_one_sentence_has_no_parts(reader):
    scores = reader.read(Pieces(piece("how many years")))

    assert scores.clauses is None and scores.at_risk_in_sentence is None


def test_a_fact_that_nothing_taught_is_left_open(reader):
    scores = reader.read(Pieces(piece("how many years")))

    assert set(scores.facts) == set(FACTS)
    assert scores.facts["now_or_soon"] == 0.0


def test_what_was_learnt_is_kept_as_arrays_and_words_and_read_again(reader, tmp_path):
    reader.save(tmp_path)
    again = Reader.load(tmp_path)

    message = Pieces(piece("how many years"), (), (piece("the phone line"),))
    one, other = reader.read(message), again.read(message)
    assert again.intents == reader.intents
    assert np.array_equal(one.whole, other.whole) and one.facts == other.facts
    assert np.array_equal(one.clauses, other.clauses)


def test_a_file_of_arrays_that_holds_code_is_not_read(reader, tmp_path):
    reader.save(tmp_path)
    with np.load(tmp_path / ARRAYS_FILE) as arrays:
        harmful = {**arrays, "words_idf": np.array([print], dtype=object)}
    np.savez(tmp_path / ARRAYS_FILE, **harmful)

    with pytest.raises(ValueError, match="allow_pickle"):
        Reader.load(tmp_path)
