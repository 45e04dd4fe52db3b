"""Easy Read versions: short lines, all that the topic must carry, nothing more."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.checks.finding import Finding
from bot.desk.checks.promises import forbidden, missing
from bot.words.answers import Answers
from bot.words.easy_read import EasyRead, Version
from bot.words.reply import Reply
from bot.words.responses import PLACEHOLDER

MOST_WORDS = 14  # in a line, an address or number counting as one word
# Any version may say this, even if its answer does not.
ALWAYS = "emergency.phone"


def check(easy_read: EasyRead, answers: Answers) -> Iterator[Finding]:
    """Finds lines that are long, and versions that say less or more than they may."""
    for key, version in easy_read.items():
        text = "\n".join(words for _, words in easy_read.shown(key))
        for says in _gaps(answers, key, text):
            yield Finding(easy_read.place(key), f"`{key}` {says}")
        reply = answers.reply(f"utter_{key}")
        for number, line in enumerate(version.lines):
            for says in (*_long(line.text), *_of_its_own(answers, reply, line.text)):
                place = easy_read.place(key, "lines", number, "text")
                yield Finding(place, f"“{line.text[:40]}” {says}")
        yield from _alike(easy_read, version)


def _gaps(answers: Answers, key: str, text: str) -> Iterator[str]:
    topic = answers.topics.by_key[key]
    for pattern in missing(topic, text):
        yield (
            "lacks what data/topics.yml says an answer to it must carry: "
            f"{pattern}. Add a line."
        )
    for words in forbidden(answers, topic, text):
        yield f"holds “{words}”, which it must not. Take it out."


def _long(text: str) -> Iterator[str]:
    if (words := len(text.split())) > MOST_WORDS:
        yield f"has {words} words; {MOST_WORDS} are the limit. Make two lines of it."


def _of_its_own(answers: Answers, reply: Reply, text: str) -> Iterator[str]:
    """Numbers and addresses that its answer does not give."""
    pressed = {link["href"] for link in reply.links}
    for entry, field in PLACEHOLDER.findall(text):
        value = answers.directory.value(entry, field)
        known = value in reply.text or value in pressed
        if f"{entry}.{field}" != ALWAYS and not known:
            yield (
                f"names {{{entry}.{field}}}, which its answer in domain.yml does not. "
                "Take it out, or change the answer first."
            )


def _alike(easy_read: EasyRead, version: Version) -> Iterator[Finding]:
    """A line that was copied and not changed."""
    seen: set[str] = set()
    for number, line in enumerate(version.lines):
        if line.text in seen:
            yield Finding(
                easy_read.place(version.topic, "lines", number, "text"),
                f"“{line.text[:40]}” stands twice in `{version.topic}`. Take one out.",
            )
        seen.add(line.text)
