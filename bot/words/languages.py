"""What is said in other languages: data/languages/, a file for each.

docs/translating.md says what each text is for. English is one of the files: the pattern
of the others, and what is shown small below them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files
from bot.words.directory import Directory
from bot.words.sign_off import SignOff

FOLDER = "data/languages"
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_]+)?)\}")
ENGLISH = "en"
PARTS = ("texts", "page", "openings", "topics")
# Calling 999 stands at the beginning: the contract of /chat.
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
    """The wordings by tag, without English, in the order of their own names' tags."""

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
        for tag in contents:
            self._check(tag)
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
            LanguagesError: A file lacks a text, or one breaks a rule.
            SignOffError: sign_off.yml has a gap.
        """
        contents = {
            path.stem: yaml_files.read(path)
            for path in sorted((folder / "languages").glob("*.yml"))
        }
        return cls(contents, directory, SignOff.read(folder), only_approved)

    def __getitem__(self, tag: str) -> Wording:
        return self._wordings[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._wordings)

    def __len__(self) -> int:
        return len(self._wordings)

    def approved(self, tag: str) -> bool:
        """Whether every signatory has signed the file of a language as it stands."""
        return tag in self._approved

    def may_be_said(self, tag: str) -> bool:
        """Whether a visitor may read this language."""
        return tag in self and (not self._only_approved or self.approved(tag))

    def _check(self, tag: str) -> None:
        file, content = f"{FOLDER}/{tag}.yml", self._contents[tag]
        shapes.check(file, content, "language", LanguagesError)
        pattern = self._contents[ENGLISH]
        for part in PARTS:
            self._same_keys(file, part, content[part], pattern[part])
            for key, text in content[part].items():
                place = yaml_files.at(file, content, part, key)
                self._check_text(place, key, text, pattern[part][key])

    def _same_keys(
        self, file: str, part: str, own: dict[str, str], pattern: dict[str, str]
    ) -> None:
        if missing := [key for key in pattern if key not in own]:
            raise LanguagesError(
                f"{file}: `{part}` lacks {', '.join(missing)}. Translate the text from "
                f"{FOLDER}/en.yml."
            )
        if unknown := [key for key in own if key not in pattern]:
            raise LanguagesError(
                f"{file}: `{part}` has {', '.join(unknown)}, which {FOLDER}/en.yml "
                "lacks. Remove it, or correct its name."
            )

    def _check_text(self, place: str, key: str, text: str, english: str) -> None:
        own, wanted = (sorted(PLACEHOLDER.findall(t)) for t in (text, english))
        if own != wanted:
            raise LanguagesError(
                f"{place}: `{key}` has the placeholders {own}, the English {wanted}. "
                "Copy them as they are."
            )
        typed = PLACEHOLDER.sub("…", text)
        if set("{}") & set(typed):
            raise LanguagesError(
                f"{place}: `{key}` holds a brace that belongs to no placeholder."
            )
        if any(map(str.isdigit, AGE.sub("", typed))):
            raise LanguagesError(
                f"{place}: `{key}` holds a number. Write a placeholder, such as "
                "{stop_it_now.phone}; only 18 is typed, in these digits."
            )
        if key.startswith(CALLS) and not 0 <= text.find(CALL) <= LATEST:
            if key in self._contents[ENGLISH]["texts"]:
                raise LanguagesError(
                    f"{place}: `{key}` must say to call {CALL} in its first "
                    f"{LATEST} characters."
                )
        for name in own:
            if name not in VALUES:
                self._directory.links(*name.split("."))


def signed_as(tag: str) -> str:
    """What a language is called in data/sign_off.yml."""
    return f"language_{tag}"


def _wording(tag: str, content: dict[str, Any]) -> Wording:
    texts = {part: content[part] for part in PARTS}
    return Wording(tag=tag, **content["language"], **texts)
