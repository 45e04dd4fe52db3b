"""Turns a message into vectors: MiniLM as int8 ONNX, fine-tuned on data/nlu."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot import ROOT
from bot.nlu import encoder_files
from bot.nlu.arrays import Floats

FOLDER = ROOT / "models" / "sentence_encoder"
SIZE = 384  # the length of a vector
# The length that MiniLM was trained for, with its two marks. Longer texts are read in
# windows.
MOST_TOKENS = 256
# How many tokens of the message a part may lack between two of its own: commas, and the
# words at which bot/nlu/text_parts.py cuts.
MOST_SKIPPED = 3


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
            folder, "encoder", SentenceEncoderError
        )
        self._tokenizer.no_padding()  # its file turns it on
        self._tokenizer.no_truncation()
        self._first, self._last = self._tokenizer.encode("").ids  # [CLS], [SEP]

    def encode(self, texts: list[str]) -> Floats:
        """Vectors of length one: float32 of shape (texts, SIZE).

        Each text is read by itself: the int8 model uses one scale for a whole batch, so
        in a batch a vector would depend on its neighbours.
        """
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            vectors = threads.map(self._encode, texts)
            return np.array(list(vectors), dtype=np.float32).reshape(-1, SIZE)

    def encode_parts(self, whole: str, parts: Iterable[str]) -> list[Floats]:
        """The vectors of a message and of its parts, from one reading of the message.

        A part's vector is the mean of its tokens' states in the message (late pooling).
        This takes a third of the time that encoding the parts would, and is as
        accurate. A part that does not occur in the message word for word is encoded by
        itself.
        """
        ids = self._ids(whole)
        states, of_tokens = self._states(ids)
        found, start = [_unit(states.mean(axis=0))], 0
        for part in parts:
            named = self._ids(part)
            # Clauses come after sentences, and start again at the beginning.
            if places := _places(named, ids, start) or _places(named, ids, 0):
                start = places[0] + 1
                found.append(_unit(states[of_tokens[places]].mean(axis=0)))
            else:
                found.append(self._encode(part))
        return found

    def _encode(self, text: str) -> Floats:
        states, _ = self._states(self._ids(text))
        return _unit(states.mean(axis=0))

    def _ids(self, text: str) -> list[int]:
        """The ids of a text's tokens, without the marks around them."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _states(self, ids: list[int]) -> tuple[Floats, Floats]:
        """The model's states, and for each token the row of its state.

        The marks around each window have rows, too.
        """
        size = MOST_TOKENS - 2
        states, of_tokens, rows = [], [], 0
        for start in range(0, max(len(ids), 1), size):
            window = [self._first, *ids[start : start + size], self._last]
            tokens = np.array([window], dtype=np.int64)
            [[seen]] = self._session.run(None, {"input_ids": tokens})
            states.append(seen)
            of_tokens.append(np.arange(rows + 1, rows + len(window) - 1))
            rows += len(window)
        return np.concatenate(states), np.concatenate(of_tokens)


def _places(part: list[int], whole: list[int], start: int) -> list[int]:
    """Where a part's tokens are in the message, from `start` on; empty: nowhere."""
    if not part:
        return []
    for first in range(start, len(whole) - len(part) + 1):
        if whole[first] == part[0] and (places := _follow(part, whole, first)):
            return places
    return []


def _follow(part: list[int], whole: list[int], first: int) -> list[int]:
    places = [first]
    for token in part[1:]:
        near = whole[places[-1] + 1 : places[-1] + 2 + MOST_SKIPPED]
        if token not in near:
            return []
        places.append(places[-1] + 1 + near.index(token))
    return places


def _unit(vector: Floats) -> Floats:
    length = np.sqrt(vector @ vector)
    return np.divide(vector, length, dtype=np.float32)
