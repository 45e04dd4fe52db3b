"""Undoes what hides words from a reader of plain text, for the net and the model alike.

Time grows with the length of the text, never faster: no pattern here can read a
character more than a fixed number of times.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from bot import DATA
from bot.words import yaml_files

_TAG = re.compile(r"<[^<>]{0,200}>")
_NUMBERED, _MOST_DIGITS = re.compile("&#0*([0-9]+)"), 7  # 1114111 is the last
_APOSTROPHE = re.compile(r"['’`´‘]")
# One letter at a time with one mark or space between, as in "h e l p" or "h.e.l.p".
_SET_APART = re.compile(r"\b(?:[^\W\d_][ .\-_*]){3,}[^\W\d_]\b")
_BETWEEN = re.compile(r"[ .\-_*]")
# The same within a text of which most words are single letters: two spaces end a word.
_LETTER_GAP = re.compile(r"(?<=\b[^\W\d_])[ .\-_*](?=[^\W\d_]\b)")
MOSTLY_LETTERS, FEWEST_LETTERS = 0.7, 8
# The letters of Armenian, the first after Latin, Greek and Cyrillic.
_FIRST_OTHER = "\u0530"
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


def plain(text: str) -> str:
    """A text in lower case, with its words as they are meant to be read.

    Undoes HTML, accents, wide and look-alike letters, invisible characters, emoji
    between words, letters set apart or drawn out. Keeps punctuation, and digits in
    their place: "2nite" and "14" are both words. Marks are accents on Latin, Greek and
    Cyrillic letters; in other scripts they are vowels, and stay.
    """
    text = _TAG.sub(" ", unescape(text))
    if text.isascii():
        text = text.translate(_OF_ASCII)  # the same, at a tenth of the cost
    else:
        text = unicodedata.normalize("NFC", _without_accents(text))
        text = "".join(map(_visible, text))
    text = text.lower().translate(_look_alikes())
    text = _APOSTROPHE.sub("'", text)
    if _spelt_out(text):
        text = _LETTER_GAP.sub("", text)
    text = _SET_APART.sub(lambda match: _BETWEEN.sub("", match[0]), text)
    text = _DRAWN_OUT.sub(r"\1", text)
    return " ".join(text.split())


def unescape(text: str) -> str:
    """A text in which HTML's names and numbers of characters are these characters.

    `html.unescape` raises ValueError over a number of thousands of digits, zeros
    included, so what cannot be a character's number is a space.
    """
    short = _NUMBERED.sub(
        lambda match: f"&#{match[1]}" if len(match[1]) <= _MOST_DIGITS else " ", text
    )
    return html.unescape(short)


def _spelt_out(text: str) -> bool:
    words = text.split()
    letters = sum(len(word) == 1 for word in words)
    return letters >= FEWEST_LETTERS and letters >= MOSTLY_LETTERS * len(words)


def _without_accents(text: str) -> str:
    """A text in its simplest characters, without the marks of Europe's letters."""
    kept, accented = [], True
    for character in unicodedata.normalize("NFKD", text):
        if unicodedata.category(character) in ("Mn", "Mc", "Me"):
            if not accented:
                kept.append(character)
            continue
        if character.isalpha():
            accented = character < _FIRST_OTHER
        kept.append(character)
    return "".join(kept)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("So", "Sk", "Cc"):
        return " "
    return character


# What `_visible` makes of the characters that most messages consist of.
_OF_ASCII = str.maketrans(
    {character: _visible(character) for character in map(chr, range(128))}
)


@cache
def _look_alikes() -> dict[int, str]:
    """From data/look_alikes.yml; raises YamlFileError."""
    content = yaml_files.read(DATA / "look_alikes.yml")
    return str.maketrans({c: letter for letter in content for c in content[letter]})
