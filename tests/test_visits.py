"""docs/visits.md and docs/spoken.md show what docs/visits.yml and its like plan."""

from __future__ import annotations

import re

import pytest
import yaml

from bot import ROOT
from tests.browser import lighthouse, spoken
from tests.browser.states import STATES
from tests.browser.visits.visit import PICTURES, in_words, picture_name, plan
from tests.browser.visits.written import DOCUMENT, conditions

PEOPLE = plan()["people"]
WRITTEN = DOCUMENT.read_text(encoding="utf-8")
ACCESSIBILITY = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
MOST_BYTES = 2_500_000


def names() -> set[str]:
    return {
        picture_name(person["key"], browser, number)
        for person in PEOPLE
        for browser in person["visits"]
        for number, _ in enumerate(person["steps"], 1)
    }


def test_each_step_has_its_picture_and_no_picture_is_left_over():
    shown = re.findall(r"\(visits/([\w-]+\.png)\)", WRITTEN)

    assert set(shown) == names() == {path.name for path in PICTURES.iterdir()}
    assert len(shown) == len(set(shown))
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("person", PEOPLE, ids=[each["key"] for each in PEOPLE])
def test_the_page_says_who_came_what_they_did_and_what_we_changed(person):
    part = WRITTEN.split(f"## {person['title']}\n", 1)[1].split("\n## ", 1)[0]

    for browser, how in person["visits"].items():
        assert f"### {browser.title()}: {conditions(plan(), how)}" in part
    for step in person["steps"]:
        assert part.count(in_words(step)) >= len(person["visits"])
    assert person["changed"]
    for changed in person["changed"]:
        assert f"- {changed}\n" in part


def test_every_condition_is_met_in_some_visit():
    visits = [how for person in PEOPLE for how in person["visits"].values()]

    for name in ("slow", "keyboard", "script", "large_text"):
        assert any(name in how for how in visits), name
    assert {how["size"] for how in visits} == {"phone", "narrow", "desktop"}
    assert all(set(person["visits"]) == {"chromium", "firefox"} for person in PEOPLE)


def test_every_conversation_is_read_out():
    talks = yaml.safe_load(spoken.QUESTIONS.read_text(encoding="utf-8"))
    written = spoken.DOCUMENT.read_text(encoding="utf-8")

    assert len(talks["conversations"]) == 5
    for talk in talks["conversations"]:
        part = written.split(f"## {talk['title']}\n", 1)[1].split("\n## ", 1)[0]
        assert [f"You asked: {each}" in part for each in talk["says"]]


def test_a_tree_is_read_out_as_a_screen_reader_would():
    tree = """
- link "Skip":
  - /url: "#content"
- paragraph:
  - text: "Call"
  - link "999"
  - text: .
- list:
  - listitem:
    - link "Childline"
    - text: Free.
"""

    assert spoken.spoken(tree) == [
        "*link:* Skip", "Call *link:* 999.", "*list, 1 item*", "*link:* Childline",
        "Free.",
    ]  # fmt: skip


def test_the_figures_of_lighthouse_are_those_of_its_script():
    [block] = lighthouse.BLOCK.findall(ACCESSIBILITY)
    rows = dict(re.findall(r"^\| `(.+)` \| (\d.*) \|$", block, re.M))

    assert tuple(rows) == lighthouse.PAGES
    figures = {path: [int(n) for n in row.split(" | ")] for path, row in rows.items()}
    assert lighthouse.table(figures) == block


def test_the_checklist_counts_the_states_and_names_tests_that_are_there():
    assert f"{len(STATES)} states" in ACCESSIBILITY
    for name in re.findall(r"`(test_\w+\.py)`", ACCESSIBILITY):
        assert (ROOT / "tests" / "browser" / name).exists(), name
