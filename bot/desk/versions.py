"""What a visitor read in an earlier version, from the files as git keeps them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot import ROOT
from bot.words import yaml_files
from bot.words.answers import ALWAYS_LED
from bot.words.directory import FORCES, SERVICES
from bot.words.easy_read import FILE as EASY_READ
from bot.words.forces import NATIONAL
from bot.words.languages import FOLDER as LANGUAGES
from bot.words.languages import PARTS
from bot.words.responses import FILE as DOMAIN
from bot.words.responses import LEAD, PLACEHOLDER
from bot.words.topics import FALLBACK, SENTENCE
from bot.words.topics import FILE as TOPICS

FILES = (DOMAIN, TOPICS, SERVICES, FORCES, EASY_READ)
# Fields of the directory that no visitor reads.
UNSEEN = ("source", "source_date", "confidence", "checked_on", "review_by",
          "hours_confidence")  # fmt: skip


class EarlierVersionError(ValueError):
    """There is no such version, or no git."""


@dataclass(frozen=True)
class Version:
    """The content files of one version, read leniently.

    An older version need not pass today's checks, so nothing here asks for more
    than it uses; a placeholder that nothing fills is left unchanged.
    """

    files: dict[str, dict[str, Any]]

    @classmethod
    def now(cls, root: Path = ROOT) -> Version:
        """The files as they are; raises YamlFileError."""
        spoken = sorted((root / LANGUAGES).glob("*.yml"))
        files = (*FILES, *(f"{LANGUAGES}/{path.name}" for path in spoken))
        return cls({file: yaml_files.read(root / file) for file in files})

    @classmethod
    def at(cls, ref: str, root: Path = ROOT) -> Version:
        """The files as they were in a version in git.

        Args:
            ref: A tag, a branch or a commit, such as `v1.0`.
            root: The project's folder, inside a git checkout.

        Raises:
            EarlierVersionError: This is no git checkout, or git knows no such version.
        """
        commit = _commit(ref, root)
        found = {}
        listed = _git(root, "ls-tree", "--name-only", commit, f"./{LANGUAGES}/")
        spoken = [file for file in listed.stdout.splitlines() if file.endswith(".yml")]
        for file in (*FILES, *spoken):
            shown = _git(root, "show", f"{commit}:./{file}")
            text = shown.stdout if shown.returncode == 0 else ""
            try:
                found[file] = yaml.safe_load(text) or {}
            except yaml.YAMLError as error:
                raise EarlierVersionError(
                    f"{file} of {ref} is not valid YAML. Choose another version."
                ) from error
        return cls(found)

    @property
    def responses(self) -> dict[str, dict[str, Any]]:
        """The responses by name: `{"text", "metadata"}`."""
        found = self.files[DOMAIN].get("responses") or {}
        return {name: variants[0] for name, variants in found.items() if variants}

    @property
    def topics(self) -> dict[str, dict[str, Any]]:
        """The entries of data/topics.yml by key."""
        return self.files[TOPICS].get("topics") or {}

    def text(self, name: str) -> str:
        """What visitors read of a response; nothing where it is not there.

        What differs between forces is filled as for an unknown force.
        """
        response = self.responses.get(name)
        if response is None:
            return ""
        metadata = response.get("metadata") or {}
        text = self._filled(response.get("text", ""))
        if self._is_led(name, metadata) and LEAD in self.responses:
            text = f"{self._filled(self.responses[LEAD].get('text', ''))}\n{text}"
        return text

    def labels(self) -> dict[str, str]:
        """The words of data/topics.yml that visitors read, by their place."""
        content = self.files[TOPICS]
        found = {}
        for part in ("words", "audiences", "openings", "topics"):
            for key, entry in (content.get(part) or {}).items():
                text = entry if isinstance(entry, str) else (entry or {}).get("title")
                found[f"{part}.{key}"] = str(text or "")
        titles = [found.get(f"topics.{key}", key) for key in content.get("menu") or []]
        return {**found, "menu": ", ".join(titles)}

    def easy_read(self) -> dict[str, str]:
        """The Easy Read versions by the key of their topic, filled."""
        versions = self.files.get(EASY_READ, {}).get("topics") or {}
        return {
            key: "\n".join(self._filled(line["text"]) for line in entry["lines"])
            for key, entry in versions.items()
        }

    def fields(self, file: str) -> dict[tuple[str, str], str]:
        """What visitors read of a directory file, by entry and field."""
        found = {}
        for name, entry in self.files[file].items():
            for field, value in (entry or {}).items():
                if isinstance(value, str) and field not in UNSEEN:
                    found[name, field] = value
            for field, title in ((entry or {}).get("links") or {}).items():
                found[name, f"button for {field}"] = str(title).strip("[]")
        return found

    def languages(self) -> dict[str, dict[str, str]]:
        """The texts of each language by their place, such as `texts.lead`."""
        return {
            Path(file).stem: {
                f"{part}.{key}": str(text)
                for part in PARTS
                for key, text in (content.get(part) or {}).items()
            }
            for file, content in self.files.items()
            if file.startswith(f"{LANGUAGES}/")
        }

    def language_name(self, tag: str) -> str:
        """What a language is called in English; its tag, where it is not there."""
        content = self.files.get(f"{LANGUAGES}/{tag}.yml") or {}
        return str((content.get("language") or {}).get("in_english", tag))

    def _is_led(self, name: str, metadata: dict[str, Any]) -> bool:
        key = name.removeprefix("utter_")
        lead = (self.topics.get(key) or {}).get("lead")
        always = metadata.get("kind") in ALWAYS_LED or key == FALLBACK
        return always or lead == SENTENCE

    def _filled(self, wording: str) -> str:
        def fill(match: re.Match[str]) -> str:
            entry, field = match.groups()
            known = self.files[SERVICES].get(entry) or {}
            if entry == "force":
                known = self.files[FORCES].get(NATIONAL) or {}
            return str(known.get(field, match[0]))

        return PLACEHOLDER.sub(fill, wording.strip())


def _commit(ref: str, root: Path) -> str:
    if _git(root, "rev-parse", "--is-inside-work-tree").returncode != 0:
        raise EarlierVersionError(
            f"{root} is not a git checkout, so it has no earlier versions. Run "
            "this where the project was cloned with git."
        )
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if not ref or ref.startswith("-") or found.returncode != 0:
        raise EarlierVersionError(
            f"git has no version `{ref}`. Give a tag, a branch or a commit, such as "
            "HEAD~1; `git tag` and `git log --oneline` list them."
        )
    return found.stdout.strip()


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise EarlierVersionError("git is not installed.") from error
