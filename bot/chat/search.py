"""Finds answers by their words: no model, nothing kept, nothing logged."""

from __future__ import annotations

import math
import re
from collections import defaultdict

from bot.safety.plain_text import plain
from bot.words.answers import Answers
from bot.words.topics import Topic

MOST_CHARACTERS = 200  # of what was typed
MOST_FOUND = 8
# How much a word counts by where it is: on the button, in what the topic is for, in the
# answer.
IN_TITLE, IN_ABOUT, IN_TEXT = 3.0, 1.5, 1.0
# The words found must be this share of those typed, with rare words counting more.
ENOUGH = 0.3
# A word in a larger share of the answers says little: it only finds those that have it
# in their title, and does not count unless nothing else was typed.
COMMON = 1 / 3
ENDINGS = ("ing", "ed", "es", "s", "e")
LEAST = 1e-9  # more than nothing
SHORTEST = 3  # what is left of a word without its ending
PREFIX = 4  # with this many letters a word also finds longer ones: child, children


class Search:
    """The answers that may be shown, by their words."""

    def __init__(self, answers: Answers) -> None:
        """Reads every listed answer that may be shown; takes a few milliseconds."""
        self._topics = [answers.topics.by_key[key] for key in answers.listed()]
        self._holds: dict[str, dict[int, float]] = defaultdict(dict)
        for place, topic in enumerate(self._topics):
            text = answers.reply(f"utter_{topic.key}").text
            for word, weight in _weights(topic, text).items():
                self._holds[word][place] = weight

    def find(self, text: str) -> list[Topic]:
        """The topics that fit some words best; none if nothing fits.

        Args:
            text: What somebody typed; only the first characters are read.
        """
        held = [self._found(word) for word in words(text[:MOST_CHARACTERS])]
        telling = [len(places) <= COMMON * len(self._topics) for places in held]
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        least = 0.0
        for places, tells in zip(held, telling, strict=True):
            rarity = math.log((len(self._topics) + 1) / (len(places) + 1))
            counts = tells or not any(telling)
            least += ENOUGH * rarity * counts
            for place, weight in (places if tells else _in_titles(places)).items():
                scores[place] += weight * rarity
                covered[place] += rarity * counts
        best = sorted(scores, key=lambda place: (-scores[place], place))
        fit = [place for place in best if covered[place] >= max(least, LEAST)]
        return [self._topics[place] for place in fit[:MOST_FOUND]]

    def _found(self, word: str) -> dict[int, float]:
        """Which answers hold a word, or one that begins with it, and its weight."""
        found: dict[int, float] = {}
        for known, places in self._holds.items():
            if known == word or (len(word) >= PREFIX and known.startswith(word)):
                for place, weight in places.items():
                    found[place] = max(weight, found.get(place, 0))
        return found


def words(text: str) -> list[str]:
    """The words of a text, each once, without their endings."""
    found = re.findall(r"[^\W_]{2,}", plain(text).replace("'", ""))
    return list(dict.fromkeys(map(_stem, found)))


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word


def _in_titles(held: dict[int, float]) -> dict[int, float]:
    """For a word in many answers: those that have it in their title."""
    return {place: weight for place, weight in held.items() if weight == IN_TITLE}


def _weights(topic: Topic, text: str) -> dict[str, float]:
    held: dict[str, float] = {}
    places = ((text, IN_TEXT), (topic.about, IN_ABOUT), (topic.title, IN_TITLE))
    for place, weight in places:
        held.update(dict.fromkeys(words(place), weight))
    return held
