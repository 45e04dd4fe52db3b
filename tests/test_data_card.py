"""docs/data_card.md says how many messages there are, to within a few."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest

from bot import ROOT
from tests.variety import Message, read

CARD = (ROOT / "docs" / "data_card.md").read_text(encoding="utf-8")
# How far a number may be from today's count, so that one more message makes no work.
AWAY_FROM = 0.02


def messages(folder: str) -> Iterator[Message]:
    """The messages of a folder of training or evaluation data."""
    return chain.from_iterable(map(read, sorted((ROOT / folder).glob("*.yml"))))


ROWS = re.findall(r"^\| `([\w/]+)/` \|.*\| ([\d,]+) \|$", CARD, re.M)


@pytest.mark.parametrize(("folder", "said"), ROWS)
def test_the_data_card_says_how_many_messages_there_are(folder, said):
    counted = sum(message.file != "meanings.yml" for message in messages(folder))

    assert abs(int(said.replace(",", "")) - counted) <= AWAY_FROM * counted, counted


def test_the_data_card_names_every_folder_of_messages():
    assert {folder for folder, _ in ROWS} == {
        "data/nlu", "data/conversations", "tests/evaluation/tuning",
        "tests/evaluation/held_back", "tests/evaluation/read",
        "data/languages/messages", "tests/evaluation/tuning/languages",
        "tests/evaluation/held_back/languages",
    }  # fmt: skip
