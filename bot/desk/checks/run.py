"""Runs every check and prints what an editor should do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from bot import DATA, ROOT
from bot.desk.checks import (
    buttons,
    dates,
    easy_read,
    heard,
    intents,
    languages,
    literals,
    neighbours,
    promises,
    reading,
    sources,
    wordings,
)
from bot.desk.checks.finding import Finding
from bot.desk.checks.words import HouseWords
from bot.desk.poster_words import PosterWords
from bot.pages.pages import WEB
from bot.safety.net import SafetyNet
from bot.words import fitted
from bot.words.answers import Answers
from bot.words.directory import Directory
from bot.words.easy_read import EasyRead
from bot.words.languages import Languages
from bot.words.rules import read_steps
from bot.words.sign_off import SignOff
from bot.words.topics import Topics

# Of findings that can be summed up, this many are listed one by one.
MOST_ALIKE = 3


def run(strict: bool = False) -> int:
    """Checks the project's content and prints the findings.

    Args:
        strict: Whether warnings count as errors, as before a release.

    Returns:
        The exit status: 0 when the content may go to visitors, otherwise 1.
    """
    findings = find(ROOT, DATA, date.today())
    errors = [f for f in findings if strict or not f.warning]
    warnings = [f for f in findings if not strict and f.warning]
    _print("To correct", errors)
    _print("To look at", warnings)
    if not _unreadable(ROOT, DATA):
        answers = Answers.read()
        spoken = Languages.read(answers.directory)
        easy = EasyRead.read(answers)
        sys.stdout.write(dates.state(answers, spoken, easy) + "\n")
    sys.stdout.write(
        f"{_count(len(errors), 'error')}, {_count(len(warnings), 'warning')}. "
        + ("Please correct the errors.\n" if errors else "Nothing to correct.\n")
    )
    return 1 if errors else 0


def find(root: Path, data: Path, today: date) -> list[Finding]:
    """All findings. If a file cannot be read, its contents are not checked."""
    unreadable = _unreadable(root, data)
    if unreadable:
        return unreadable
    answers, sign_off = Answers.read(root, data), SignOff.read(data)
    spoken = Languages.read(answers.directory, data)
    easy = EasyRead.read(answers, data)
    poster = PosterWords.read(answers.directory, data)
    written = [
        *wordings.of_answers(answers, root),
        *wordings.of_topics(data),
        *wordings.of_easy_read(data),
        *wordings.of_poster(poster, data),
        *wordings.of_english(data),
    ]
    templates = [*wordings.of_templates(WEB / "templates")]
    return list(
        chain(
            literals.check([*written, *templates]),
            HouseWords.read(data).check([*written, *templates]),
            promises.check(answers),
            sources.check(answers),
            reading.check(answers),
            intents.check(answers, root),
            neighbours.check(answers, root),
            buttons.check(answers),
            easy_read.check(easy, answers),
            dates.check(answers, spoken, easy, poster, sign_off, today),
            languages.check(spoken, answers.directory),
            heard.check(root),
        )
    )


def _unreadable(root: Path, data: Path) -> list[Finding]:
    """What would keep the server from starting, file by file."""
    readers: list[Callable[[], Any]] = [
        lambda: Directory.read(data),
        lambda: Topics.read(data),
        lambda: SignOff.read(data),
        lambda: SafetyNet.read(data),
        lambda: read_steps(data),
        lambda: HouseWords.read(data),
        lambda: fitted.read_thresholds(data),
        lambda: fitted.read_calibration(data),
        lambda: Answers.read(root, data),
        lambda: Languages.read(Directory.read(data), data),
        lambda: EasyRead.read(Answers.read(root, data), data),
        lambda: PosterWords.read(Directory.read(data), data),
    ]
    found: dict[Finding, None] = {}
    for reader in readers:
        try:
            reader()
        except ValueError as error:
            found |= {Finding.of_error(line): None for line in str(error).split("\n")}
    return list(found)


def _print(heading: str, findings: list[Finding]) -> None:
    if not findings:
        return
    sys.stdout.write(f"{heading}\n")
    alike: Counter[str] = Counter()
    for finding in findings:
        alike[finding.sum] += 1
        if not finding.sum or alike[finding.sum] <= MOST_ALIKE:
            sys.stdout.write(f"  {finding.place}\n      {finding.says}\n")
    for says, number in alike.items():
        if says and number > MOST_ALIKE:
            sys.stdout.write(f"  {number - MOST_ALIKE} {says}\n")
    sys.stdout.write("\n")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
