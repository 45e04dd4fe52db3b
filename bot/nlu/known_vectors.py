"""The vectors of training messages, kept beside an encoder to speed up training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from bot.nlu.arrays import Floats
from bot.nlu.pieces import Encoder

FILE, MODEL = "vectors.npz", "model.onnx"


class KnownVectors:
    """An encoder that already has the vectors of most training messages.

    The vectors have 8 bits a number. A message added since is encoded. If the vectors
    are from another encoder, so is every message.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Reads vectors.npz in its folder; raises OSError, KeyError, ValueError."""
        self._encoder = encoder
        with np.load(folder / FILE, allow_pickle=False) as kept:
            keys, self._vectors, self._scales, model = (
                kept[name] for name in ("keys", "vectors", "scales", "model")
            )
        ours = str(model) == _hash(folder / MODEL)
        self._rows = {int(key): row for row, key in enumerate(keys) if ours}

    def encode(self, texts: list[str]) -> Floats:
        """Vectors of length one: float32, a row for each text."""
        found = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        rows = [self._rows.get(key(text), -1) for text in texts]
        known = [place for place, row in enumerate(rows) if row >= 0]
        kept = [rows[place] for place in known]
        found[known] = self._vectors[kept] * self._scales[kept]
        if unknown := [place for place, row in enumerate(rows) if row < 0]:
            found[unknown] = self._encoder.encode([texts[place] for place in unknown])
        return found


def key(text: str) -> int:
    """The key of a text: the first 8 bytes of its hash."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def save(texts: Iterable[str], encoder: Encoder, folder: Path) -> None:
    """Writes vectors.npz, int8 with a scale for each; encodes only what is new."""
    if (folder / FILE).is_file():
        encoder = KnownVectors(encoder, folder)
    ordered = sorted(set(texts))
    vectors = encoder.encode(ordered)
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    np.savez_compressed(
        folder / FILE,
        keys=np.array([key(text) for text in ordered], dtype=np.uint64),
        vectors=np.round(vectors / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        model=np.array(_hash(folder / MODEL)),
    )


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
