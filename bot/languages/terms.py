"""What the language gate looks at in a text: its words and the letters in them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

LONGEST = 4  # letters of a piece of a word
# Marks belong to the word whose letters carry them: in many scripts they are vowels.
_WORD = re.compile(r"(?:[^\W_]|(?<=\w)['\u0300-\u036f]|(?:(?!\s)[^\x00-\x7f\w]))+")


def words(text: str) -> list[str]:
    """The words of a text in lower case, with the accents and marks they came with."""
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    found = _WORD.findall(text)
    if not text.isascii():
        found = ["".join(filter(_belongs, word)) for word in found]
    return [word for word in found if any(map(str.isalpha, word))]


def terms(text: str) -> Counter[str]:
    """How often each piece of a word, and each word, is in a text.

    A piece has up to `LONGEST` letters; `<` and `>` mark the ends of its word.
    """
    return Counter(term for word in words(text) for term in pieces(word))


def pieces(word: str) -> list[str]:
    """The pieces of one word in a fixed order, and then the word itself."""
    marked = f"<{word}>"
    found = [
        marked[start : start + size]
        for size in range(1, LONGEST + 1)
        for start in range(len(marked) - size + 1)
    ]
    return [*found, marked] if len(marked) > LONGEST else found


@cache
def _belongs(character: str) -> bool:
    return character == "'" or unicodedata.category(character)[0] in "LMN"
