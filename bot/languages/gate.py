"""The language gate: is a message English, and if not, which language is it?

Plain text in, an answer out: no engine, no input or output, nothing kept. Letters of
another script settle it at once. For Latin letters a logistic regression adds up the
evidence of each piece of a word; a second one names the language.
models/language_gate.json holds what they learnt (models/build_language_gate.py).
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections import Counter
from collections.abc import Sized
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bot import DATA, ROOT
from bot.languages.scripts import LATIN, script, scripts
from bot.languages.terms import pieces, terms, words
from bot.words import yaml_files

FILE = ROOT / "models" / "language_gate.json"
# Log odds from which on a text is taken for another language, and from which on one of
# its parts is, while the rest is English. Below `ENGLISH` it is surely English.
FOREIGN, FOREIGN_PART, ENGLISH = 1.0, 6.0, -2.0
# A few words say little: one of them must be known, or the rest must be clear.
FEW_WORDS, FOREIGN_IF_FEW, KNOWN = 4, 5.0, 0.5
WINDOW_WORDS = 4
# What is longer is judged by its beginning and its end.
MOST_WORDS, MOST_CHARACTERS = 400, 4_000
SURELY = 0.6  # above this probability only one language is named
MOST_LIKELY = 3
# Begins the name of all languages of one script that the chat does not speak.
UNKNOWN, SURELY_UNKNOWN = "und", 0.6
# Letters of another script, in a word that Latin look-alikes do not explain.
FEWEST_LETTERS = 2


class LanguageGateError(ValueError):
    """models/language_gate.json is missing or broken."""


@dataclass(frozen=True)
class Guess:
    """What a text is written in.

    Attributes:
        likely: Languages as data/languages names them, likeliest first; empty: English.
        named: Whether the first of them is likely enough to be answered in alone.
        mixed: Whether a part of the text is English, or may be.
        unsure: The text is too short, or has too little in it, to tell.
    """

    likely: tuple[str, ...] = ()
    named: bool = False
    mixed: bool = False
    unsure: bool = False

    @property
    def language(self) -> str | None:
        """The likeliest language; None: English, or too little to tell."""
        return self.likely[0] if self.likely else None


ENGLISH_TEXT, UNCLEAR = Guess(), Guess(unsure=True)


class LanguageGate:
    """Judges texts; safe to share between threads."""

    def __init__(self, learnt: dict[str, Any], look_alikes: dict[str, str]) -> None:
        """Takes what was learnt; raises LanguageGateError.

        Args:
            learnt: The content of models/language_gate.json.
            look_alikes: The characters that look like a Latin letter, by that letter.
        """
        try:
            english = learnt["english"]
            self._bias: float = english["bias"]
            self._terms: dict[str, float] = english["terms"]
            self.languages: list[str] = learnt["languages"]["tags"]
            self._script_of: list[str] = learnt["languages"]["scripts"]
            self._biases: list[float] = learnt["languages"]["biases"]
            votes = learnt["languages"]["terms"]
            # A sixth of what lists of numbers take.
            self._votes = {term: array("f", row) for term, row in votes.items()}
        except (KeyError, TypeError) as error:
            raise LanguageGateError(
                f"{FILE.name}: lacks {error}. Restore it from git, or build it again "
                "with `make gate`."
            ) from error
        self._look_alikes = str.maketrans(
            {c: letter for letter, alike in look_alikes.items() for c in alike}
        )

    @classmethod
    def read(cls, file: Path = FILE) -> LanguageGate:
        """Reads what was learnt; raises LanguageGateError or YamlFileError."""
        try:
            learnt = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise LanguageGateError(
                f"models/{file.name}: cannot be read ({type(error).__name__}). Restore "
                "it from git, or build it again with `make gate`."
            ) from error
        return cls(learnt, yaml_files.read(DATA / "look_alikes.yml"))

    def judge(self, text: str) -> Guess:
        """What a text is written in."""
        text = _shortened(text)
        found = words(text)
        if not found:
            return UNCLEAR
        if foreign := self._in_another_script(found):
            rest = " ".join(word for word in found if _is_latin(word))
            return self._named(foreign, mixed=len(rest.split()) > 1)
        return self._in_latin(words(" ".join(found).translate(self._look_alikes)))

    def _in_another_script(self, found: list[str]) -> str:
        """The words in letters of another script, which no look-alike explains."""
        foreign = [word for word in found if not _is_latin(word)]
        own = [
            letter
            for word in foreign
            for letter in word
            if letter.isalpha() and script(letter) != LATIN
            if ord(letter) not in self._look_alikes
        ]
        return " ".join(foreign) if len(own) >= FEWEST_LETTERS else ""

    def _in_latin(self, found: list[str]) -> Guess:
        if sum(len(word) == 1 for word in found) > len(found) / 2:
            return UNCLEAR  # letters set apart: "h e l p"
        whole = " ".join(found)
        weighed = [self._weighed(word) for word in found]
        odds = self._odds(weighed)
        sure = len(found) > FEW_WORDS or any(map(self._is_known, found))
        sure = sure or not whole.isascii()  # hardly a letter of English
        if odds >= (FOREIGN if sure else FOREIGN_IF_FEW):
            return self._named(whole, mixed=self._has_english(weighed))
        if part := self._foreign_part(found, weighed):
            return self._named(part, mixed=True)
        return ENGLISH_TEXT if odds <= ENGLISH or len(found) > 1 else UNCLEAR

    def _is_known(self, word: str) -> bool:
        """Whether a word was seen in another language, and hardly in English."""
        return self._terms.get(f"<{word}>", 0.0) >= KNOWN

    def _weighed(self, word: str) -> list[str]:
        """The pieces of a word that speak for English or against it."""
        return list(filter(self._terms.__contains__, pieces(word)))

    def _odds(self, weighed: list[list[str]]) -> float:
        """The log odds that words in Latin letters, by their pieces, are not English.

        A piece that stands in several words counts for a little more than in one.
        """
        counted = Counter(chain.from_iterable(weighed))
        # Each once, as most of them are; what is there more often is added to that.
        total = sum(map(self._terms.__getitem__, counted))
        length = float(len(counted))
        for piece, count in counted.items():
            if count > 1:
                more = math.log(count)
                total += more * self._terms[piece]
                length += more * (2.0 + more)
        return self._bias + (total / math.sqrt(length) if length else 0.0)

    def _foreign_part(self, found: list[str], weighed: list[list[str]]) -> str:
        """The least English stretch of a text, if it is in another language.

        Names sound foreign, too, so it must be clearer than for a whole text.
        """
        if len(found) <= WINDOW_WORDS:
            return ""
        starts = _starts(found)
        odds = [self._odds(weighed[start : start + WINDOW_WORDS]) for start in starts]
        worst = max(range(len(odds)), key=odds.__getitem__)
        start = starts[worst]
        clear = odds[worst] >= FOREIGN_PART
        return " ".join(found[start : start + WINDOW_WORDS]) if clear else ""

    def _has_english(self, weighed: list[list[str]]) -> bool:
        parts = (weighed[start : start + WINDOW_WORDS] for start in _starts(weighed))
        return any(self._odds(part) <= ENGLISH for part in parts)

    def _named(self, text: str, mixed: bool) -> Guess:
        """The languages that a text may be in."""
        main, _ = scripts(text).most_common(1)[0]
        places = [i for i, own in enumerate(self._script_of) if own == main]
        if not places:
            return Guess((UNKNOWN,), mixed=mixed)
        votes = dict.fromkeys(places, 0.0)
        counted = terms(text)
        length = math.sqrt(sum((1.0 + math.log(n)) ** 2 for n in counted.values()))
        for term, count in counted.items():
            if weights := self._votes.get(term):
                share = (1.0 + math.log(count)) / length
                for place in places:
                    votes[place] += share * weights[place]
        for place in places:
            votes[place] += self._biases[place]
        most = max(votes.values())
        raised = {place: math.exp(votes[place] - most) for place in places}
        total = sum(raised.values())
        shares = {place: raised[place] / total for place in places}
        ranked = sorted(places, key=shares.__getitem__, reverse=True)
        if self._is_unknown(ranked[0]) and shares[ranked[0]] < SURELY_UNKNOWN:
            # A language that the chat can answer in is better than none.
            ranked.append(ranked.pop(0))
        likely = tuple(self.languages[place] for place in ranked[:MOST_LIKELY])
        sure = shares[ranked[0]] >= SURELY and not self._is_unknown(ranked[0])
        return Guess(likely, sure, mixed)

    def _is_unknown(self, place: int) -> bool:
        return self.languages[place].startswith(UNKNOWN)


def _starts(found: Sized) -> range:
    """Where each stretch of `WINDOW_WORDS` words begins; one overlaps the next."""
    return range(0, max(1, len(found) - WINDOW_WORDS + 1), 2)


def _is_latin(word: str) -> bool:
    return word.isascii() or all(
        script(letter) == LATIN for letter in word if letter.isalpha()
    )


def _shortened(text: str) -> str:
    if len(text) < 2 * MOST_WORDS:  # as nearly all
        return text
    parts = re.findall(r"\S+", text)
    if len(parts) > MOST_WORDS:
        half = MOST_WORDS // 2
        text = " ".join((*parts[:half], *parts[-half:]))
    if len(text) > MOST_CHARACTERS:  # one word may be as long as a whole body
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    return text
