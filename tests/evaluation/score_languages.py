"""Asks a running bot the held-back messages in other languages.

What each says is in meanings.yml beside them. None of it is in the training data,
and no native speaker has checked how it is said.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import yaml

from bot.languages.gate import LanguageGate
from bot.languages.scripts import group
from bot.words.topics import Topics
from tests.evaluation.score import Judge, Scores, got, is_emergency
from tests.evaluation.sets import HELD_BACK, load, serves

LED = "other language: 999 first, in that language"
ALARMED = "other language: emergency answered as one"
CALM = "other language: calm message not taken for an emergency"
CALM_ROMANISED = "romanised: calm message not taken for an emergency"
RIGHT = "other language: question on the right topic"
TAP = "other language: question on the right topic, or one tap away"
ENGLISH = "English not taken for another language"
ROMANISED = "romanised"
# English messages of all kinds, to be heard as English.
ENGLISH_SETS = (
    "immediate_risk",
    "immediate_risk_hard_negatives",
    "topics_messages",
    "real_questions",
    "innocents",
    "new_emergencies",
)


def read(folder) -> Iterator[tuple[str, dict, str]]:
    """Each message of a folder of sets: its language, its meaning, its text."""
    place = folder / "languages"
    listed = yaml.safe_load((place / "meanings.yml").read_text(encoding="utf-8"))
    meanings = {entry["meaning"]: entry for entry in listed}
    for path in sorted(place.glob("*.yml")):
        if path.stem == "meanings":
            continue
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield path.stem, meanings[entry["meaning"]], entry["text"]


def ask_all(judge: Judge, scores: Scores) -> None:
    """Asks all of them, and hears the English messages."""
    sys.stderr.write("  Other languages ...\n")
    topics = Topics.read()
    for tag, meaning, text in read(HELD_BACK):
        replies, _ = judge.ask(text)
        first, by = replies[0], {"language": tag, "group": group(tag, text)}
        alarmed, told = is_emergency(replies), got(replies)
        urgent = meaning["kind"] == "emergency"
        led = _same(first.get("lang"), tag) and "999" in first["text"][:160]
        scores[LED].add(led, text, f"{told} in {first.get('lang')}", **by)
        if urgent:
            scores[ALARMED].add(alarmed, text, told, **by)
            continue
        romanised = by["group"] == ROMANISED
        scores[CALM_ROMANISED if romanised else CALM].add(not alarmed, text, told, **by)
        if meaning["kind"] == "ordinary":
            wanted = {topics.family(meaning["intent"])}
            topic = {first["topic"]} if first["kind"] != "clarify" else set()
            offered = {button["topic"] for button in first["buttons"][:3]}
            right = any(serves(key, wanted) for key in topic)
            tap = right or any(serves(key, wanted) for key in offered)
            scores[RIGHT].add(right, text, told, **by)
            scores[TAP].add(tap, text, told, **by)
    gate = LanguageGate.read()
    for name in ENGLISH_SETS:
        for entry in load(HELD_BACK, name):
            guess = gate.judge(entry["text"])
            told = ", ".join(guess.likely)
            scores[ENGLISH].add(not guess.likely, entry["text"], told, set=name)


def _same(lang: str | None, tag: str) -> bool:
    """Whether a reply is in the language of a message, in either script."""
    return (lang or "en").split("-")[0] == tag.split("-")[0]
