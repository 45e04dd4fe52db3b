"""The police forces of data/forces.yml, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.words import shapes, yaml_files

NATIONAL = "national"
FILE = "data/forces.yml"


class DirectoryError(ValueError):
    """data/services.yml or data/forces.yml has a gap."""


@dataclass(frozen=True)
class Accent:
    """The colour of a force in the widget, as #rrggbb, on light and on dark."""

    light: str
    dark: str


@dataclass(frozen=True)
class Force:
    """One police force, or the national routes for a visitor from none of them.

    Attributes:
        name: As a visitor reads it.
        site: Its website.
        accent: Its colour.
        origins: The websites that may show the widget and post to the chat.
        places: What its area is called, in a visitor's own words.
        fields: Every field that an answer may name, as {force.field}.
        checked_on: The day a person checked the entry; None: nobody has.
        review_by: The day by which somebody must look at it again.
        place: Where `review_by` is in the file, for its editors.
    """

    name: str
    site: str
    accent: Accent
    origins: tuple[str, ...]
    places: tuple[str, ...]
    fields: dict[str, str]
    checked_on: str | None
    review_by: str
    place: str


def read(content: dict[str, Any]) -> dict[str, Force]:
    """Every entry of data/forces.yml by its key, the national one among them.

    If a force has no such field of words, it gets the national one.

    Raises:
        DirectoryError: An entry lacks something, or holds something else.
    """
    shapes.check(FILE, content, "forces", DirectoryError)
    national = _words(content[NATIONAL].items())
    return {
        key: _force(
            entry,
            {**national, **_words(entry.items())},
            yaml_files.at(FILE, content, key, "review_by"),
        )
        for key, entry in content.items()
    }


def short_path(key: str) -> str:
    """The path to a force's page on a poster, easy to type: /thames-valley."""
    return "/" + key.replace("_", "-")


def _force(entry: dict[str, Any], fields: dict[str, str], place: str) -> Force:
    return Force(
        name=entry["name"],
        site=entry["site"],
        accent=Accent(**entry["accent"]),
        origins=tuple(entry["origins"]),
        places=tuple(entry.get("places", ())),
        fields=fields,
        checked_on=entry.get("checked_on"),
        review_by=entry["review_by"],
        place=place,
    )


def _words(entries: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {field: value for field, value in entries if isinstance(value, str)}
