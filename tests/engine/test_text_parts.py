"""How a message is taken apart: sentences for the risk, clauses for the questions."""

from __future__ import annotations

import pytest

from bot.nlu.text_parts import (
    MOST_CLAUSES,
    MOST_SENTENCES,
    WINDOW_WORDS,
    clauses,
    sentences,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what number do i ring and will they want my name",
         ["what number do i ring", "will they want my name"]),
        ("is it saved? also who are you lot", ["is it saved?", "who are you lot"]),
        ("so is it free question mark is it private question mark",
         ["so is it free", "is it private"]),
        ("one thing at a time please", []),
        ("my son and daughter", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_message_with_two_questions_has_two_clauses(text, parts):
    assert clauses(text) == parts


def test_a_long_message_has_its_sentences():
    text = "It rained all day. We had soup. He is alone with her now! I like soup."

    assert "He is alone with her now!" in sentences(text)


def test_one_sentence_has_no_parts():
    assert sentences("he is alone with her now") == []


def test_a_sentence_without_end_is_read_through_a_window():
    words = [f"w{number}" for number in range(100)]
    parts = sentences(" ".join(words))

    assert all(len(part.split()) <= WINDOW_WORDS for part in parts)
    assert {word for part in parts for word in part.split()} == set(words)


@pytest.mark.parametrize(
    ("split", "most"), [(sentences, MOST_SENTENCES), (clauses, MOST_CLAUSES)]
)
def test_nothing_goes_unread_and_the_work_stays_bounded(split, most):
    words = [f"w{number}" for number in range(3000)]
    text = ". ".join(" ".join(words[i : i + 3]) for i in range(0, 3000, 3))
    parts = split(text)

    assert len(parts) <= most
    assert {w.strip(".") for part in parts for w in part.split()} == set(words)
