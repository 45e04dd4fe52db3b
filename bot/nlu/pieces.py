"""A message as the model reads it: whole and in parts, each with its vector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bot.nlu import text_parts
from bot.nlu.arrays import Floats
from bot.safety.plain_text import plain


class Encoder(Protocol):
    """Turns texts into vectors of length one: float32, a row for each."""

    def encode(self, texts: list[str]) -> Floats: ...


class MessageEncoder(Encoder, Protocol):
    """Can also read a message together with its parts."""

    def encode_parts(self, whole: str, parts: list[str]) -> Iterable[Floats]:
        """The vector of a message, and then those of its parts."""


@dataclass(frozen=True)
class Piece:
    """A message, or a part of one, tidied; `vector` is its row of float32."""

    text: str
    # Rasa hashes the repr of all that a message holds; numpy takes 1 ms to write one.
    vector: Floats = field(repr=False)


@dataclass(frozen=True)
class Pieces:
    """A message, its sentences and its clauses; no parts if there is only one."""

    whole: Piece
    sentences: tuple[Piece, ...] = ()
    clauses: tuple[Piece, ...] = ()


def take_apart(
    typed: str, encoder: MessageEncoder, tidy: Callable[[str], str] = plain
) -> Pieces:
    """Reads one message; a piece that occurs twice is read once.

    Args:
        typed: The message.
        encoder: Gives the vectors.
        tidy: Puts a text into the form that this encoder reads.
    """
    whole = tidy(typed)
    sentences = [tidy(part) for part in text_parts.sentences(typed)]
    clauses = [tidy(part) for part in text_parts.clauses(typed)]
    parts = list(dict.fromkeys([*sentences, *clauses]))
    texts, vectors = [whole, *parts], encoder.encode_parts(whole, parts)
    known = {text: Piece(text, v) for text, v in zip(texts, vectors, strict=True)}
    return Pieces(
        known[whole],
        tuple(known[text] for text in sentences),
        tuple(known[text] for text in clauses),
    )


def encode(texts: list[str], encoder: Encoder) -> list[Piece]:
    """Tidied texts with their vectors."""
    vectors = encoder.encode(texts)
    return [Piece(text, vector) for text, vector in zip(texts, vectors, strict=True)]
