"""The picture of a conversation: how it grows, and how it fades."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from bot.talk.memory import (
    FADES_AFTER_SECONDS,
    FADES_AFTER_TURNS,
    SEEN,
    Memory,
    Picture,
)

FOUND = Picture(person_gives_cause=0.9)
CHILD = Picture(child_reachable=0.8)
SOON = Picture(now_or_soon=0.7)
NOTHING = Picture(0.1, 0.1, 0.1)


def test_a_picture_grows_over_several_messages():
    memory = Memory().after(FOUND, 0).after(CHILD, 1).after(SOON, 2)

    assert memory.picture(3) == Picture(0.9, 0.8, 0.7)


def test_a_picture_fades_after_calm_turns():
    memory = Memory().after(FOUND, 0)
    for turn in range(FADES_AFTER_TURNS - 1):
        memory = memory.after(NOTHING, turn)
    assert memory.picture(5).person_gives_cause == 0.9

    assert memory.after(NOTHING, 5).picture(5) == NOTHING


def test_a_turn_that_adds_something_keeps_the_picture():
    memory = Memory().after(FOUND, 0)
    for turn in range(5):
        memory = memory.after(NOTHING, turn).after(CHILD, turn)

    assert memory.picture(5).person_gives_cause == 0.9


def test_a_picture_fades_with_time():
    memory = Memory().after(FOUND, 100)

    assert memory.picture(100 + FADES_AFTER_SECONDS) != Picture()
    assert memory.picture(101 + FADES_AFTER_SECONDS) == Picture()


@pytest.mark.parametrize("part", range(3))
def test_from_one_half_on_a_message_adds_to_the_picture(part):
    def seen(chance: float) -> Picture:
        return Picture(*(chance if at == part else 0.0 for at in range(3)))

    before = Memory(calm_turns=1.0)
    assert before.after(seen(SEEN), 7).calm_turns == 0
    assert before.after(seen(SEEN), 7).seen_at == 7
    assert before.after(seen(SEEN - 0.01), 7).calm_turns == 2
    assert before.after(seen(SEEN - 0.01), 7).seen_at == before.seen_at


def test_the_likelier_of_two_messages_counts_part_by_part():
    memory = Memory().after(Picture(0.9, 0.2, 0.4), 0).after(Picture(0.3, 0.8, 0.5), 1)

    assert memory.picture(1) == Picture(0.9, 0.8, 0.5)


def test_that_a_picture_has_had_its_alarm_is_known_as_long_as_the_picture_is():
    memory = replace(Memory().after(FOUND, 0), alarmed=True)
    assert memory.after(CHILD, 1).alarmed and memory.after(NOTHING, 1).alarmed

    later = FADES_AFTER_SECONDS
    assert memory.after(SOON, later).alarmed
    assert not memory.after(SOON, later + 1).alarmed
    for turn in range(FADES_AFTER_TURNS):
        memory = memory.after(NOTHING, turn)
    assert not memory.alarmed


def test_the_topics_stay_while_a_picture_grows_and_fades():
    memory = Memory(last_topic="harm", ordinary_topic="law_life")
    for seen in (FOUND, *[NOTHING] * FADES_AFTER_TURNS):
        memory = memory.after(seen, 0)

    assert (memory.last_topic, memory.ordinary_topic) == ("harm", "law_life")


def test_an_ordinary_button_clears_the_picture():
    memory = Memory(alarmed=True).after(FOUND, 0).calmed("harm")

    assert memory == Memory(last_topic="harm")


def test_a_visitor_who_turned_to_the_ordinary_answer_may_do_so_again():
    memory = Memory(ordinary_topic="law_life").calmed("harm")

    assert memory == Memory(last_topic="harm", ordinary_topic="law_life")


def test_somebody_may_have_given_cause_in_a_part_that_is_missing():
    memory = Memory(child_reachable=0.9).with_gap()

    assert memory.picture(0) == Picture(1.0, 0.9, 0.0)
    assert memory.after(Picture(), 1).person_gives_cause == 0.0  # it is not known


def test_what_is_missing_fades_like_what_is_known():
    memory = Memory(calm_turns=FADES_AFTER_TURNS - 1).with_gap()
    for _ in range(FADES_AFTER_TURNS - 1):
        memory = memory.after(Picture(), 0)
        assert memory.partial and memory.with_gap() == memory

    assert not memory.after(FOUND, 0).after(Picture(), 0).calmed("harm").partial
    assert memory.after(FOUND, 0).partial
    assert not memory.after(Picture(), 0).partial
    assert not memory.calmed("harm").partial and not memory.forgotten().partial


def test_of_two_halves_of_a_talk_the_worse_is_remembered():
    later = Memory(0.1, 0.2, 0.9, 1.0, 7.0, True, "harm", "law_life")
    earlier = Memory(0.3, 0.1, 0.0, 2.0, 5.0, False, "cause", None)

    joined = later.joined(earlier)
    assert joined == Memory(0.3, 0.2, 0.9, 0.0, 7.0, False, "harm", "law_life", True)
    assert earlier.joined(later).seen_at == 7.0
    assert not earlier.joined(later).alarmed and later.joined(later).alarmed


def test_a_memory_comes_back_from_its_slots():
    memory = Memory(last_topic="harm", alarmed=True).after(FOUND, 7)

    assert Memory.of_slots(memory.as_slots()) == memory
    assert Memory.of_slots({name: None for name in memory.as_slots()}) == Memory()


def test_a_memory_comes_back_from_what_another_version_kept():
    memory = Memory(last_topic="harm", alarmed=True).after(FOUND, 7)

    assert Memory.of_dict({**asdict(memory), "unknown": 1}) == memory
    assert Memory.of_dict({"alarmed": True}) == Memory(alarmed=True)


def test_the_name_of_a_topic_is_held_once_however_many_conversations_are_kept():
    kept = json.dumps({"last_topic": "law_life", "ordinary_topic": "harm"})
    one, other = (Memory.of_dict(json.loads(kept)) for _ in range(2))

    assert one.last_topic is other.last_topic
    assert one.ordinary_topic is other.ordinary_topic


@pytest.mark.parametrize(
    ("part", "value"),
    [("now_or_soon", "0.5"), ("calm_turns", None), ("last_topic", 5), ("alarmed", [])],
)
def test_a_memory_of_another_kind_is_refused_with_the_name_of_its_part(part, value):
    with pytest.raises(ValueError, match=part):
        Memory.of_dict({part: value})


def test_a_memory_holds_no_words_of_a_visitor(topics):
    memory = Memory(last_topic="harm", ordinary_topic="law_life").after(FOUND, 0)
    texts = {v for v in memory.as_slots().values() if isinstance(v, str)}

    assert texts <= set(topics.by_key)
