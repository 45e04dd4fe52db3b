"""Turns a message into one vector: MiniLM as int8 ONNX, fine-tuned on data/nlu."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot import ROOT
from bot.nlu import encoder_files
from bot.nlu.arrays import Floats

FOLDER = ROOT / "models" / "sentence_encoder"
MOST_TOKENS = 256  # what MiniLM was trained for; what follows is cut
BATCH = 32


class SentenceEncoderError(ValueError):
    """The encoder's files are missing or cannot be loaded."""


class SentenceEncoder:
    """Encodes texts on one thread; safe to share between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Loads model.onnx and tokenizer.json.

        Raises:
            SentenceEncoderError: A file is missing or broken.
        """
        self._tokenizer, self._session = encoder_files.load(
            folder, MOST_TOKENS, "encoder", SentenceEncoderError
        )
        self._tokenizer.no_padding()  # its file asks for some

    def encode(self, texts: list[str]) -> Floats:
        """Vectors of length one: float32 of shape (texts, 384)."""
        # Texts of one length together: padding is work for nothing.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            # One by one: a batch would wake threads that cost more than they save.
            tokens = [self._tokenizer.encode(texts[index]).ids for index in chosen]
            [vectors[chosen]] = self._session.run(None, _padded(tokens))
        return vectors


def _padded(tokens: list[list[int]]) -> dict[str, npt.NDArray[np.int64]]:
    """What the model takes: token numbers, and which of them are not padding."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, numbers in enumerate(tokens):
        ids[row, : len(numbers)] = numbers
        mask[row, : len(numbers)] = 1
    return {"input_ids": ids, "attention_mask": mask}
