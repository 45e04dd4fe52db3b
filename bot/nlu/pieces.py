"""A message as the model reads it: whole and in parts, each with its vector."""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu import text_parts
from bot.nlu.arrays import Floats
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.safety.plain_text import plain


@dataclass(frozen=True)
class Piece:
    """A message, or a part of one: what `plain` made of it, and its vector.

    `vector` is that of the sentence encoder, float32 of shape (384,).
    """

    text: str
    vector: Floats


@dataclass(frozen=True)
class Pieces:
    """A message whole, its sentences and its clauses; none when there is only one."""

    whole: Piece
    sentences: tuple[Piece, ...] = ()
    clauses: tuple[Piece, ...] = ()


def take_apart(typed: str, encoder: SentenceEncoder) -> Pieces:
    """Reads one message; a piece that stands in it twice is encoded once."""
    whole = plain(typed)
    sentences = [plain(part) for part in text_parts.sentences(typed)]
    clauses = [plain(part) for part in text_parts.clauses(typed)]
    known = {
        piece.text: piece
        for piece in encode(list({whole, *sentences, *clauses}), encoder)
    }
    return Pieces(
        known[whole],
        tuple(known[text] for text in sentences),
        tuple(known[text] for text in clauses),
    )


def encode(texts: list[str], encoder: SentenceEncoder) -> list[Piece]:
    """Plain texts with their vectors."""
    vectors = encoder.encode(texts)
    return [Piece(text, vector) for text, vector in zip(texts, vectors, strict=True)]
