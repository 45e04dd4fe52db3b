"""Each figure and each point of law names its source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.desk.checks.finding import Finding
from bot.words.answers import Answers
from bot.words.responses import PLACEHOLDER

# "24/7", "under 18" and "18 or over" are not figures that need a source.
NO_FIGURE = re.compile(
    r"24/7|\b(?:under|anyone|aged|over) 1[68]s?\b|\b1[68] (?:or over|and 17)\b", re.I
)
FIGURE = re.compile(r"£?\d[\d,.]*%?")
LAW = re.compile(
    r"\bagainst the law\b|(?:is|are|be|was) illegal\b|\bis a crime\b"
    r"|\bin prison\b|\bthe court\b|\bconvicted\b|\bcautioned\b"
    r"|\bage of consent\b|\blegal advice\b",
    re.I,
)
# How this service works is not where a fact about the world comes from.
OURSELVES = "this_service"


def check(answers: Answers) -> Iterator[Finding]:
    """Finds figures without a source, and points of law without one on the law."""
    for name, response in answers.responses.items():
        metadata = response["metadata"]
        text = NO_FIGURE.sub("", PLACEHOLDER.sub("", response["text"]))
        sources = [s for s in metadata["sources"] if s != OURSELVES]
        place = answers.responses.place(name, "metadata", "sources")
        if (figure := FIGURE.search(text)) and not sources:
            yield Finding(
                place,
                f"`{name}` gives a figure, “{figure[0]}”, without its source. Add it "
                "to `sources` and, if it is new, to data/sources.yml.",
            )
        on_law = any(answers.sources[source].get("law") for source in sources)
        if (point := LAW.search(text)) and not on_law:
            yield Finding(
                place,
                f"`{name}` makes a point of law, “{point[0]}”, without a source on "
                "the law. Add one that has `law: true` in data/sources.yml.",
            )
