"""Reading age and the length of sentences.

The reading age is the Flesch-Kincaid grade, an American school year, plus five. The
formula counts syllables and words in a sentence and knows no other difficulty, so what
is not prose would distort it: a web address would be one word of many syllables, a
phone number three easy words. Before measuring, each address becomes "page" and each
number "ten", and a paragraph or list entry without a full stop gets one. The whole
answer is measured as a visitor reads it, with the sentence about 999 before it; very
short ones (less than 20 words) and sentences that are added to another answer are not,
since the formula was made for passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import textstat

from bot.desk.checks.finding import Finding
from bot.words.answers import Answers
from bot.words.directory import ADDRESS

TARGET_AGE, LIMIT_AGE = 11.0, 13.0
AMERICAN_SCHOOL_STARTS = 5
MOST_WORDS = 25  # in a sentence; the limit of GOV.UK's style guide
FEWEST_WORDS = 20
NUMBER = re.compile(r"[£]?\d[\d,.]*(?: \d[\d,.]*)*(?<![,.])%?")
# A reader also pauses at a colon or semicolon before a space.
SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")


def check(answers: Answers) -> Iterator[Finding]:
    """Finds answers that are hard to read."""
    for name in answers.responses:
        yield from _check(answers, name, text(answers, name))


def text(answers: Answers, name: str) -> str:
    """What a visitor who gets this response reads."""
    example = answers.responses[name]["metadata"].get("example", {})
    return answers.reply(name, **example).text


def age(text: str) -> float | None:
    """The reading age of a text in years; None: it is too short to tell."""
    prose = plain_prose(text)
    if len(prose.split()) < FEWEST_WORDS:
        return None
    grade: float = textstat.flesch_kincaid_grade(prose)
    return round(grade + AMERICAN_SCHOOL_STARTS, 1)


def plain_prose(text: str) -> str:
    """The text with a short word for each address and number, and whole sentences."""
    text = ADDRESS.sub(lambda a: "page." if a[0].endswith(".") else "page", text)
    text = NUMBER.sub("ten", text)
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "\n".join(part if part[-1] in ".!?" else f"{part}." for part in parts)


def _check(answers: Answers, name: str, text: str) -> Iterator[Finding]:
    responses = answers.responses
    place, metadata = responses.place(name, "text"), responses[name]["metadata"]
    found = None if responses.kind(name) == "part" else age(text)
    if found and found > TARGET_AGE and "reading_age_exception" not in metadata:
        yield Finding(
            place,
            f"`{name}` has a reading age of {found:g}; aim for 9 to {TARGET_AGE:g}, "
            f"and {LIMIT_AGE:g} is the limit. Shorten sentences and choose shorter "
            "words, or give the reason as `reading_age_exception` in its metadata.",
            warning=found <= LIMIT_AGE,
            sum="more have a reading age above the target",
        )
    for sentence in SENTENCE.split(plain_prose(text)):
        if (words := len(sentence.split())) > MOST_WORDS:
            yield Finding(
                place,
                f"`{name}` has a sentence of {words} words, “{sentence[:50]}…”. Make "
                f"two of it; {MOST_WORDS} are the limit.",
            )
