"""A second copy of the numbers that save lives, and texts that get one wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files

FILE = "data/lifelines.yml"
NUMBER_FIELDS = ("phone", "text", "silent", "relay")
# Digits as they are written: with single spaces, of either kind.
NUMBER = re.compile(r"(?<!\w)\+?\d(?:[ \N{NO-BREAK SPACE}]?\d)+(?!\w)")
# After these words a short number is one to call; elsewhere it may mean anything.
TO_CALL = re.compile(
    r"\b(?:call|calling|dial|phone|ring|text|texting)[^\w|]{1,3}(?:\d{3}|9{4,})$"
    r"|\bpress\W{1,3}\d{2}$",
    re.I,
)
SHORTEST = 5  # digits of a number that is known by itself


class LifelinesError(ValueError):
    """data/lifelines.yml has a gap, or another file says another number."""


class Lifelines:
    """By service and field, as in data/services.yml; `force` is data/forces.yml."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Takes the content of data/lifelines.yml; raises LifelinesError."""
        shapes.check(FILE, content, "lifelines", LifelinesError)
        self._content = content
        self.numbers = {number for _, _, number in self.entries()}

    @classmethod
    def read(cls, folder: Path = DATA) -> Lifelines:
        """Reads lifelines.yml in `folder`; raises YamlFileError or LifelinesError."""
        return cls(yaml_files.read(folder / Path(FILE).name))

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Each number with its service and field."""
        for name, entry in self._content.items():
            for field in NUMBER_FIELDS:
                if field in entry:
                    yield name, field, entry[field]

    def compare(self, file: str, name: str, field: str, number: str | None) -> None:
        """Raises LifelinesError unless another file has the same number.

        Args:
            file: The other file and the line, for the message.
            name: The service, or `force`.
            field: Its field.
            number: What it has there; None: nothing.
        """
        here = self._content[name][field]
        if number != here:
            place = yaml_files.at(FILE, self._content, name, field)
            raise LifelinesError(
                f"{file}: `{field}` of `{name}` is {number or 'missing'}, and {place} "
                f"says {here}. Find out which is right. If the number has really "
                "changed, change both."
            )

    def slip(self, text: str, others: Collection[str] = ()) -> str | None:
        """A number in a text that looks like one of these and is not; or None.

        Args:
            text: What a visitor would read.
            others: Numbers that are right as well, as they are written. A number of
                three digits that a text says to call must be one of all these.
        """
        for found in NUMBER.finditer(text):
            number = found[0].replace("\N{NO-BREAK SPACE}", " ")
            if number in self.numbers or number in others:
                continue
            called = TO_CALL.search(text[: found.end()])
            if called or any(_alike(number, line) for line in self.numbers):
                return number
        return None


def _alike(number: str, line: str) -> bool:
    """Whether a number is the other one mistyped, or written in another way."""
    one, two = (re.sub(r"\D", "", n) for n in (number, line))
    if len(two) < SHORTEST:
        return False
    most = 1 if len(two) < 8 else 2
    return sorted(one) == sorted(two) or _slips(one, two) <= most


def _slips(one: str, two: str) -> int:
    """How many digits must be changed, added or removed (Levenshtein)."""
    row = list(range(len(two) + 1))
    for i, digit in enumerate(one, 1):
        before, row = row, [i]
        for j, other in enumerate(two, 1):
            changed = before[j - 1] + (digit != other)
            row.append(min(changed, before[j] + 1, row[-1] + 1))
    return row[-1]
