"""What the multilingual reader learns from: other languages, and some English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bot.nlu.known_vectors import KnownVectors, key
from bot.nlu.multilingual_encoder import tidy
from bot.nlu.pieces import encode
from bot.nlu.reader import AT_RISK, DEPENDS, DOUBLE, MISUSE, RISK, Lesson
from bot.words import yaml_files
from bot.words.topics import REFUSALS, Topics

# English messages for one intent: more would teach nothing about other languages.
MOST_ENGLISH, MOST_ENGLISH_RISK = 180, 1600
FOREIGN_WEIGHT = 4.0
ROMANISED_FILES = "*-Latn.yml"

Message = tuple[str, str]  # an intent, and what was typed


def read_messages(folder: Path, files: str = "*.yml") -> list[Message]:
    """The messages of data/languages/messages; raises YamlFileError."""
    entries: list[dict[str, str]] = []
    for path in sorted(folder.glob(files)):
        entries += yaml_files.read_list(path)
    return [(entry["intent"], tidy(entry["text"])) for entry in entries]


def read_english(folder: Path) -> list[Message]:
    """The messages of data/nlu, in the order of the files; raises YamlFileError."""
    return [
        (block["intent"], line[2:].strip())
        for path in sorted(folder.glob("*.yml"))
        for block in yaml_files.read(path)["nlu"]
        for line in block["examples"].splitlines()
    ]


def some_english(messages: Iterable[Message], topics: Topics) -> list[Message]:
    """The English messages to learn besides the others, by topic."""
    counted: Counter[str] = Counter()
    chosen = []
    for intent, text in sorted(messages, key=lambda message: key(message[1])):
        name = label(intent, topics)
        counted[name] += 1
        if counted[name] <= (MOST_ENGLISH_RISK if name == RISK else MOST_ENGLISH):
            chosen.append((intent, tidy(text)))
    return chosen


def label(intent: str, topics: Topics) -> str:
    """What a message is learnt as: its emergency, or its most general topic."""
    return intent if intent.startswith(RISK) else topics.family(intent)


def lessons(
    english: list[Message], foreign: list[Message], encoder: KnownVectors
) -> list[Lesson]:
    """All messages as lessons; the foreign ones count more."""
    both = [*english, *foreign]
    pieces = encode([text for _, text in both], encoder)
    weights = [1.0] * len(english) + [FOREIGN_WEIGHT] * len(foreign)
    return [
        Lesson(piece, (intent,), _facts(intent), weight)
        for piece, (intent, _), weight in zip(pieces, both, weights, strict=True)
    ]


def labelled(taught: list[Lesson], topics: Topics) -> list[Lesson]:
    """The lessons with each intent as it is learnt here."""
    return [
        replace(
            lesson,
            intents=tuple(dict.fromkeys(label(i, topics) for i in lesson.intents)),
        )
        for lesson in taught
    ]


def _facts(intent: str) -> dict[str, bool]:
    return {
        DOUBLE: False,
        DEPENDS: False,
        AT_RISK: intent.startswith(RISK),
        MISUSE: intent in REFUSALS,
    }
