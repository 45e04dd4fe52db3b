"""Words and phrases that we avoid: data/house_words.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.desk.checks.finding import Finding
from bot.desk.checks.wordings import Wording
from bot.words import shapes, yaml_files

FILE = "data/house_words.yml"


class HouseWordsError(ValueError):
    """data/house_words.yml has a gap."""


class HouseWords:
    """Words that we do not use, and what we write instead."""

    def __init__(self, words: list[tuple[re.Pattern[str], str]]) -> None:
        self._words = words

    @classmethod
    def read(cls, data: Path) -> HouseWords:
        """Reads house_words.yml in `data`.

        Raises:
            YamlFileError, HouseWordsError: The file has a gap, or an invalid pattern.
        """
        content = yaml_files.read(data / "house_words.yml")
        shapes.check(FILE, content, "house_words", HouseWordsError)
        words = []
        for number, word in enumerate(content["words"]):
            try:
                words.append((re.compile(word["avoid"], re.I), word["better"]))
            except re.error as error:
                place = yaml_files.at(FILE, content, "words", number, "avoid")
                raise HouseWordsError(
                    f"{place}: `{word['avoid']}` is not a valid pattern ({error}). "
                    "Correct it."
                ) from error
        return cls(words)

    def check(self, wordings: Iterable[Wording]) -> Iterator[Finding]:
        """Finds the avoided words, and names the better one."""
        for wording in wordings:
            for pattern, better in self._words:
                for found in pattern.finditer(wording.text):
                    yield Finding(
                        wording.place(found[0]),
                        f"`{wording.name}` says “{found[0]}”. Better: {better}.",
                    )
