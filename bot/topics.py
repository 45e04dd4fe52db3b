"""The topics a visitor may come with, and how the reply to each begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot import DATA, yaml_files

FALLBACK = "out_of_scope"
YOUNG = "young"
EMERGENCY = "emergency"
LEADS = (EMERGENCY, "sentence", "may", "none")
UNLISTED = "unlisted"


class TopicsError(ValueError):
    """data/topics.yml has a gap."""


@dataclass(frozen=True)
class Opening:
    """Who may be asking: the words of the button, and the first questions."""

    title: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """One topic; the fields are explained in data/topics.yml."""

    key: str
    title: str
    about: str
    audience: str
    lead: str
    related: tuple[str, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]


class Topics:
    """All topics by key, the opening menu and the sections of the answers page."""

    def __init__(self, content: dict) -> None:
        self.every_reply_must_not = tuple(content["every_reply"]["must_not"])
        self.menu = tuple(content["menu"])
        self.words: dict[str, str] = content["words"]
        self.audiences: dict[str, str] = content["audiences"]
        self.by_key = {k: _topic(k, v or {}) for k, v in content["topics"].items()}
        self.openings = {k: _opening(k, v) for k, v in content["openings"].items()}
        self._says_young = re.compile(content["openings"][YOUNG]["says"])
        self._of_intent: dict[str, Topic | None] = {}
        self._check()

    @classmethod
    def read(cls, folder: Path = DATA) -> Topics:
        """Reads topics.yml in `folder`.

        Raises:
            YamlFileError: The file cannot be read.
            TopicsError: A topic lacks a field, or names an unknown topic.
        """
        content = yaml_files.read(folder / "topics.yml")
        for part in ("every_reply", "openings", "menu", "words", "audiences", "topics"):
            if not content.get(part):
                raise TopicsError(f"data/topics.yml: add `{part}`.")
        return cls(content)

    def of_intent(self, intent: str) -> Topic | None:
        """The topic whose key is the intent or begins it, the longest one."""
        if intent not in self._of_intent:  # asked for every intent of every message
            keys = [k for k in self.by_key if f"{intent}_".startswith(f"{k}_")]
            found = self.by_key[max(keys, key=len)] if keys else None
            self._of_intent[intent] = found
        return self._of_intent[intent]

    def buttons(self, keys: tuple[str, ...] | list[str]) -> list[dict[str, str]]:
        """Topics as buttons: `{"title", "topic"}` each."""
        return [{"title": self.by_key[key].title, "topic": key} for key in keys]

    def not_now(self, key: str) -> list[dict[str, str]]:
        """The button under an emergency reply that leads to an ordinary answer."""
        return [{"title": self.words["not_now"], "topic": key}]

    def whole_answer(self, topic: Topic, force: str | None) -> dict[str, str]:
        """The link from the short form of an answer to all of it."""
        query = f"?force={force}" if force else ""
        title = f"{self.words['whole_answer']} {topic.title}"
        return {"title": title, "href": f"/answers/{topic.key}{query}"}

    def says_young(self, plain_text: str) -> bool:
        """Whether a text, as bot/plain_text.py gives it, says "I am under 18"."""
        return bool(self._says_young.search(plain_text))

    def offered(self, intents: list[str]) -> list[str]:
        """The topics of a ranking of intents, likeliest first, that may be offered.

        A refusal and small talk are no offers; "something else" is one.
        """
        found = dict.fromkeys(topic for i in intents if (topic := self.of_intent(i)))
        return [
            topic.key
            for topic in found
            if topic.audience != UNLISTED or topic.key == FALLBACK
        ]

    def in_audience(self, audience: str) -> list[Topic]:
        """The topics of one section of the answers page, in the file's order."""
        return [t for t in self.by_key.values() if t.audience == audience]

    def _check(self) -> None:
        for topic in self.by_key.values():
            unknown = [key for key in topic.related if key not in self.by_key]
            if topic.audience not in (*self.audiences, UNLISTED):
                unknown.append(topic.audience)
            if unknown:
                raise TopicsError(
                    f"data/topics.yml: `{topic.key}` names unknown {unknown}."
                )
        menus = {"menu": self.menu}
        menus |= {f"openings.{k}": found.topics for k, found in self.openings.items()}
        for name, keys in menus.items():
            if unknown := [key for key in keys if key not in self.by_key]:
                raise TopicsError(f"data/topics.yml: `{name}` names unknown {unknown}.")


def _opening(key: str, entry: dict) -> Opening:
    missing = [field for field in ("title", "topics") if not entry.get(field)]
    if key == YOUNG and not entry.get("says"):
        missing.append("says")
    if missing:
        raise TopicsError(
            f"data/topics.yml: `openings.{key}` lacks {', '.join(missing)}."
        )
    return Opening(entry["title"], tuple(entry["topics"]))


def _topic(key: str, entry: dict) -> Topic:
    missing = [f for f in ("title", "about", "audience", "must") if not entry.get(f)]
    if missing:
        raise TopicsError(f"data/topics.yml: `{key}` lacks {', '.join(missing)}.")
    if entry.get("lead") not in LEADS:
        raise TopicsError(f"data/topics.yml: `lead` of `{key}` is none of {LEADS}.")
    return Topic(
        key=key,
        title=entry["title"],
        about=entry["about"],
        audience=entry["audience"],
        lead=entry["lead"],
        related=tuple(entry.get("related", ())),
        must=tuple(entry["must"]),
        must_not=tuple(entry.get("must_not", ())),
    )
