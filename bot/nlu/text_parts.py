"""Takes a message apart, so that no sentence or question is lost among the others."""

from __future__ import annotations

import re

# A longer sentence, as in dictated text without punctuation, is read through a window
# that moves on by half its width.
WINDOW_WORDS = 24
FEWEST_WORDS = 3  # shorter pieces are joined to the piece before them
MOST_SENTENCES = 40
MOST_CLAUSES = 12

# Other scripts have their own marks, and Chinese has no spaces after them.
_SENTENCE = re.compile(
    r"(?<=[.!?;…])[\s\"')]+|\n+|(?<=[।॥۔؟。！？])\s*|"
    r"\b(?:full stop|question mark)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?<=[.!?;…])\s+|\n+|(?<=[।॥۔؟。！？])\s*|[,،、，]|\s[-–—]\s|"
    r"\b(?:and|also|plus|but|another thing|full stop|question mark|comma)\b",
    re.IGNORECASE,
)

_HAN = re.compile(r"[\u3400-\u9fff]")


def sentences(text: str) -> list[str]:
    """The sentences of a text, none longer than `WINDOW_WORDS`.

    Returns:
        The sentences in their order; none if the text is a single one. When there are
        more than `MOST_SENTENCES`, neighbours are joined, so that everything is read
        and the work has a limit.
    """
    pieces = _joined(_SENTENCE.split(text))
    parts = [part for words in pieces for part in _windows(words)]
    return _at_most(MOST_SENTENCES, parts) if len(parts) > 1 else []


def clauses(text: str) -> list[str]:
    """The pieces of a text that may each ask something; none if there is only one."""
    parts = [" ".join(words) for words in _joined(_CLAUSE.split(text))]
    return _at_most(MOST_CLAUSES, parts) if len(parts) > 1 else []


def _joined(pieces: list[str]) -> list[list[str]]:
    """The words of each piece, a short piece together with the one before it."""
    joined: list[list[str]] = []
    for words in map(str.split, pieces):
        short = _length(words) < FEWEST_WORDS or (
            joined and _length(joined[-1]) < FEWEST_WORDS
        )
        if joined and short:
            joined[-1] += words
        elif words:
            joined.append(words)
    return joined


def _length(words: list[str]) -> int:
    """The number of words; in Chinese, which has no spaces, half the characters."""
    return sum(1 + len(_HAN.findall(word)) // 2 for word in words)


def _windows(words: list[str]) -> list[str]:
    step = WINDOW_WORDS // 2
    last = max(len(words) - step, 1)
    return [
        " ".join(words[start : start + WINDOW_WORDS]) for start in range(0, last, step)
    ]


def _at_most(most: int, parts: list[str]) -> list[str]:
    together = -(-len(parts) // most)
    return [
        " ".join(parts[start : start + together])
        for start in range(0, len(parts), together)
    ]
