"""What the multilingual reader learns from: other languages, and some English."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.arrays import Floats
from bot.nlu.multilingual_encoder import FOLDER, SIZE, MultilingualEncoder, tidy
from bot.nlu.pieces import encode
from bot.nlu.reader import AT_RISK, DEPENDS, DOUBLE, MISUSE, RISK, Lesson
from bot.words import yaml_files
from bot.words.topics import REFUSALS, Topics

VECTORS = FOLDER / "vectors.npz"
# English messages of one intent: more of them teach no more about other languages.
MOST_ENGLISH, MOST_ENGLISH_RISK = 180, 1600
FOREIGN_WEIGHT = 4.0
ROMANISED_FILES = "*-Latn.yml"

Message = tuple[str, str]  # an intent, and what was typed


class KnownVectors:
    """An encoder that has the vectors of most training messages at hand.

    models/build_multilingual_encoder.py writes them, so that training need not encode
    them all; a message that was added since is encoded.
    """

    def __init__(self, encoder: MultilingualEncoder, file: Path = VECTORS) -> None:
        """Reads the vectors; raises OSError, KeyError or ValueError."""
        self._encoder = encoder
        with np.load(file, allow_pickle=False) as kept:
            keys, self._vectors, self._scales = (
                kept[name] for name in ("keys", "vectors", "scales")
            )
        self._rows = {int(key): row for row, key in enumerate(keys)}

    def encode(self, texts: list[str]) -> Floats:
        """Vectors of length one: float32 of shape (texts, SIZE)."""
        found = np.zeros((len(texts), SIZE), dtype=np.float32)
        rows = [self._rows.get(key(text)) for text in texts]
        unknown = [place for place, row in enumerate(rows) if row is None]
        for place, row in enumerate(rows):
            if row is not None:
                found[place] = self._vectors[row] * self._scales[row]
        found[unknown] = self._encoder.encode([texts[place] for place in unknown])
        return found


def key(text: str) -> int:
    """What a text is found by: half of a hash."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def quantized(vectors: Floats) -> dict[str, npt.NDArray[np.generic]]:
    """Vectors as int8 with a scale for each."""
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    rounded = np.round(vectors / scales).astype(np.int8)
    return {"vectors": rounded, "scales": scales.astype(np.float32)}


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
    """The English messages that are taught beside the others, by topic."""
    counted: Counter[str] = Counter()
    chosen = []
    for intent, text in sorted(messages, key=lambda message: key(message[1])):
        name = label(intent, topics)
        counted[name] += 1
        if counted[name] <= (MOST_ENGLISH_RISK if name == RISK else MOST_ENGLISH):
            chosen.append((intent, tidy(text)))
    return chosen


def label(intent: str, topics: Topics) -> str:
    """What a message is taught as: its emergency, or the most general topic."""
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
    """The lessons with each intent as it is taught here."""
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
