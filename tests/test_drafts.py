"""The finer answers of data/drafts: whole, true to their rules, ready to be used."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from bot import DATA, ROOT
from bot.words import yaml_files
from bot.words.directory import Directory
from bot.words.topics import Topics
from tests.evaluation.sets import HELD_BACK, TUNING, load

FILES = sorted((DATA / "drafts").glob("*.yml"))
DRAFTS = {path.stem: yaml_files.read(path) for path in FILES}
NEEDS = [(file, key) for file, draft in DRAFTS.items() for key in draft["needs"]]
PLACE = re.compile(r"\{(\w+)\.(\w+)\}")
LONGEST, FEWEST = 700, 90


@cache
def services() -> dict[str, dict[str, Any]]:
    """Those that are served, and those that the drafts add."""
    found = dict(Directory.read().services)
    for draft in DRAFTS.values():
        found |= draft["services"] or {}
    return found


def filled(text: str) -> str:
    """An answer as a visitor would read it, with the national routes."""
    national = Directory.read().national.fields

    def fill(match: re.Match[str]) -> str:
        entry, field = match.groups()
        return str(national[field] if entry == "force" else services()[entry][field])

    return PLACE.sub(fill, text.strip())


@cache
def evaluated() -> set[str]:
    """Every message that the bot is measured with."""
    names = ("immediate_risk", "immediate_risk_hard_negatives", "multi_intent",
             "topics_messages", "follow_ups")  # fmt: skip
    return {e["text"].lower() for f in (HELD_BACK, TUNING) for n in names
            for e in load(f, n)}  # fmt: skip


@pytest.mark.parametrize(("file", "key"), NEEDS, ids=[key for _, key in NEEDS])
def test_an_answer_says_what_it_must_and_nothing_that_it_must_not(file, key):
    need = DRAFTS[file]["needs"][key]
    topic, text = need["topic"], filled(need["response"]["text"])
    lead = "If a child is in danger right now, call 999. "
    said = lead + text if topic["lead"] == "sentence" else text

    assert len(text) <= LONGEST
    for must in topic["must"]:
        assert re.search(must, said, re.I | re.S), must
    for never in topic.get("must_not", []):
        assert not re.search(never, text, re.I | re.S), never


@pytest.mark.parametrize(("file", "key"), NEEDS, ids=[key for _, key in NEEDS])
def test_its_messages_are_many_and_none_is_one_that_we_measure_with(file, key):
    messages = DRAFTS[file]["needs"][key]["messages"]

    assert len({message.lower() for message in messages}) >= FEWEST
    assert {message.lower() for message in messages} & evaluated() == set()


def test_every_need_has_a_name_of_its_own_and_refines_a_topic_or_adds_one():
    keys = [key for _, key in NEEDS]
    topics = Topics.read()

    assert len(set(keys)) == len(keys)
    new = {key for key in keys if topics.of_intent(key) is None}
    assert new == {"other_emergency", "vague_plea"}


def test_every_source_is_known():
    known = set(yaml_files.read(DATA / "sources.yml"))
    for draft in DRAFTS.values():
        known |= set(draft["sources"] or {})
    named = {s for f, k in NEEDS for s in DRAFTS[f]["needs"][k]["response"]["sources"]}

    assert named - known == set()


def test_what_is_to_be_moved_is_there():
    taught = "".join(p.read_text() for p in sorted((DATA / "nlu").glob("*.yml")))
    for path in (ROOT / "data" / "drafts" / "moves").glob("*.yml"):
        for new, sources in yaml_files.read(path).items():
            assert new in {key for _, key in NEEDS}
            for messages in sources.values():
                assert [m for m in messages if m not in taught] == [], new
