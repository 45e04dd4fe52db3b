"""What visitors see, beyond bot/desk/checks: one rule a test, over every reply.

A rule is held against every different reply to every topic, for every force, for none
and for one that nobody knows; a test that fails lists each reply that breaks its rule.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from bot.chat.content import Content
from bot.chat.conversation import Conversation
from bot.chat.engine import Engine
from bot.chat.launch import Launcher
from bot.chat.memories import OwnMemories
from bot.words.reply import MOST_LINKS, Reply
from tests.conftest import assert_carries_the_numbers, calls_999_first

NOBODY_S = "narnia"
LONGEST_REPLY = 700  # with what an action adds
# What an action fills in.
SAMPLE = {"opens": "Tuesday 24 November at 9am", "closes": "9pm"}
SENTENCE = "If a child is in danger right now, call 999."
HELPLESS = ("clarify", "fallback", "unavailable")


@dataclass(frozen=True)
class Shown:
    """One wording of a topic or response, and who reads it: the forces."""

    of: str
    forces: tuple[str | None, ...]
    reply: Reply

    def __str__(self) -> str:
        return f"{self.of} ({', '.join(str(force) for force in self.forces)})"


def different(of: str, replies: dict[str | None, Reply]) -> Iterator[Shown]:
    """Each different reply once."""
    readers: dict[str, list[str | None]] = {}
    for force, reply in replies.items():
        readers.setdefault(repr(reply), []).append(force)
    for alike in readers.values():
        yield Shown(of, tuple(alike), replies[alike[0]])


@pytest.fixture(scope="module")
def forces(directory) -> list[str | None]:
    return [None, *directory.forces, NOBODY_S]


@pytest.fixture(scope="module")
def shown(topics, forces) -> list[Shown]:
    """What is read after the button of each topic, with what an action adds."""
    # Never started: a button needs no engine.
    conversation = Conversation(Content.read(), Engine(Launcher()), OwnMemories())

    async def press(topic: str, force: str | None) -> Reply:
        [reply] = (await conversation.answer_topic(topic, force)).replies
        return reply

    async def press_all() -> list[Shown]:
        return [
            found
            for topic in topics.by_key
            for found in different(topic, {f: await press(topic, f) for f in forces})
        ]

    return asyncio.run(press_all())


@pytest.fixture(scope="module")
def responses(answers, forces) -> list[Shown]:
    """Every response of domain.yml by itself."""
    return [
        found
        for name in answers.responses
        for found in different(
            name, {f: answers.reply(name, f, **SAMPLE) for f in forces}
        )
    ]


def breaking(shown: list[Shown], keeps: Callable[[Reply], object]) -> list[str]:
    """The replies that break a rule; there must be some that could."""
    assert shown, "no reply is held against this rule"
    return [f"{each}: {each.reply.text}" for each in shown if not keeps(each.reply)]


def test_every_topic_is_read_by_every_force(shown, topics, forces):
    read = {(each.of, force) for each in shown for force in each.forces}

    assert read == {(topic, force) for topic in topics.by_key for force in forces}


def test_an_answer_carries_what_its_topic_must(shown, topics):
    lacking = [
        f"{each} lacks {must}"
        for each in shown
        for must in topics.by_key[each.of].must
        if not re.search(must, each.reply.text, re.I | re.S)
    ]

    assert lacking == []


def test_an_answer_holds_nothing_that_its_topic_must_not(shown, topics):
    holding = [
        f"{each} holds “{found[0]}”"
        for each in shown
        for banned in (*topics.by_key[each.of].must_not, *topics.every_reply_must_not)
        if (found := re.search(banned, each.reply.text, re.I | re.S))
    ]

    assert holding == []


def test_an_answer_begins_as_its_topic_says(shown, topics):
    def led(lead: str) -> list[Shown]:
        return [each for each in shown if topics.by_key[each.of].lead == lead]

    def is_emergency(reply: Reply) -> bool:
        return reply.kind == "emergency" and calls_999_first(reply.text)

    def is_calm(reply: Reply) -> bool:
        return reply.kind == "answer" and not calls_999_first(reply.text)

    assert breaking(led("emergency"), is_emergency) == []
    assert breaking(led("sentence"), lambda r: r.text.startswith(SENTENCE)) == []
    assert breaking(led("none"), is_calm) == []


def test_an_answer_is_short_enough_to_read(shown):
    assert breaking(shown, lambda reply: len(reply.text) <= LONGEST_REPLY) == []


def test_a_reply_has_four_links_at_most_and_calling_999_is_the_first(shown, answers):
    assert breaking(shown, lambda reply: 0 < len(reply.links) <= MOST_LINKS) == []

    young = [replace(each, reply=answers.for_young(each.reply)) for each in shown]
    assert breaking(young, lambda reply: 0 < len(reply.links) <= MOST_LINKS) == []
    led = [each for each in [*shown, *young] if calls_999_first(each.reply.text)]
    assert breaking(led, lambda reply: reply.links[0]["href"] == "tel:999") == []


def test_links_that_no_text_names_are_shown_too(answers):
    for name, response in answers.responses.items():
        links = {link["href"] for link in answers.reply(name, **SAMPLE).links}
        for further in response["metadata"].get("links", []):
            [link, *_] = answers.directory.links(*further.split("."))
            assert link["href"] in links, f"{name}: {further}"


def test_a_response_is_shown_without_a_gap(responses):
    assert breaking(responses, lambda r: not re.search(r"[{}]|  ", r.text)) == []


def test_what_is_said_when_nothing_was_understood_carries_the_numbers(responses):
    helpless = [each for each in responses if each.reply.kind in HELPLESS]

    assert {each.reply.kind for each in helpless} == set(HELPLESS)
    for each in helpless:
        assert_carries_the_numbers(each.reply.text)


def test_an_emergency_says_nobody_has_been_told_and_how_to_call_without_speaking(
    responses,
):
    urgent = [e for e in responses if e.reply.kind == "emergency"]
    named = {each.of for each in responses if "immediate_risk" in each.of}

    assert {each.of for each in urgent} == {
        *named,
        "utter_suicidal",
        "utter_suicidal_someone_missing",
        "utter_other_emergency",
    }
    assert breaking(urgent, lambda r: r.text.startswith("Call 999 now")) == []
    for part in (
        "automated",
        "Nobody is reading it and nobody has been told",
        *("press 55", "18000", "text 999", "https://999bsl.co.uk"),
        "0800 1111",
    ):
        assert breaking(urgent, lambda reply, part=part: part in reply.text) == [], part


def test_an_answer_on_the_law_says_which_country_it_is_for(shown):
    on_law = [each for each in shown if each.of.startswith("law_")]

    assert breaking(on_law, lambda reply: "England and Wales" in reply.text) == []
