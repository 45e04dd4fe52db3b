"""docs/translating.md describes every text that a language file has, and no other."""

from __future__ import annotations

import re

import pytest

from bot import DATA, ROOT
from bot.desk.checks.languages import LONGEST_TITLE
from bot.words import yaml_files
from bot.words.languages import AGE, LATEST, PARTS

DOCUMENT = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")
ENGLISH = yaml_files.read(DATA / "languages" / "en.yml")


def named(part: str) -> list[str]:
    """The keys that the document gives a part, in its order."""
    [said] = re.findall(rf"^`{part}`, (.*?)(?=^`\w+`, |^## )", DOCUMENT, re.M | re.S)
    return re.findall(r"^\| `(\w+)` \|", said, re.M) or re.findall(r"`(\w+)`", said)


@pytest.mark.parametrize("part", ["language", *PARTS])
def test_it_says_of_each_key_where_its_text_appears(part):
    assert named(part) == list(ENGLISH[part])


def test_its_limits_are_those_that_are_checked():
    said = " ".join(DOCUMENT.split())

    assert f"within {LATEST} characters" in said
    assert said.count(f"at most {LONGEST_TITLE} characters") == 1
    assert f"At most {LONGEST_TITLE} characters" in said
    assert "The only figure you type is 18" in said and AGE.search("18")
