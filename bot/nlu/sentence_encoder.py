"""Turns a message into one vector: MiniLM as int8 ONNX, fine-tuned on data/nlu."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from bot import ROOT
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
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = SessionOptions()
            # A request is one core's work: two threads would wait for each other.
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            self._session = InferenceSession(
                str(folder / "model.onnx"),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # tokenizers raises bare Exceptions
            raise SentenceEncoderError(
                f"{folder}: cannot load the sentence encoder ({error}). Restore the "
                "folder from git or build it with `make encoder`."
            ) from error
        self._tokenizer.enable_truncation(MOST_TOKENS)
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
