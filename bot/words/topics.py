"""The topics a visitor may come with, and how the reply to each begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files

FALLBACK = "out_of_scope"
VAGUE = "vague_plea"  # help is asked for, and nothing said of what it is about
REFUSALS = ("seeking_material", "evading_police")
YOUNG = "young"
IN_DANGER = "immediate_risk"  # every page with the chat has a button to it
# How an answer begins: as an emergency, or with the sentence about 999.
EMERGENCY, SENTENCE = "emergency", "sentence"
UNLISTED = "unlisted"
MOST_BUTTONS = 3  # the contract of /chat
FILE = "data/topics.yml"


class TopicsError(ValueError):
    """data/topics.yml has a gap."""


@dataclass(frozen=True)
class Opening:
    """Who may be asking: the words of the button, and the first questions.

    `readers` are the audiences whose answers are for them.
    """

    title: str
    topics: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Folding:
    """What is never folded; the fields are explained in data/topics.yml."""

    paragraphs: int
    danger: str
    limit: str
    promise: str

    @property
    def stays(self) -> str:
        """A regular expression for the paragraphs that are always seen."""
        return f"{self.danger}|{self.limit}"


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

    @property
    def is_emergency(self) -> bool:
        """Whether its answer is an emergency, which begins with calling 999."""
        return self.lead == EMERGENCY

    @property
    def is_led(self) -> bool:
        """Whether the sentence about 999 always comes before its answer."""
        return self.lead == SENTENCE


class Topics:
    """All topics by key, the opening menu and the sections of the answers page."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Takes the content of data/topics.yml; raises TopicsError."""
        shapes.check(FILE, content, "topics", TopicsError)
        self.content = content
        self.every_reply_must_not = tuple(content["every_reply"]["must_not"])
        self.folding = Folding(**content["folding"])
        self.menu = tuple(content["menu"])
        self.words: dict[str, str] = content["words"]
        self.audiences: dict[str, str] = content["audiences"]
        self.by_key = {k: _topic(k, v) for k, v in content["topics"].items()}
        self.openings = {
            key: Opening(
                entry["title"],
                tuple(entry["topics"]),
                (key, *entry.get("readers", ())),
            )
            for key, entry in content["openings"].items()
        }
        self._says_young = re.compile(content["openings"][YOUNG]["says"])
        self._of_intent: dict[str, Topic | None] = {}
        self._family: dict[str, str] = {}
        self._check()

    @classmethod
    def read(cls, folder: Path = DATA) -> Topics:
        """Reads topics.yml in `folder`.

        Raises:
            YamlFileError: The file cannot be read.
            TopicsError: A topic lacks a field, or names an unknown topic.
        """
        return cls(yaml_files.read(folder / "topics.yml"))

    def of_intent(self, intent: str) -> Topic | None:
        """The topic whose key is the intent or begins it, the longest one."""
        if intent not in self._of_intent:  # asked for every intent of every message
            keys = [key for key in self.by_key if refines(intent, key)]
            found = self.by_key[max(keys, key=len)] if keys else None
            self._of_intent[intent] = found
        return self._of_intent[intent]

    def family(self, intent: str) -> str:
        """The most general topic that an intent belongs to, by its name.

        That of `law_register_travel` is `law_register`: a message that asks one thing
        is answered by the one or the other.
        """
        if intent not in self._family:
            self._family[intent] = family(intent, self.by_key)
        return self._family[intent]

    def buttons(self, keys: Sequence[str]) -> list[dict[str, str]]:
        """Topics as buttons: `{"title", "topic"}` each."""
        return [{"title": self.by_key[key].title, "topic": key} for key in keys]

    def not_now(self, key: str) -> list[dict[str, str]]:
        """The button under an emergency reply that leads to an ordinary answer."""
        return [{"title": self.words["not_now"], "topic": key}]

    def says_young(self, plain_text: str) -> bool:
        """Whether a text, as `plain` gives it, says "I am under 18"."""
        return bool(self._says_young.search(plain_text))

    def offered(self, intents: list[str]) -> list[str]:
        """The topics of a ranking of intents, likeliest first, that may be offered.

        A refusal and small talk are never offered; "something else" is.
        """
        named = map(self.of_intent, intents)
        offered = [
            topic.key
            for topic in named
            if topic and (topic.audience != UNLISTED or topic.key == FALLBACK)
        ]
        return list(dict.fromkeys(offered))

    def in_audience(self, audience: str) -> list[Topic]:
        """The topics of one section of the answers page, in the file's order."""
        return [t for t in self.by_key.values() if t.audience == audience]

    def _check(self) -> None:
        """Raises TopicsError when something names a topic or audience nobody knows."""
        for topic in self.by_key.values():
            unknown = [key for key in topic.related if key not in self.by_key]
            if topic.audience not in (*self.audiences, UNLISTED):
                unknown.append(topic.audience)
            self._refuse(unknown, "topics", topic.key)
        for audience in self.audiences:
            if not self.in_audience(audience):
                raise TopicsError(
                    f"{yaml_files.at(FILE, self.content, 'audiences', audience)}: no "
                    f"topic has the audience `{audience}`, so its section would be "
                    "empty. Give it a topic, or take it out."
                )
        self._refuse([k for k in self.menu if k not in self.by_key], "menu")
        for key, opening in self.openings.items():
            unknown = [k for k in opening.topics if k not in self.by_key]
            unknown += [k for k in opening.readers if k not in self.audiences]
            self._refuse(unknown, "openings", key)

    def _refuse(self, unknown: list[str], *path: str) -> None:
        if unknown:
            raise TopicsError(
                f"{yaml_files.at(FILE, self.content, *path)}: `{'.'.join(path)}` "
                f"names unknown {unknown}. Correct the name, or add the topic."
            )


def refines(name: str, key: str) -> bool:
    """Whether a name is a key or finer, as law_register_travel is of law_register."""
    return f"{name}_".startswith(f"{key}_")


def family(name: str, names: Iterable[str]) -> str:
    """The shortest of some names that is this one or begins it; else the name."""
    return min((n for n in names if refines(name, n)), key=len, default=name)


def _topic(key: str, entry: dict[str, Any]) -> Topic:
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
