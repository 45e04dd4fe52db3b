"""docs/data_card.md says how many messages there are, to within a few."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot import ROOT

CARD = (ROOT / "docs" / "data_card.md").read_text(encoding="utf-8")
# How far a number may be from the count of today, so that one message more is no work.
AWAY_FROM = 0.02


def messages(folder: str) -> Iterator[str]:
    """The messages of a folder of training or evaluation data."""
    for path in sorted((ROOT / folder).glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(content, list):
            yield from texts(content)
        elif "nlu" not in content:
            yield from texts(content[path.stem])
        else:
            for block in content["nlu"]:
                yield from re.findall(r"^- (.*)$", block["examples"], re.M)


def texts(entries: list[Any]) -> Iterator[str]:
    """The messages in texts, in entries with a text, and in conversations."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif "turns" in entry:
            yield from texts(entry["turns"])
        else:
            yield entry.get("text", "")


ROWS = re.findall(r"^\| `([\w/]+)/` \|.*\| ([\d,]+) \|$", CARD, re.M)


@pytest.mark.parametrize(("folder", "said"), ROWS)
def test_the_data_card_says_how_many_messages_there_are(folder, said):
    counted = sum(1 for _ in messages(folder))

    assert abs(int(said.replace(",", "")) - counted) <= AWAY_FROM * counted, counted


def test_the_data_card_names_every_folder_of_messages():
    assert {folder for folder, _ in ROWS} == {
        "data/nlu", "data/conversations", "tests/evaluation/tuning",
        "tests/evaluation/held_back",
    }  # fmt: skip
