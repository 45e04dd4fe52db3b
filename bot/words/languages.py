"""What is said in other languages: data/languages/, a file for each.

docs/translating.md says what each text is for. English is one of the files: the others
follow it, and visitors see it in small print below them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files
from bot.words.directory import Directory
from bot.words.forces import DirectoryError
from bot.words.sign_off import SignOff

FOLDER = "data/languages"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_]+)?)\}")
ENGLISH = "en"
PARTS = ("texts", "page", "openings", "topics")
# Calling 999 comes at the beginning: the contract of /chat.
CALLS, CALL, LATEST = ("lead", "emergency_"), "{emergency.phone}", 100
# The only digits that are typed: "under 18".
AGE = re.compile(r"(?<!\d)18(?!\d)")
VALUES = ("say", "topic")  # what is filled in besides fields of the directory


class LanguagesError(ValueError):
    """A file of data/languages has a gap, or breaks a rule of docs/translating.md."""


@dataclass(frozen=True)
class Wording:
    """All that is said in one language.

    `tag` is BCP 47, such as pl or ur-Latn; `say` what a caller says to the operator
    after "Help"; `dir` ltr or rtl; `read_by` the native speaker's role, or None.
    """

    tag: str
    own_name: str
    in_english: str
    say: str
    dir: str
    read_by: str | None
    texts: dict[str, str]
    page: dict[str, str]
    openings: dict[str, str]
    topics: dict[str, str]

    def as_response(self) -> dict[str, Any]:
        """What is signed, in the form of an entry of domain.yml."""
        said = {part: getattr(self, part) for part in PARTS}
        text = json.dumps([self.say, self.dir, said], ensure_ascii=False)
        return {"text": text, "metadata": {}}


class Languages(Mapping[str, Wording]):
    """The wordings by tag; English is kept separately."""

    def __init__(
        self,
        contents: dict[str, dict[str, Any]],
        directory: Directory,
        sign_off: SignOff | None = None,
        only_approved: bool = False,
    ) -> None:
        """Checks every file; raises LanguagesError.

        Args:
            contents: The content of each file by its tag, English among them.
            directory: What fills the placeholders.
            sign_off: Who has approved what; None: nobody anything.
            only_approved: No language may be spoken that is not approved.
        """
        if ENGLISH not in contents:
            raise LanguagesError(f"{FOLDER}/en.yml: is missing. Restore it from git.")
        self._directory = directory
        self._contents = contents
        # English first: without it, there is nothing to compare the others with.
        _refuse(self._gaps(ENGLISH))
        _refuse(gap for tag in contents for gap in self._gaps(tag))
        every = {tag: _wording(tag, content) for tag, content in contents.items()}
        self.english = every.pop(ENGLISH)
        self._wordings = every
        self._approved = {
            tag
            for tag, wording in every.items()
            if sign_off and not sign_off.missing(signed_as(tag), wording.as_response())
        }
        self._only_approved = only_approved

    @classmethod
    def read(
        cls, directory: Directory, folder: Path = DATA, only_approved: bool = False
    ) -> Languages:
        """Reads languages/ in `folder`.

        Raises:
            YamlFileError: A file is broken.
            LanguagesError: A file is missing, lacks a text, or one breaks a rule.
            SignOffError: sign_off.yml has a gap.
        """
        place = folder / "languages"
        contents = {
            path.stem: yaml_files.read(path) for path in sorted(place.glob("*.yml"))
        }
        _refuse(
            f"{FOLDER}/{tag}.yml: is missing. Restore it from git or, to give this "
            f"language up, remove messages/{tag}.yml and words/{tag}.txt as well."
            for tag in sorted(_heard(place) - set(contents))
        )
        return cls(contents, directory, SignOff.read(folder), only_approved)

    def __getitem__(self, tag: str) -> Wording:
        return self._wordings[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._wordings)

    def __len__(self) -> int:
        return len(self._wordings)

    def approved(self, tag: str) -> bool:
        """Whether every signatory has signed a language's file as it is now."""
        return tag in self._approved

    def to_sign(self) -> dict[str, dict[str, Any]]:
        """What is signed of each language, by its name in data/sign_off.yml."""
        return {signed_as(tag): wording.as_response() for tag, wording in self.items()}

    def place(self, tag: str, *path: str) -> str:
        """Where a text is: `data/languages/pl.yml, line 12`."""
        return yaml_files.at(f"{FOLDER}/{tag}.yml", self._contents[tag], *path)

    def may_be_said(self, tag: str) -> bool:
        """Whether a visitor may read this language."""
        return tag in self and (not self._only_approved or self.approved(tag))

    def _gaps(self, tag: str) -> Iterator[str]:
        """What is wrong with a file; each names the place and the remedy."""
        file, content = f"{FOLDER}/{tag}.yml", self._contents[tag]
        if found := shapes.gaps(file, content, "language"):
            yield from found
            return
        pattern = self._contents[ENGLISH]
        for part in PARTS:
            place = self.place(tag, part)
            yield from _other_keys(place, part, content[part], pattern[part])
            for key, text in content[part].items():
                if key in pattern[part]:
                    place, english = self.place(tag, part, key), pattern[part][key]
                    for says in self._wrong(part, key, text, english):
                        yield f"{place}: `{key}` {says}"

    def _wrong(self, part: str, key: str, text: str, english: str) -> Iterator[str]:
        own, wanted = (sorted(PLACEHOLDER.findall(t)) for t in (text, english))
        if own != wanted:
            yield (
                f"has the placeholders {own}, the English {wanted}. Copy them as "
                "they are."
            )
            return
        typed = PLACEHOLDER.sub("…", text)
        if set("{}") & set(typed):
            yield "holds a brace that belongs to no placeholder. Remove it."
        if any(map(str.isdigit, AGE.sub("", typed))):
            yield (
                "holds a number. Write a placeholder, such as {stop_it_now.phone}; "
                "only 18 is typed, in these digits."
            )
        leads = part == "texts" and key.startswith(CALLS)
        if leads and not 0 <= text.find(CALL) <= LATEST:
            yield f"must say to call {CALL} in its first {LATEST} characters."
        for name in own:
            try:
                if name not in VALUES:
                    self._directory.links(*name.split("."))
            except (DirectoryError, TypeError) as error:
                yield f"has {{{name}}}, which nothing fills ({error}). Correct it."


def _refuse(gaps: Iterable[str]) -> None:
    """Raises LanguagesError when there are gaps; its message names them all."""
    if found := list(dict.fromkeys(gaps)):
        raise LanguagesError("\n".join(found))


def _heard(folder: Path) -> set[str]:
    """The languages that visitors' messages and words are kept of."""
    messages, words = (
        {path.stem for path in (folder / name).glob("*.*")}
        for name in ("messages", "words")
    )
    return messages & words


def _other_keys(
    place: str, part: str, own: dict[str, str], pattern: dict[str, str]
) -> Iterator[str]:
    if missing := [key for key in pattern if key not in own]:
        yield (
            f"{place}: `{part}` lacks {', '.join(missing)}. Translate from "
            f"{FOLDER}/en.yml."
        )
    if unknown := [key for key in own if key not in pattern]:
        yield (
            f"{place}: `{part}` has {', '.join(unknown)}, which {FOLDER}/en.yml lacks. "
            "Remove it, or correct its name."
        )


def signed_as(tag: str) -> str:
    """What a language is called in data/sign_off.yml."""
    return f"language_{tag}"


def _wording(tag: str, content: dict[str, Any]) -> Wording:
    texts = {part: content[part] for part in PARTS}
    return Wording(tag=tag, **content["language"], **texts)
