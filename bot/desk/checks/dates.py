"""What is overdue, and how much is signed and checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bot.desk import poster_words
from bot.desk.checks.finding import Finding
from bot.desk.poster_words import PosterWords
from bot.words import yaml_files
from bot.words.answers import Answers
from bot.words.directory import SERVICES
from bot.words.easy_read import EasyRead, signed_as
from bot.words.languages import Languages
from bot.words.sign_off import FILE, SignOff


class Dated(NamedTuple):
    """An entry that a person checks, and must look at again by a certain day."""

    name: str
    place: str
    checked_on: str | None
    review_by: str


def check(
    answers: Answers,
    languages: Languages,
    easy_read: EasyRead,
    poster: PosterWords,
    sign_off: SignOff,
    today: date,
) -> Iterator[Finding]:
    """Finds overdue entries, dates in the future, and signatures under nothing."""
    for entry in (*_entries(answers), *_easy_read(easy_read), _poster(poster)):
        yield from _due(entry, today)
    known = {
        *answers.responses,
        *languages.to_sign(),
        *easy_read.to_sign(),
        poster_words.SIGNED_AS,
    }
    for name in sorted(set(sign_off.approved) - known):
        yield Finding(
            yaml_files.at(FILE, {"approved": sign_off.approved}, "approved", name),
            f"`{name}` is signed, but there is no such answer in domain.yml, language "
            "in data/languages or version in data/easy_read.yml. Remove it.",
            warning=True,
        )


def state(answers: Answers, languages: Languages, easy_read: EasyRead) -> str:
    """How much is approved, and how many entries a person has checked."""
    approved = sum(map(answers.responses.approved, answers.responses))
    entries = list(_entries(answers))
    checked = sum(entry.checked_on is not None for entry in entries)
    spoken = sum(map(languages.approved, languages))
    return (
        f"Approved by all signatories: {approved} of {len(answers.responses)} answers; "
        "the others are drafts.\n"
        "Languages approved by all signatories, besides English: "
        f"{spoken} of {len(languages)}. Easy Read versions: "
        f"{sum(map(easy_read.approved, easy_read))} of {len(easy_read)}.\n"
        f"Facts checked by a person: {checked} of {len(entries)} answers, services and "
        "forces."
    )


def _entries(answers: Answers) -> Iterator[Dated]:
    """Every answer, service and force."""
    for name, response in answers.responses.items():
        place = answers.responses.place(name, "metadata", "review_by")
        metadata = response["metadata"]
        yield Dated(name, place, metadata["checked_on"], metadata["review_by"])
    services = answers.directory.services
    for name, service in services.items():
        place = yaml_files.at(SERVICES, services, name, "review_by")
        yield Dated(name, place, service.get("checked_on"), service["review_by"])
    for name, force in answers.directory.all_forces.items():
        yield Dated(name, force.place, force.checked_on, force.review_by)


def _easy_read(easy_read: EasyRead) -> Iterator[Dated]:
    """Every Easy Read version."""
    for key, version in easy_read.items():
        place = easy_read.place(key, "review_by")
        yield Dated(signed_as(key), place, version.checked_on, version.review_by)


def _poster(poster: PosterWords) -> Dated:
    dates = poster.content["checked_on"], poster.content["review_by"]
    return Dated(poster_words.SIGNED_AS, poster.place("review_by"), *dates)


def _due(entry: Dated, today: date) -> Iterator[Finding]:
    if date.fromisoformat(entry.review_by) < today:
        yield Finding(
            entry.place,
            f"`{entry.name}` was to be reviewed by {entry.review_by}. Check its facts, "
            "then set `checked_on` to today and `review_by` to the next time.",
            warning=True,
            sum="more are past their review date",
        )
    if entry.checked_on and date.fromisoformat(entry.checked_on) > today:
        yield Finding(
            entry.place,
            f"`checked_on` of `{entry.name}` is in the future. Give the day of the "
            "check.",
        )
