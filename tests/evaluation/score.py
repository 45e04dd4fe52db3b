"""Asks a running bot the held-back messages, and judges what comes back.

`answered`: a reply of kind answer or emergency carries the topic, or a finer one, and
what that must (data/topics.yml). `one tap`: that, or the topic is behind one of the
first three buttons. `led`: calling 999 is in the first 160 characters.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle

from bot.words.topics import Topics
from tests.conftest import Server, calls_999_first
from tests.evaluation.sets import HELD_BACK, load, serves

ALL = Topics.read()
TOPICS = ALL.by_key
SHOWN = 160  # characters of a missed message in the report


@dataclass
class Tally:
    """How often something was true, by the groups of messages it was true for."""

    right: int = 0
    total: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    groups: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, so: bool, text: str, got: str = "", **groups: str) -> None:
        """Counts one message; a miss is listed with what it got."""
        self.right += so
        self.total += 1
        if not so:
            self.missed.append((text[:SHOWN], got))
        for by, name in groups.items():
            counted = self.groups.setdefault(by, {}).setdefault(name, [0, 0])
            counted[0] += so
            counted[1] += 1


@dataclass
class Scores:
    """Everything that was counted, by the name of the line in the report."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    confused: Counter = field(default_factory=Counter)  # (wanted, answered) -> times
    lengths: list[int] = field(default_factory=list)
    double_lengths: list[int] = field(default_factory=list)

    def __getitem__(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())


class Judge:
    """Asks the server and judges what comes back."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pressed: dict[str, list[dict]] = {}

    def ask(
        self, text: str, session: str | None = None, audience: str | None = None
    ) -> tuple[list[dict], str]:
        """The replies to a message, and the session; `audience`: who the writer is."""
        answer = self._server.ask(text, session=session, audience=audience)
        return answer.replies, answer.session

    def press(self, topic: str, session: str | None = None) -> tuple[list[dict], str]:
        """The replies to a button, and the session."""
        answer = self._server.post({"topic": topic, "session": session})
        return answer.replies, answer.session

    def answered(self, replies: list[dict], topics: Iterable[str]) -> bool:
        """Whether one of the topics is answered as it must be."""
        wanted, text = list(topics), text_of(replies)
        return any(
            serves(topic, wanted)
            and all(re.search(must, text, re.I | re.S) for must in TOPICS[topic].must)
            for topic in said(replies)
        )

    def one_tap(self, replies: list[dict], topics: Iterable[str]) -> bool:
        """Whether one of the topics is answered, or behind one of three buttons."""
        offered = [b["topic"] for reply in replies for b in reply["buttons"]][:3]
        wanted = list(topics)
        return self.answered(replies, wanted) or any(
            self.answered(self._behind(topic), [topic])
            for topic in offered
            if serves(topic, wanted)
        )

    def _behind(self, topic: str) -> list[dict]:
        if topic not in self._pressed:
            self._pressed[topic], _ = self.press(topic)
        return self._pressed[topic]


def text_of(replies: list[dict]) -> str:
    """What the visitor reads of all replies."""
    return "\n".join(reply["text"] for reply in replies)


def said(replies: list[dict]) -> list[str]:
    """The topics that are answered."""
    kinds = ("answer", "emergency", "fallback")
    return [reply["topic"] for reply in replies if reply["kind"] in kinds]


def got(replies: list[dict]) -> str:
    """What was answered, in a word or two."""
    return " + ".join(f"{reply['kind']} {reply['topic']}" for reply in replies)


def is_emergency(replies: list[dict]) -> bool:
    """Whether the visitor gets an emergency reply."""
    return any(reply["kind"] == "emergency" for reply in replies)


def ask_all(judge: Judge, scores: Scores) -> None:
    """Asks the sets of questions, emergencies and follow-ups."""
    for ask in (_risk, _calm, _topics, _doubles, _talks, _follow_ups, _false_alarms):
        sys.stderr.write(f"  {ask.__doc__}\n")
        ask(judge, scores)


def _risk(judge: Judge, scores: Scores) -> None:
    """Emergencies ..."""
    # Many read an answer before they say it. Each of them has read a different one.
    topics = cycle(key for key, topic in TOPICS.items() if topic.lead == "none")
    for entry, topic in zip(load(HELD_BACK, "immediate_risk"), topics, strict=False):
        replies, _ = judge.ask(entry["text"])
        led = calls_999_first(text_of(replies))
        first = led and replies[0]["kind"] == "emergency"
        groups = {"kind": entry["kind"], "style": entry["style"]}
        scores["emergency led by 999"].add(led, entry["text"], got(replies), **groups)
        scores["emergency answered as one"].add(
            first, entry["text"], got(replies), **groups
        )
        _, session = judge.press(topic)
        replies, _ = judge.ask(entry["text"], session)
        first = replies[0]["kind"] == "emergency"
        told = f"after {topic}: {got(replies)}"
        scores["emergency after an answer, as one"].add(first, entry["text"], told)


def _calm(judge: Judge, scores: Scores) -> None:
    """Calm near-misses ..."""
    for entry in load(HELD_BACK, "immediate_risk_hard_negatives"):
        replies, _ = judge.ask(entry["text"])
        alarmed = is_emergency(replies)
        scores["calm near-miss not taken for one"].add(
            not alarmed, entry["text"], f"{entry['topic']} wanted", style=entry["style"]
        )
        if TOPICS[entry["topic"]].lead == "none":
            led = calls_999_first(text_of(replies))
            scores["calm near-miss not led by 999"].add(not led, entry["text"])


def _topics(judge: Judge, scores: Scores) -> None:
    """Ordinary questions ..."""
    for entry in load(HELD_BACK, "topics_messages"):
        replies, _ = judge.ask(entry["text"])
        wanted = [entry["topic"], *entry.get("also", [])]
        told = f"{entry['topic']} wanted, got {got(replies)}"
        hit = judge.answered(replies, wanted)
        tap = judge.one_tap(replies, wanted)
        scores["question answered"].add(hit, entry["text"], told, topic=entry["topic"])
        scores["question answered or one tap away"].add(tap, entry["text"], told)
        single = len(replies) == 1
        scores["question not given a second answer"].add(single, entry["text"])
        (scores.lengths if single else scores.double_lengths).append(
            len(text_of(replies))
        )
        _count_topics(scores, entry, replies)


def _count_topics(scores: Scores, entry: dict, replies: list[dict]) -> None:
    """Counts confusions, and alarms that the topic does not call for."""
    wanted = [entry["topic"], *entry.get("also", [])]
    found = next((topic for topic in said(replies) if serves(topic, wanted)), None)
    clarified = replies[0]["kind"] == "clarify"
    answered = "asked back" if clarified else ALL.family(replies[0]["topic"])
    right = found and not clarified
    scores.confused[entry["topic"], entry["topic"] if right else answered] += 1
    if all(TOPICS[topic].lead != "emergency" for topic in wanted):
        alarmed = is_emergency(replies)
        scores["question not taken for an emergency"].add(not alarmed, entry["text"])
    if TOPICS[entry["topic"]].lead == "none":
        led = calls_999_first(text_of(replies))
        scores["question not led by 999"].add(not led, entry["text"])


def _doubles(judge: Judge, scores: Scores) -> None:
    """Double questions ..."""
    for entry in load(HELD_BACK, "multi_intent"):
        replies, _ = judge.ask(entry["text"])
        told = f"{' + '.join(entry['topics'])} wanted, got {got(replies)}"
        both = all(judge.answered(replies, [topic]) for topic in entry["topics"])
        if len(replies) > 1:
            scores.double_lengths.append(len(text_of(replies)))
        tap = all(judge.one_tap(replies, [topic]) for topic in entry["topics"])
        scores["two questions, both answered"].add(both, entry["text"], told)
        scores["two questions, answered or one tap away"].add(tap, entry["text"], told)


def _talks(judge: Judge, scores: Scores) -> None:
    """Conversations ..."""
    for entry in load(HELD_BACK, "multi_turn"):
        session, alarmed = None, False
        for turn, text in enumerate(entry["turns"]):
            replies, session = judge.ask(text, session)
            alarmed = alarmed or is_emergency(replies)
            if turn == entry["risk_turn"]:
                led = calls_999_first(text_of(replies))
                talk = " / ".join(entry["turns"][: turn + 1])
                scores["conversation led by 999 at the turn"].add(led, talk)
        if entry["risk_turn"] is None:
            talk = " / ".join(entry["turns"])
            scores["calm conversation without an alarm"].add(not alarmed, talk)


def _follow_ups(judge: Judge, scores: Scores) -> None:
    """follow-ups ..."""
    for entry in load(HELD_BACK, "follow_ups"):
        _, session = judge.press(entry["after"])
        replies, _ = judge.ask(entry["text"], session)
        wanted = [entry["topic"], *entry.get("also", [])]
        told = f"{entry['topic']} wanted, got {got(replies)}"
        text = f"after {entry['after']}: {entry['text']}"
        scores["follow-up answered"].add(judge.answered(replies, wanted), text, told)
        tap = judge.one_tap(replies, wanted)
        scores["follow-up answered or one tap away"].add(tap, text, told)


def _false_alarms(judge: Judge, scores: Scores) -> None:
    """Corrections after a false alarm ..."""
    for entry in load(HELD_BACK, "after_false_alarm"):
        replies, session = judge.ask(entry["turns"][0])
        alarmed = is_emergency(replies)
        replies, _ = judge.ask(entry["turns"][1], session)
        talk = " / ".join(entry["turns"])
        told = f"{entry['topic']} wanted, got {got(replies)}"
        again = is_emergency(replies)
        if alarmed:
            scores["false alarm not repeated"].add(not again, talk, told)
        wanted = [entry["topic"], *entry.get("also", [])]
        answered = judge.one_tap(replies, wanted) and not again
        scores["correction answered or one tap away"].add(answered, talk, told)
