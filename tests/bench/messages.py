"""What the load generator types."""

from __future__ import annotations

import random
import re
from itertools import count

from bot import ROOT
from bot.words import yaml_files

MESSAGES = ROOT / "tests" / "bench" / "messages.yml"
FOREIGN = ROOT / "data" / "languages" / "messages"
FOREIGN_EACH = 3  # messages of each language

# Five digits each: never an age, a year or the number of a helpline.
_numbers = count(10_001)
_part = re.compile(r"[^.,?!]+")
_word = re.compile(r"[a-z]{4,}")


def read_messages() -> list[str]:
    """The messages of messages.yml, in their order."""
    return yaml_files.read(MESSAGES)["messages"]


def read_foreign() -> list[str]:
    """A few messages in every other language, so that everything gets loaded."""
    return [
        entry["text"]
        for path in sorted(FOREIGN.glob("*.yml"))
        for entry in yaml_files.read_list(path)[-FOREIGN_EACH:]
    ]


def never_seen(text: str) -> str:
    """The message with a number after it, so that no cache can help."""
    return f"{text} {next(_numbers)}"


def fresh(text: str) -> str:
    """The message with a typing mistake in each part, and a number after it.

    So no cache of sentences or clauses can help either, and some words are misspelt, as
    visitors type them.
    """
    number = next(_numbers)
    return f"{mistyped(text, random.Random(number))} {number}"


def mistyped(text: str, draw: random.Random) -> str:
    """Adds a letter to one longer word in each part between commas and full stops."""

    def slip(part: re.Match[str]) -> str:
        words = list(_word.finditer(part[0]))
        if not words:
            return part[0]
        word = draw.choice(words)
        at = draw.randrange(word.start() + 1, word.end())
        return part[0][:at] + draw.choice("abdeghilmnoprstuy") + part[0][at:]

    return _part.sub(slip, text)


def of_words(length: int, number: int) -> str:
    """Messages one after the other, cut to this many words.

    Args:
        length: How many words; the number that `fresh` adds is one more.
        number: Which message comes first.
    """
    texts = read_messages()
    found: list[str] = []
    while len(found) < length:
        text = texts[number % len(texts)]
        found += f"{text.rstrip('.?!')}.".split()
        number += 1
    return " ".join(found[:length])
