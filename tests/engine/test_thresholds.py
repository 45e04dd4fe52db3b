"""The numbers in data/thresholds.yml: above each of them, something happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from bot.dialogue import follow_ups
from bot.dialogue.decision import NOT_NOW, Decider, Thresholds
from bot.nlu.understanding import Understanding
from bot.talk.memory import SEEN, Memory, Picture
from bot.talk.messages import Decision
from bot.words.fitted import FittedError
from tests.engine.test_decision import AT, CALIBRATION, found

HARM = {"harm": 0.9}
REGISTER = Memory(last_topic="law_register")
LEANING = {"law_police_process": 0.5, "law_register": 0.45}


def seen(number: float) -> Memory:
    """A talk in which all three parts of the picture are as likely as this."""
    least = number + 1e-9  # odds and back again lose a little
    return Memory(least, least, least, seen_at=1.0, last_topic="harm")


def is_emergency(decision: Decision) -> bool:
    return decision.intents[:1] == ("immediate_risk",)


def leads(decision: Decision) -> bool:
    return decision.lead


def answers(*intents: str) -> Callable[[Decision], bool]:
    return lambda decision: decision.intents == intents


Case = tuple[
    str,  # the threshold
    Callable[[float], Understanding],  # a message that is as likely as it
    Callable[[float], Memory],  # or a talk that is
    Callable[[Decision], bool],  # what happens from the threshold on
]
CALM: Callable[[float], Memory] = lambda _: Memory()  # noqa: E731
CASES: dict[str, Case] = {
    "a message is an emergency": ("emergency", found, CALM, is_emergency),
    "a denial is none, for it tells of danger": (
        "emergency",
        lambda n: found(n, chances={NOT_NOW: 0.9}),
        lambda _: Memory(ordinary_topic="harm"),
        is_emergency,
    ),
    "a message is answered with the sentence first": ("lead", found, CALM, leads),
    "what sounded like danger is taken back": (
        "retraction",
        lambda n: found(retracts=n),
        lambda _: seen(0.5),
        lambda decision: not decision.lead,
    ),
    "another emergency gets that reply": (
        "other_emergency",
        lambda n: found(chances={"other_emergency": n}),
        CALM,
        answers("other_emergency"),
    ),
    "a request is refused": (
        "refusal",
        lambda n: found(chances={"seeking_material": 0.1, **HARM}, misuse=n),
        CALM,
        answers("seeking_material"),
    ),
    "a talk is an emergency": (
        "conversation_emergency",
        lambda _: found(picture=Picture(SEEN)),
        seen,
        is_emergency,
    ),
    "a talk is answered with the sentence first": (
        "conversation_lead",
        lambda _: found(),
        seen,
        leads,
    ),
    "an adult who may be suicidal gets that reply": (
        "suicidal",
        lambda n: found(chances={"suicidal": n}),
        CALM,
        answers("suicidal"),
    ),
    "a question is answered": (
        "answer",
        lambda n: found(chances={"harm": n}),
        CALM,
        answers("harm"),
    ),
    "a second question is answered": (
        "second_answer",
        lambda n: found(chances={**HARM, "law_life": n}),
        CALM,
        answers("harm", "law_life"),
    ),
    "a topic is offered": (
        "offer",
        lambda n: found(chances={**HARM, "self_help": n}),
        CALM,
        lambda decision: decision.offered[0] == "self_help",
    ),
    "a message leans on the answer before it": (
        "follow_up",
        lambda n: found(chances=LEANING, depends=n),
        lambda _: REGISTER,
        lambda decision: decision.intents[0] == "law_register",
    ),
}


@pytest.fixture(scope="module")
def decider(topics) -> Decider:
    return Decider(AT, CALIBRATION, topics, follow_ups.read_chances(topics))


@pytest.mark.parametrize("name", CASES)
def test_from_its_threshold_on(decider, name):
    threshold, message, memory, happens = CASES[name]
    at = vars(AT)[threshold]
    decided = [decider.decide(message(n), memory(n), 1.0) for n in (at, at - 0.001)]

    assert [happens(decision) for decision in decided] == [True, False]


def test_a_message_that_just_adds_to_the_picture_completes_it(decider):
    decided = [
        decider.decide(found(picture=Picture(chance)), seen(0.9), 1.0)
        for chance in (SEEN, SEEN - 0.001)
    ]

    assert [is_emergency(decision) for decision in decided] == [True, False]


def test_the_decider_decides_by_the_numbers_of_the_files(topics):
    decider, at = Decider.read(topics), Thresholds.read()
    for chance, intents in ((at.answer, ("harm",)), (at.answer - 0.001, ())):
        decision = decider.decide(found(chances={"harm": chance}), Memory(), 0.0)
        assert decision.intents == intents

    leaning = replace(found(chances=LEANING), depends=1.0)
    assert decider.decide(leaning, REGISTER, 0.0).intents[0] == "law_register"


@pytest.mark.parametrize(
    ("change", "named"),
    [({"lead": None}, "lead"), ({"lead": 2.0}, "lead"), ({"speed": 0.1}, "speed")],
)
def test_a_threshold_that_is_missing_or_none_is_named(tmp_path, change, named):
    content = {**vars(AT), **change}
    (tmp_path / "thresholds.yml").write_text(yaml.safe_dump(content))

    with pytest.raises(FittedError, match=named):
        Thresholds.read(tmp_path)
