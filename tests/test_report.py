"""The campaign board's report, from a real file of counts."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import ROOT
from bot.counts.counts import Counts
from bot.counts.figures import Period, change, shown

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 22)  # three weeks from a Monday


@pytest.fixture(scope="module")
def url(tmp_path_factory, answers) -> str:
    """Counts of the three weeks, of the three before, and of a small force."""
    url = f"sqlite:///{tmp_path_factory.mktemp('counts')}/counts.sqlite"

    def count(day: date, times: int, *what: str) -> None:
        counts = Counts(url, answers.topics, answers.directory.forces, lambda: day)
        for _ in range(times):
            assert counts.add(*what)
        counts.write()

    for week in range(3):
        count(FIRST + timedelta(weeks=week), 20, "asked", "law_register", "kent")
        count(FIRST + timedelta(weeks=week), 10, "call", "helpline_how", "kent")
        count(FIRST - timedelta(weeks=week + 1), 10, "asked", "law_register", "kent")
    count(LAST, 3, "asked", "harm", "surrey")
    count(LAST, 12, "emergency", "immediate_risk", "surrey")
    count(LAST, 7, "not_understood", "self_help", "sussex")
    count(LAST + timedelta(days=1), 99, "asked", "harm", "sussex")
    count(date(2026, 1, 5), 500, "asked", "harm", "sussex")
    return url


@pytest.fixture(scope="module")
def written(url, tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("report")
    return folder, report(url, str(FIRST), str(LAST), folder).stdout


def report(url: str, first: str, last: str, folder: Path):
    asked = ["report", "--from", first, "--to", last, "--folder", str(folder)]
    return subprocess.run(
        [sys.executable, "-m", "bot", *asked],
        cwd=ROOT,
        env={**os.environ, "COUNTS_URL": url},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def numbers(written) -> dict[tuple[str, str, str], str]:
    with (written[0] / "report.csv").open() as opened:
        return {(r[0], r[1], r[2]): r[3] for r in csv.reader(opened)}


def test_it_compares_the_period_with_the_one_before(numbers):
    assert numbers["summary", "Questions asked", "This period"] == "65"
    assert numbers["summary", "Questions asked", "Period before"] == "30"
    assert numbers["summary", "Questions asked", "Change"] == "+117 %"
    assert numbers["summary", "Pressed a way to help", "This period"] == "30"


def test_it_tells_force_week_topic_and_year(numbers):
    assert numbers["forces", "Kent Police", "Questions asked"] == "60"
    assert numbers["weeks", "2026-11-09", "Questions asked"] == "20"
    assert numbers["weeks_and_forces", "2026-11-16", "Kent Police"] == "10"
    assert numbers["topics", "The sex offenders register", "Questions asked"] == "60"
    assert numbers[
        "unclear", "Get help online, without calling", "Not understood at once"
    ]
    assert numbers["years", "2026", "Questions asked"] == "595"


def test_a_small_number_is_not_shown(numbers, written):
    assert numbers["forces", "Surrey Police", "Questions asked"] == "under 5"
    assert numbers["topics", "Why looking harms children", "Questions asked"] == (
        "under 5"
    )


def test_an_emergency_belongs_to_no_force_and_no_topic(numbers):
    assert numbers["summary", "Told to call 999", "This period"] == "10"
    found = [key for key, n in numbers.items() if "999" in key[2] and n not in ("0",)]
    assert {key[0] for key in found} == {"weeks"}


def test_the_page_needs_no_other_file_and_the_terminal_says_the_same(written):
    folder, said = written
    page = (folder / "report.html").read_text()

    assert page.count("data:image/png") == 2 and "<script" not in page
    assert "2 November 2026 to 22 November 2026" in page
    for part in (page, said):
        assert "The sex offenders register" in part and "under 5" in part


def test_a_period_without_counts_is_said_in_words(url, tmp_path):
    done = report(url, "2020-01-01", "2020-01-31", tmp_path)

    assert done.returncode == 0
    assert "Nothing was counted" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("yesterday", "2026-11-01", "give a date such as"),
        ("2026-11-02", "2026-11-01", "before"),
    ],
)
def test_an_invalid_date_is_refused_in_words(url, tmp_path, first, last, says):
    done = report(url, first, last, tmp_path)

    assert done.returncode == 1 and says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_read_is_said_in_words(tmp_path):
    done = report("sqlite:////no/such/folder/c", "2026-11-01", "2026-11-02", tmp_path)

    assert done.returncode == 1 and "COUNTS_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_period_before_is_as_long():
    before = Period(FIRST, LAST).before

    assert (before.first, before.last) == (date(2026, 10, 12), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (1, "under 5"), (4, "under 5"), (5, "5"), (8, "10"), (1234, "1,235")],
)
def test_how_a_number_is_shown(number, text):
    assert shown(number) == text


def test_no_change_is_given_from_a_number_that_is_not_shown():
    assert change(10, 4) == change(4, 10) == change(0, 0) == "–"
