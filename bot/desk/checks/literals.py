"""No number, address or opening hour is outside the directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.desk.checks.finding import Finding
from bot.desk.checks.wordings import Wording
from bot.words.responses import PLACEHOLDER

# A text may have figures from the law or statistics (50,000; 10 years).
LITERALS = {
    "a web address": re.compile(
        r"https?:\S*|www\.\S+|\b[\w.-]+\.(?:uk|org|com|net|info)\b\S*", re.I
    ),
    "an e-mail address": re.compile(r"\S+@\S+\.\w+"),
    "a phone number": re.compile(
        r"\+?\b0\d[\d ]{2,}\d\b|\+44[\d ]+|\b\d{3} \d{3}\b"
        r"|(?<![\d,.£])\b(?:999|112|101|111|55|18000|18001|116123|85258)\b(?![,.]?\d|%)"
    ),
    "an opening hour": re.compile(
        r"\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b|\b\d{1,2}:\d\d\b"
        r"|\b(?:open|closed) (?:from|until|on) (?:\d|mon|tue|wed|thu|fri|sat|sun)",
        re.I,
    ),
}


def check(wordings: Iterable[Wording]) -> Iterator[Finding]:
    """Finds what belongs in data/services.yml or data/forces.yml."""
    for wording in wordings:
        text = PLACEHOLDER.sub(" ", wording.text)
        for what, pattern in LITERALS.items():
            for found in pattern.finditer(text):
                yield Finding(
                    wording.place(found[0]),
                    f"`{wording.name}` holds {what}, “{found[0].strip()}”. Put it "
                    "into data/services.yml (data/forces.yml where forces differ) and "
                    "name it, as in {stop_it_now.phone}.",
                )
