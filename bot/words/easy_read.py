"""Easy Read versions of answers: data/easy_read.yml, its drawings in data/symbols.

A version says the same as its answer in domain.yml, in short lines of one idea each,
with a drawing beside each. Like an answer, it is a draft until all five have signed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files
from bot.words.answers import Answers
from bot.words.responses import filled, gaps_in
from bot.words.sign_off import SignOff
from bot.words.topics import UNLISTED

FILE, SYMBOLS = "data/easy_read.yml", "data/symbols"
_SCRIPT = re.compile(r"<script|\son\w+=|href=", re.I)


class EasyReadError(ValueError):
    """data/easy_read.yml or a drawing in data/symbols has a gap."""


@dataclass(frozen=True)
class Line:
    """One idea, with its placeholders, and the name of the drawing beside it."""

    text: str
    symbol: str


@dataclass(frozen=True)
class Version:
    """The Easy Read version of one topic's answer."""

    topic: str
    lines: tuple[Line, ...]
    owner: str
    checked_on: str | None
    review_by: str

    @property
    def text(self) -> str:
        """All its lines, with their placeholders."""
        return "\n".join(line.text for line in self.lines)

    def as_response(self) -> dict[str, Any]:
        """What people sign, in the form of an entry of domain.yml."""
        text = "\n".join(f"{line.symbol}: {line.text}" for line in self.lines)
        return {"text": text, "metadata": {}}


class EasyRead(Mapping[str, Version]):
    """The versions by the key of their topic."""

    def __init__(
        self,
        content: dict[str, Any],
        symbols: Mapping[str, str],
        answers: Answers,
        sign_off: SignOff | None = None,
        only_approved: bool = False,
    ) -> None:
        """Checks every version; raises EasyReadError.

        Args:
            content: The content of data/easy_read.yml.
            symbols: The drawings as SVG, by name.
            answers: The answers that the versions belong to.
            sign_off: Who has approved what; None: nobody has approved anything.
            only_approved: Show only approved versions.
        """
        shapes.check(FILE, content, "easy_read", EasyReadError)
        self._content = content
        self._symbols = symbols
        self._answers = answers
        self._versions = {k: _version(k, v) for k, v in content["topics"].items()}
        if gaps := list(self._gaps()):
            raise EasyReadError("\n".join(gaps))
        self._approved = {
            key
            for key, version in self.items()
            if sign_off and not sign_off.missing(signed_as(key), version.as_response())
        }
        self._only_approved = only_approved

    @classmethod
    def read(
        cls, answers: Answers, folder: Path = DATA, only_approved: bool = False
    ) -> EasyRead:
        """Reads easy_read.yml and symbols/ in `folder`.

        Raises:
            YamlFileError, EasyReadError: The file or a drawing has a gap.
            SignOffError: sign_off.yml has a gap.
        """
        content = yaml_files.read(folder / "easy_read.yml")
        symbols = _drawings(folder / "symbols")
        return cls(content, symbols, answers, SignOff.read(folder), only_approved)

    def __getitem__(self, key: str) -> Version:
        return self._versions[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions)

    def __len__(self) -> int:
        return len(self._versions)

    def approved(self, key: str) -> bool:
        """Whether every signatory has signed a version as it is."""
        return key in self._approved

    def may_be_shown(self, key: str) -> bool:
        """Whether there is a version that a visitor may read."""
        return key in self and (not self._only_approved or self.approved(key))

    def checked_on(self, key: str) -> str | None:
        """The day the facts of an approved version were checked; None: a draft."""
        return self[key].checked_on if self.approved(key) else None

    def shown(self, key: str, force: str | None = None) -> list[tuple[str, str]]:
        """The lines as a visitor reads them: the drawing as SVG, and the words."""
        directory = self._answers.directory
        return [
            (self._symbols[line.symbol], filled(line.text, directory, force))
            for line in self[key].lines
        ]

    def to_sign(self) -> dict[str, dict[str, Any]]:
        """What people sign in each version, by its name in data/sign_off.yml."""
        return {signed_as(key): version.as_response() for key, version in self.items()}

    def place(self, key: str, *path: str | int) -> str:
        """Where a version is, or a part of it: `data/easy_read.yml, line 12`."""
        return yaml_files.at(FILE, self._content, "topics", key, *path)

    def _gaps(self) -> Iterator[str]:
        """What is wrong with the versions; each says where, and what to do."""
        for key, version in self.items():
            topic = self._answers.topics.by_key.get(key)
            if topic is None or topic.audience == UNLISTED:
                known = [t for t in self._answers.topics.by_key if t not in self]
                yield (
                    f"{self.place(key)}: `{key}` is not a topic with its own page. "
                    f"{_near(key, known)}"
                )
            for number, line in enumerate(version.lines):
                place = self.place(key, "lines", number, "text")
                for says in self._wrong(line):
                    yield f"{place}: “{line.text[:40]}” {says}"

    def _wrong(self, line: Line) -> Iterator[str]:
        if line.symbol not in self._symbols:
            yield (
                f"has the symbol `{line.symbol}`, and {SYMBOLS} has no such drawing. "
                f"{_near(line.symbol, self._symbols)}"
            )
        yield from gaps_in(line.text, self._answers.directory)


def signed_as(key: str) -> str:
    """What the version of a topic is called in data/sign_off.yml."""
    return f"easy_read_{key}"


def _version(key: str, entry: dict[str, Any]) -> Version:
    lines = tuple(Line(line["text"].strip(), line["symbol"]) for line in entry["lines"])
    about = {name: entry[name] for name in ("owner", "checked_on", "review_by")}
    return Version(key, lines, **about)


def _drawings(folder: Path) -> dict[str, str]:
    """The drawings by name; raises EasyReadError for a file that is not plain."""
    found = {}
    for path in sorted(folder.glob("*.svg")):
        svg = path.read_text(encoding="utf-8").strip()
        if not svg.startswith("<svg ") or _SCRIPT.search(svg):
            raise EasyReadError(
                f"{yaml_files.shown(path)}: is not a plain drawing. Begin with <svg, "
                "and leave out scripts and links."
            )
        found[path.stem] = svg
    return found


def _near(name: str, known: Iterable[str]) -> str:
    return shapes.did_you_mean(name, known, "Correct the name.")
