"""What the model learns besides data/nlu: what Rasa's format cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.nlu.pieces import Encoder, encode
from bot.nlu.reader import AT_RISK, DEPENDS, DOUBLE, PICTURE, RETRACTS, RISK, Lesson
from bot.safety.plain_text import plain
from bot.words import yaml_files

SHOWS = ("cause", "child", "soon")  # in the order of PICTURE


class TalksError(ValueError):
    """A file of data/conversations holds an entry that cannot be learnt from."""


def read_lessons(
    folder: Path, encoder: Encoder, tidy: Callable[[str], str] = plain
) -> list[Lesson]:
    """Reads the files of data/conversations, whose heads explain them.

    `tidy` puts a text into the form that the encoder reads.

    Raises:
        YamlFileError: A file cannot be read.
        TalksError: An entry lacks a part, or has an unknown one.
    """
    found = _all_taught(folder)
    pieces = encode([tidy(text) for text, _, _ in found], encoder)
    return [
        Lesson(piece, intents, facts)
        for piece, (_, intents, facts) in zip(pieces, found, strict=True)
    ]


def read_texts(folder: Path) -> list[str]:
    """The messages in the files of data/conversations; raises as `read_lessons`."""
    return [text for text, _, _ in _all_taught(folder)]


def _all_taught(folder: Path) -> list[Any]:
    return [
        *_taught(folder, "double_questions", _double),
        *_taught(folder, "decisive_sentences", _decisive),
        *_taught(folder, "follow_ups", _follow_up),
        *_taught(folder, "talks", _turn, inside="turns"),
    ]


def _taught(folder: Path, name: str, read: Any, inside: str | None = None) -> list[Any]:
    path = folder / f"{name}.yml"
    entries = yaml_files.read(path)[name]
    if inside:
        entries = [turn for entry in entries for turn in entry[inside]]
    taught = []
    for number, entry in enumerate(entries, 1):
        try:
            taught.append(read(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise TalksError(
                f"{path}: entry {number} cannot be read ({error}). See the head of the "
                "file for what it must hold."
            ) from error
    return taught


def _decisive(text: str) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    return text, (RISK,), {AT_RISK: True}


def _double(entry: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    return entry["text"], tuple(entry["topics"]), {DOUBLE: True, DEPENDS: False}


def _follow_up(entry: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    return entry["text"], (), {DEPENDS: not entry.get("alone", False)}


def _turn(entry: dict[str, Any]) -> tuple[str, tuple[str, ...], dict[str, bool]]:
    if unknown := set(entry["shows"]) - set(SHOWS):
        raise ValueError(f"unknown {sorted(unknown)}")
    shown = [name in entry["shows"] for name in SHOWS]
    facts = dict(zip(PICTURE, shown, strict=True))
    return entry["text"], (), {**facts, RETRACTS: entry.get("retracts", False)}
