"""What is overdue, and how much is signed and checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot import yaml_files
from bot.answers import Answers
from bot.checks.finding import Finding
from bot.directory import FORCES, SERVICES
from bot.sign_off import FILE, SignOff


def check(answers: Answers, sign_off: SignOff, today: date) -> Iterator[Finding]:
    """Finds overdue entries, days yet to come, and signatures under nothing."""
    for name, response in answers.responses.items():
        metadata = response["metadata"]
        place = answers.place(name, "metadata", "review_by")
        yield from _due(place, name, metadata, today)
    for file, entries in ((SERVICES, answers.directory.services),
                          (FORCES, answers.directory.all_forces)):  # fmt: skip
        for name, entry in entries.items():
            place = yaml_files.at(file, entries, name, "review_by")
            yield from _due(place, name, entry, today)
    for name in sorted(set(sign_off.approved) - set(answers.responses)):
        yield Finding(
            yaml_files.at(FILE, {"approved": sign_off.approved}, "approved", name),
            f"`{name}` is signed, but domain.yml has no such answer. Take it out.",
            warning=True,
        )


def state(answers: Answers) -> str:
    """How many answers are approved, and how many entries a person has checked."""
    approved = sum(map(answers.approved, answers.responses))
    entries = [response["metadata"] for response in answers.responses.values()]
    entries += answers.directory.services.values()
    entries += answers.directory.all_forces.values()
    checked = sum(bool(entry.get("checked_on")) for entry in entries)
    return (
        f"Approved by all who sign: {approved} of {len(answers.responses)} answers; "
        f"the others are drafts.\nFacts checked by a person: {checked} of "
        f"{len(entries)} answers, services and forces."
    )


def _due(place: str, name: str, entry: dict, today: date) -> Iterator[Finding]:
    if date.fromisoformat(entry["review_by"]) < today:
        yield Finding(
            place,
            f"`{name}` was to be reviewed by {entry['review_by']}. Check its facts, "
            "then set `checked_on` to today and `review_by` to the next time.",
            warning=True,
            sum="more are past their review date",
        )
    checked = entry.get("checked_on")
    if checked and date.fromisoformat(checked) > today:
        yield Finding(
            place, f"`checked_on` of `{name}` is yet to come. Give the day it was done."
        )
