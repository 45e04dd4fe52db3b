"""The messages the model learns from: how many, how varied, how far from the tests'."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot import DATA
from tests.evaluation.sets import HELD_BACK, READ, TUNING
from tests.variety import Message, near_copies, read, words

LEAST, LEAST_EMERGENCIES, LEAST_CALM = 80, 1000, 1000
EVERY_KIND_OF_RISK = 34
CALM_FILES = ("calm_alarms.yml", "calm_neighbours.yml")
# A message this short has no other way to be said: "hi", "success rate".
TOO_SHORT_TO_BE_ANYBODY_S = 2
NEVER_WRITTEN = (
    r"https?://|www\.|\b0\d{9,10}\b|\b0\d{4} \d{6}\b|@\w+\.\w+|"
    r"\b(vpn|tor browser|darknet|encrypt\w*|incognito|pthc|loli\w*|cp)\b"
)


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    paths = [*(DATA / "nlu").glob("*.yml"), *(DATA / "conversations").glob("*.yml")]
    return [message for path in sorted(paths) for message in read(path)]


@pytest.fixture(scope="module")
def ordinary(messages) -> list[Message]:
    """The messages of data/nlu."""
    return [message for message in messages if message.label]


@pytest.fixture(scope="module")
def evaluation() -> list[Message]:
    return [
        message
        for folder in (HELD_BACK, TUNING, READ)
        for path in sorted(folder.glob("*.yml"))
        if path.name != "noise.yml"
        for message in read(path)
    ]


def test_every_intent_has_enough_messages(ordinary):
    counts = Counter(message.label for message in ordinary)
    risk = sum(n for label, n in counts.items() if label.startswith("immediate_risk"))
    calm = sum(message.file in CALM_FILES for message in ordinary)

    assert all(count >= LEAST for count in counts.values()), counts
    assert risk >= LEAST_EMERGENCIES and calm >= LEAST_CALM


def test_every_kind_of_risk_is_there():
    text = (DATA / "nlu" / "emergencies.yml").read_text(encoding="utf-8")

    kinds = re.findall(r"^# Kind (\d+):", text, re.M)
    assert kinds == [str(number) for number in range(1, EVERY_KIND_OF_RISK + 1)]


def test_no_message_is_a_near_copy_of_another(ordinary):
    assert [(a.text, b.text) for a, b, _ in near_copies(ordinary)] == []


def test_no_evaluation_message_is_in_the_training_data(messages, evaluation):
    def long(found: list[Message]) -> list[Message]:
        return [m for m in found if len(words(m.text)) > TOO_SHORT_TO_BE_ANYBODY_S]

    copies = near_copies(long(evaluation), long(messages))

    assert [(a.text, b.text) for a, b, _ in copies] == []


def test_messages_do_not_all_begin_alike(messages):
    starts = Counter(tuple(words(message.text)[:2]) for message in messages)

    start, count = starts.most_common(1)[0]
    assert count / len(messages) < 0.02, start


def test_messages_are_short_and_long(messages):
    sizes = [len(words(message.text)) for message in messages]

    assert sum(size <= 5 for size in sizes) / len(sizes) > 0.1
    assert sum(size > 25 for size in sizes) / len(sizes) > 0.1


def test_messages_hold_no_address_number_term_or_method(messages, evaluation):
    found = [m.text for m in messages + evaluation if re.search(NEVER_WRITTEN, m.text)]

    assert found == []


def test_a_message_is_plain_text(messages):
    assert [m.text for m in messages if re.search(r"[\[\]{}\\]|^/", m.text)] == []


def test_a_near_copy_is_recognised():
    one = Message("my husband was arrested this morning", "a", "x.yml")
    other = Message("My husband was arrested this morning!!", "b", "y.yml")
    third = Message("where can I report a website", "a", "x.yml")

    assert [(a, b) for a, b, _ in near_copies([one, other, third])] == [(one, other)]
