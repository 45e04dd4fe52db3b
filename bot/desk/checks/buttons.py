"""A button leads to every topic."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.checks.finding import Finding
from bot.words import yaml_files
from bot.words.answers import Answers
from bot.words.topics import FILE, IN_DANGER, MOST_BUTTONS, UNLISTED, Topics


def check(answers: Answers) -> Iterator[Finding]:
    """Finds topics that a visitor can only reach by typing."""
    topics = answers.topics
    reached = _reached(topics)
    for key, topic in topics.by_key.items():
        if topic.audience != UNLISTED and key not in reached:
            yield Finding(
                yaml_files.at(FILE, topics.content, "topics", key),
                f"no button leads to `{key}`. Name it among the first {MOST_BUTTONS} "
                "`related` topics of another one, in `openings` or in `menu`.",
            )


def _reached(topics: Topics) -> set[str]:
    """The topics of all buttons; an answer has as many as a reply may have."""
    found = {IN_DANGER, *topics.menu}
    for opening in topics.openings.values():
        found |= set(opening.topics)
    for topic in topics.by_key.values():
        if topic.audience != UNLISTED:
            others = [key for key in topic.related if key != topic.key]
            found |= set(others[: 1 if topic.is_emergency else MOST_BUTTONS])
    return found
