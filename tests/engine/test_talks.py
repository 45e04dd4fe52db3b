"""What the model learns besides data/nlu, and what is refused."""

from __future__ import annotations

import pytest

from bot import DATA, ROOT
from bot.nlu.reader import DEPENDS, DOUBLE, PICTURE, RETRACTS
from bot.nlu.talks import TalksError, read_lessons
from bot.words import yaml_files
from bot.words.topics import Topics

FOLDER = DATA / "conversations"


@pytest.fixture
def folder(tmp_path):
    """A folder with one entry in each file."""
    files = {
        "double_questions": "- {topics: [harm, law_life], text: why and what then}",
        "decisive_sentences": "- he is with her now",
        "follow_ups": "- {after: harm, topic: law_life, text: and my job}",
        "talks": "- turns:\n  - {shows: [cause, soon], text: he is out on friday}",
    }
    for name, entry in files.items():
        (tmp_path / f"{name}.yml").write_text(f"{name}:\n{entry}\n")
    return tmp_path


def test_each_file_teaches_its_own(folder, encoder):
    double, sentence, follow_up, turn = read_lessons(folder, encoder)

    assert double.intents == ("harm", "law_life") and double.facts[DOUBLE]
    assert sentence.intents == ("immediate_risk",)
    assert follow_up.facts == {DEPENDS: True}
    shown = dict(zip(PICTURE, (True, False, True), strict=True))
    assert turn.facts == {**shown, RETRACTS: False}


def test_a_turn_may_take_back_what_sounded_like_danger(folder, encoder):
    turn = "{shows: [], retracts: true, text: that was in 1984}"
    (folder / "talks.yml").write_text(f"talks:\n- turns:\n  - {turn}\n")
    *_, lesson = read_lessons(folder, encoder)

    assert lesson.facts[RETRACTS]


def test_an_entry_that_cannot_be_learnt_from_is_named(folder, encoder):
    path = folder / "talks.yml"
    path.write_text("talks:\n- turns:\n  - {shows: [moon], text: he is out}\n")

    with pytest.raises(TalksError, match=r"talks\.yml: entry 1 .*moon"):
        read_lessons(folder, encoder)


def test_double_questions_and_follow_ups_name_known_topics():
    intents = yaml_files.read(ROOT / "domain.yml")["intents"]
    known = {*Topics.read().by_key, *intents}
    doubles = yaml_files.read(FOLDER / "double_questions.yml")["double_questions"]
    follow_ups = yaml_files.read(FOLDER / "follow_ups.yml")["follow_ups"]

    assert {topic for entry in doubles for topic in entry["topics"]} <= known
    assert {entry[key] for entry in follow_ups for key in ("after", "topic")} <= known
    assert all(len(entry["topics"]) > 1 for entry in doubles)


def test_a_conversation_shows_its_risk_once_at_most():
    talks = yaml_files.read(FOLDER / "talks.yml")["talks"]
    risky = [sum(turn.get("risk", False) for turn in t["turns"]) for t in talks]

    assert set(risky) == {0, 1} and len(talks) >= 200
