"""What the front and the engine say to each other: one JSON object a line.

The front says `topics` when the connection opens and when they change, then questions.
The engine says `hello` when it is ready, then a decision or `failed` for each question.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.talk.memory import Memory

# Raised with every change of a message, so that two releases refuse each other.
PROTOCOL = 3
# How many questions an engine works on at a time: while one is encoded, without
# Python's lock, another is decided on.
AT_WORK = 2


class Nonsense(ValueError):
    """A line that is none of these messages; the text says which part of it."""


@dataclass(frozen=True)
class Hello:
    """The engine has loaded its model and will answer."""

    protocol: int = PROTOCOL

    def line(self) -> bytes:
        """The message as it is sent."""
        return _line({"hello": self.protocol})

    @classmethod
    def read(cls, line: bytes) -> Hello:
        """Reads one; raises Nonsense."""
        return cls(_part(_object(line), "hello", int))


@dataclass(frozen=True)
class Served:
    """The topics that are served: the content of data/topics.yml, and its version."""

    version: str
    topics: dict[str, Any]

    def line(self) -> bytes:
        """The message as it is sent."""
        return _line({"version": self.version, "topics": self.topics})

    @classmethod
    def of(cls, message: dict[str, Any]) -> Served:
        """Reads one; raises Nonsense."""
        return cls(_part(message, "version", str), _part(message, "topics", dict))


@dataclass(frozen=True)
class Question:
    """One typed message, and everything that the engine may know of its conversation.

    Attributes:
        id: Comes back with the decision.
        text: What the visitor typed, without a leading slash.
        memory: What is remembered of the conversation.
        forced: The emergency intent of the net, if one of its rules fired.
        now: The time, in seconds since 1970.
        seconds: How long the engine may take; then the kernel ends it.
        version: The version of the topics that the decision must use.
        language: What it is written in, as data/languages names it; None: English.
        mixed: Whether a part of it is in English.
    """

    id: int
    text: str
    memory: Memory
    forced: str | None
    now: float
    seconds: float
    version: str
    language: str | None = None
    mixed: bool = False

    def line(self) -> bytes:
        """The message as it is sent."""
        return _line({**vars(self), "memory": asdict(self.memory)})

    @classmethod
    def of(cls, message: dict[str, Any]) -> Question:
        """Reads one; raises Nonsense."""
        forced, language = message.get("forced"), message.get("language")
        return cls(
            _part(message, "id", int),
            _part(message, "text", str),
            _memory(message),
            None if forced is None else _part(message, "forced", str),
            _part(message, "now", float),
            _part(message, "seconds", float),
            _part(message, "version", str),
            None if language is None else _part(message, "language", str),
            message.get("mixed") is True,
        )


@dataclass(frozen=True)
class Decision:
    """The intents to answer in their order (none: ask back), and how.

    `lead`: begin with what to do if a child is in danger now. `offered`: topics to
    offer as buttons, likeliest first. `memory`: what is remembered from now on.
    """

    intents: tuple[str, ...]
    lead: bool
    offered: tuple[str, ...]
    memory: Memory

    def line(self, question: int) -> bytes:
        """The message as it is sent in answer to a question."""
        return _line({"id": question, **vars(self), "memory": asdict(self.memory)})


@dataclass(frozen=True)
class Answered:
    """What the engine says to the question `id`; `decision` None: it failed."""

    id: int
    decision: Decision | None

    @classmethod
    def read(cls, line: bytes) -> Answered:
        """Reads one; raises Nonsense."""
        message = _object(line)
        question = _part(message, "id", int)
        if message.get("failed") is True:
            return cls(question, None)
        decision = Decision(
            _names(message, "intents"),
            _part(message, "lead", bool),
            _names(message, "offered"),
            _memory(message),
        )
        return cls(question, decision)


def failed(question: int) -> bytes:
    """The line for a question that the engine could not answer."""
    return _line({"id": question, "failed": True})


def asked(line: bytes) -> Served | Question:
    """What the front says to the engine; raises Nonsense."""
    message = _object(line)
    return Served.of(message) if "topics" in message else Question.of(message)


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise Nonsense("not JSON") from None
    if not isinstance(message, dict):
        raise Nonsense("not an object")
    return message


def _part(message: dict[str, Any], name: str, kind: type) -> Any:
    found = message.get(name)
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
        raise Nonsense(name)
    return found


def _names(message: dict[str, Any], name: str) -> tuple[str, ...]:
    found = _part(message, name, list)
    if not all(isinstance(each, str) for each in found):
        raise Nonsense(name)
    return tuple(found)


def _memory(message: dict[str, Any]) -> Memory:
    try:
        return Memory.of_dict(_part(message, "memory", dict))
    except (TypeError, ValueError):
        raise Nonsense("memory") from None
