"""Turns a message in any language into one vector: multilingual-e5-small, in 4 bits."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

from bot import ROOT
from bot.nlu import encoder_files
from bot.nlu.arrays import Floats

FOLDER = ROOT / "models" / "multilingual_encoder"
MOST_TOKENS = 256
SIZE = 768  # length of a vector: the states of two layers
PREFIX = "query: "  # what the model was trained to see before a text


class MultilingualEncoderError(ValueError):
    """The encoder's files are missing or cannot be loaded."""


class MultilingualEncoder:
    """Encodes texts on one thread; safe to share between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Loads model.onnx and tokenizer.json.

        Raises:
            MultilingualEncoderError: A file is missing or broken.
        """
        self._tokenizer, self._session = encoder_files.load(
            folder, "multilingual", MultilingualEncoderError
        )
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def encode(self, texts: list[str]) -> Floats:
        """Vectors of length one: float32 of shape (texts, SIZE).

        One text at a time: the model takes no padding, so that a vector never depends
        on the texts beside it.
        """
        vectors = np.zeros((len(texts), SIZE), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(PREFIX + text).ids
            tokens = np.array([ids], dtype=np.int64)
            [vectors[row : row + 1]] = self._session.run(None, {"input_ids": tokens})
        return vectors

    def encode_parts(self, whole: str, parts: list[str]) -> Floats:
        """The vector of a message, then those of its parts, each read separately."""
        return self.encode([whole, *parts])


def tidy(text: str) -> str:
    """A text as the encoder reads it: whole, with its accents and vowel signs."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
