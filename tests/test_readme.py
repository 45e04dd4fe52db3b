"""The README is one page, and what it says is true."""

from __future__ import annotations

import re

import pytest

from bot import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 80
DOORS = {
    "A Rasa developer.": {"docs/architecture.md", "CONTRIBUTING.md"},
    "On a force's web team.": {"docs/embedding.md", "docs/screens.md"},
    "A content editor or safeguarding lead.": {"docs/editing.md", "docs/safety.md"},
    "An operator.": {"docs/operating.md", "deploy", "docs/security.md"},
}


def section(title: str) -> str:
    """What is under a heading."""
    [found] = re.findall(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.M | re.S
    )
    return found


def test_it_is_one_page():
    assert len(README.splitlines()) <= MOST_LINES


def test_it_asks_first_who_is_reading():
    assert re.findall(r"^## (.*)$", README, re.M)[0] == "Who are you?"


@pytest.mark.parametrize("reader", DOORS)
def test_each_reader_has_a_door(reader):
    [door] = re.findall(
        rf"^\*\*{re.escape(reader)}\*\*(.*?)(?:\n\n)", README, re.M | re.S
    )

    assert DOORS[reader] <= set(re.findall(r"\]\(([^)]+)\)", door))


def test_two_commands_are_all_that_it_takes():
    [commands] = re.findall(r"^```\n(.*?)^```", section("Two commands"), re.M | re.S)

    assert re.findall(r"^make (\w+)", commands, re.M) == ["run", "test"]


def test_it_names_both_pythons():
    wanted = (ROOT / ".python-version").read_text().split()

    assert f"pyenv install {' '.join(wanted)}" in README
    assert all(f"Python {version}" in README for version in wanted)


def test_it_names_the_programs_that_the_tests_need():
    makefile = (ROOT / "Makefile").read_text()
    [needed] = re.findall(
        r"^test:.*\n\t@\$\(DESK\) tests/debian_packages\.py (.*)$", makefile, re.M
    )
    named = section("Two commands").lower()

    for package in needed.split():
        assert package.removesuffix("-server") in named, package


def test_it_tells_every_reader_that_the_answers_are_drafts_until_signed():
    sentence = "Every answer is a draft until the charity and the four forces"
    assert sentence in " ".join(README.split())
