"""The scripts that a text is written in."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

LATIN, OTHER = "Latin", "other"
# Where the letters of a script begin in Unicode, up to where the next one begins.
_FROM = (
    (0x0000, LATIN), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"),
    (0x0590, "Hebrew"), (0x0600, "Arabic"), (0x0780, OTHER), (0x0900, "Devanagari"),
    (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"), (0x0B00, OTHER),
    (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, OTHER), (0x0D00, "Malayalam"),
    (0x0D80, OTHER), (0x0E00, "Thai"), (0x0E80, OTHER), (0x1200, "Ethiopic"),
    (0x13A0, OTHER), (0x1C80, "Cyrillic"), (0x1D00, LATIN), (0x1F00, "Greek"),
    (0x2000, LATIN), (0x2DE0, "Cyrillic"), (0x2E80, "Han"), (0x3040, OTHER),
    (0x3400, "Han"), (0xA000, OTHER), (0xA640, "Cyrillic"), (0xA6A0, LATIN),
    (0xA8E0, "Devanagari"), (0xA900, OTHER), (0xAB30, LATIN), (0xAC00, OTHER),
    (0xF900, "Han"), (0xFB00, LATIN), (0xFB50, "Arabic"), (0xFE70, "Arabic"),
    (0xFF00, LATIN), (0x20000, "Han"),
)  # fmt: skip
# Languages whose emergencies and calm messages one threshold separates.
ROMANISED, OTHERS = "romanised", "others"
IN_LATIN = "-Latn"  # the end of the tag of a language in letters not its own
_GROUPS = {
    LATIN: "latin", "Greek": "greek_cyrillic", "Cyrillic": "greek_cyrillic",
    "Arabic": "arabic", "Devanagari": "indic", "Bengali": "indic",
    "Gurmukhi": "indic", "Gujarati": "indic", "Tamil": "indic", "Telugu": "indic",
    "Malayalam": "indic", "Han": "chinese",
}  # fmt: skip
GROUPS = (*dict.fromkeys(_GROUPS.values()), ROMANISED, OTHERS)
_STARTS = [start for start, _ in _FROM]


def script(letter: str) -> str:
    """The script of one letter; `other` for one that no language here is written in."""
    return _FROM[bisect_right(_STARTS, ord(letter)) - 1][1]


def group(tag: str, text: str) -> str:
    """The group of a language, such as ur-Latn, and of a text in it."""
    if tag.endswith(IN_LATIN):
        return ROMANISED
    counted = scripts(text).most_common(1)
    return _GROUPS.get(counted[0][0], OTHERS) if counted else OTHERS


def scripts(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    return Counter(script(character) for character in text if character.isalpha())
