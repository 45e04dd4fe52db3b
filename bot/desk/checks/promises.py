"""What an answer must and must not say, at first too, and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.desk.checks.finding import Finding
from bot.pages.shown import fold
from bot.words.answers import Answers
from bot.words.topics import Folding, Topic

LONGEST_TEXT = 700
# Replies for when the chat has not understood or fails must have these fields.
ALWAYS = ("emergency.phone", "stop_it_now.phone", "childline.phone")
HELPLESS = ("clarify", "fallback", "unavailable")


def check(answers: Answers) -> Iterator[Finding]:
    """Finds wordings that leave out what they must say, or say what they must not."""
    for name, response in answers.responses.items():
        example = response["metadata"].get("example", {})
        topic = answers.topics.of_intent(name.removeprefix("utter_"))
        found: dict[str, None] = {}
        for force in (None, *answers.directory.forces):
            text = answers.reply(name, force, **example).text
            found |= dict.fromkeys(_gaps(answers, topic, text))
            found |= dict.fromkeys(_unlimited(answers.topics.folding, text))
            if len(text) > LONGEST_TEXT:
                found[_too_long(text, LONGEST_TEXT)] = None
        if answers.responses.kind(name) in HELPLESS:
            text = answers.reply(name, **example).text
            found |= dict.fromkeys(_numbers(answers, text))
        for gap in found:
            yield Finding(answers.responses.place(name, "text"), f"`{name}` {gap}")


def _gaps(answers: Answers, topic: Topic | None, text: str) -> Iterator[str]:
    for pattern in missing(topic, text):
        yield f"lacks what data/topics.yml says it must include: {pattern}"
    for words in forbidden(answers, topic, text):
        yield f"holds “{words}”, which it must not. Remove it."


def missing(topic: Topic | None, text: str) -> list[str]:
    """The patterns that a text about a topic must match, and does not."""
    must = topic.must if topic else ()
    return [p for p in must if not re.search(p, text, re.I | re.S)]


def forbidden(answers: Answers, topic: Topic | None, text: str) -> list[str]:
    """The words in a text about a topic that data/topics.yml forbids."""
    own = topic.must_not if topic else ()
    patterns = (*own, *answers.topics.every_reply_must_not)
    found = (re.search(pattern, text, re.I | re.S) for pattern in patterns)
    return [match[0] for match in found if match]


def _unlimited(folding: Folding, text: str) -> Iterator[str]:
    """What an answer promises before anything is opened, without saying its limit."""
    paragraphs = text.split("\n\n")
    del paragraphs[fold(paragraphs, folding)]
    seen = "\n\n".join(paragraphs)
    promise = re.search(folding.promise, seen, re.I)
    if promise and not re.search(folding.limit, seen, re.I):
        yield (
            f"says “{promise[0]}” and not when something is passed on. Add the limit, "
            "or its words to `folding.limit` in data/topics.yml."
        )


def _too_long(text: str, most: int) -> str:
    return f"has {len(text)} characters when shown; {most} are the limit. Shorten it."


def _numbers(answers: Answers, text: str) -> Iterator[str]:
    for field in ALWAYS:
        if answers.directory.value(*field.split(".")) not in text:
            yield f"lacks {{{field}}}, which every reply of its kind must have. Add it."
