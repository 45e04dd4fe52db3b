"""The 999 net: reads a message and says whether it may be an emergency.

Plain text in, a verdict out: no Rasa, no model, no input or output. The phrases and
rules are in data/safety_rules.yml, which explains them. The time taken grows in
proportion to the length of the text, never faster: every pattern is a list of phrases,
and none can backtrack over more than one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA
from bot.safety.plain_text import plain, unescape
from bot.words import shapes, yaml_files

FILE = "data/safety_rules.yml"


class SafetyRulesError(ValueError):
    """data/safety_rules.yml cannot be understood."""


@dataclass(frozen=True)
class Verdict:
    """A possible emergency: the intent that answers it, and the rule that fired."""

    intent: str
    rule: str


@dataclass(frozen=True)
class Rule:
    """All groups of `needs` within `within` words, and none of `unless` close by."""

    name: str
    intent: str
    needs: tuple[str, ...]
    within: int
    unless: tuple[str, ...]


class SafetyNet:
    """Judges texts by the rules of data/safety_rules.yml."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Takes the content of the file; raises SafetyRulesError."""
        shapes.check(FILE, content, "safety_rules", SafetyRulesError)
        self._digits = str.maketrans(dict(content["digits"]))
        self._near = content["unless_within"]
        self._groups = {
            name: _pattern(name, phrases) for name, phrases in content["groups"].items()
        }
        self.rules = [
            _rule(
                entry,
                set(self._groups),
                yaml_files.at(FILE, content, "net_rules", i, "rule"),
            )
            for i, entry in enumerate(content["net_rules"])
        ]

    @classmethod
    def read(cls, folder: Path = DATA) -> SafetyNet:
        """Reads safety_rules.yml in `folder`.

        Raises:
            YamlFileError: The file cannot be read.
            SafetyRulesError: A rule is not complete, or names an unknown group.
        """
        return cls(yaml_files.read(folder / "safety_rules.yml"))

    def judge(self, text: str, made_plain: str | None = None) -> Verdict | None:
        """The first rule that a text meets, or None.

        Args:
            text: What was typed.
            made_plain: What `plain` makes of it, where that is known already.
        """
        read = plain(text) if made_plain is None else made_plain
        if found := self._judge(self._folded(read)):
            return found
        # "<3 ... >:(" looks like a tag, which `plain` drops with all that is in it.
        words = _BRACKET.sub(" ", unescape(text))
        return self._judge(self.fold(words)) if words != text else None

    def _judge(self, folded: str) -> Verdict | None:
        starts = [match.start() for match in re.finditer(r"\S+", folded)]
        found: dict[str, list[int]] = {}

        def places(group: str) -> list[int]:
            if group not in found:
                found[group] = [
                    bisect_right(starts, match.start()) - 1
                    for match in self._groups[group].finditer(folded)
                ]
            return found[group]

        for rule in self.rules:
            if not all(map(places, rule.needs)):  # stops at the first that is missing
                continue
            for first, last in _windows([places(g) for g in rule.needs], rule.within):
                calm = (spot for group in rule.unless for spot in places(group))
                if not any(
                    first - self._near <= spot <= last + self._near for spot in calm
                ):
                    return Verdict(rule.intent, rule.name)
        return None

    def fold(self, text: str) -> str:
        """A text as the rules read it: plain lower-case words with single spaces.

        Undoes what `plain` undoes, and digits for letters.
        """
        return self._folded(plain(text))

    def _folded(self, made_plain: str) -> str:
        text = made_plain.replace("'", "")
        words = [self._word(word) for word in re.findall(r"[a-z0-9@$!|]+", text)]
        return " ".join(word for word in words if word)

    def _word(self, word: str) -> str:
        if word.isalpha():  # as most are: nothing in it can stand for a letter
            return word
        if match := _AGE.fullmatch(word):
            return " ".join(match.groups())
        if word.isdigit():
            return word
        if re.search("[a-z]", word.strip("!|@$")):
            return re.sub("[^a-z]", "", word.strip("!|").translate(self._digits))
        return ""


_BRACKET = re.compile("[<>]")
_AGE = re.compile(r"(\d{1,2})(yo|yr|yrs|y|f|m|am|pm|ish|year|years)")


def _pattern(name: str, phrases: str) -> re.Pattern[str]:
    """One pattern for a group: `*` is any ending, `#` a number below 100."""
    if not phrases.strip(" ,"):  # it would match everywhere
        raise SafetyRulesError(f"{FILE}: group `{name}` must be phrases and commas.")
    parts = [
        re.escape(phrase).replace(r"\*", "[a-z]*").replace(r"\#", r"\d{1,2}")
        for phrase in sorted(re.split(r",\s*", phrases.strip()), key=len, reverse=True)
    ]
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b")


def _rule(entry: dict[str, Any], groups: set[str], place: str) -> Rule:
    needs, unless = entry["needs"], entry.get("unless", [])
    if unknown := (set(needs) | set(unless)) - groups:
        raise SafetyRulesError(
            f"{place}: rule `{entry['rule']}` names unknown groups {sorted(unknown)}. "
            "Correct the name, or add the group."
        )
    within = entry.get("within", 0)
    return Rule(entry["rule"], entry["intent"], tuple(needs), within, tuple(unless))


def _windows(places: list[list[int]], within: int) -> list[tuple[int, int]]:
    """The stretches of words that hold one place of every list (first, last word)."""
    if not all(places):
        return []
    found = []
    spots = sorted((spot, group) for group, own in enumerate(places) for spot in own)
    latest: dict[int, int] = {}
    for spot, group in spots:
        latest[group] = spot
        if len(latest) == len(places):
            first = min(latest.values())
            if spot - first <= within or len(places) == 1:
                found.append((first, spot))
    return found
