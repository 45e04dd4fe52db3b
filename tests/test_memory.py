"""The picture of a conversation: how it grows, and how it fades."""

from __future__ import annotations

from bot.memory import FADES_AFTER_SECONDS, FADES_AFTER_TURNS, Memory, Picture

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


def test_an_ordinary_button_clears_the_picture():
    memory = Memory(alarmed=True).after(FOUND, 0).calmed("harm")

    assert memory == Memory(last_topic="harm")


def test_a_memory_comes_back_from_its_slots():
    memory = Memory(last_topic="harm", alarmed=True).after(FOUND, 7)

    assert Memory.of_slots(memory.as_slots()) == memory
    assert Memory.of_slots({name: None for name in memory.as_slots()}) == Memory()


def test_a_memory_holds_no_words_of_a_visitor(topics):
    memory = Memory(last_topic="harm", ordinary_topic="law_life").after(FOUND, 0)
    texts = {v for v in memory.as_slots().values() if isinstance(v, str)}

    assert texts <= set(topics.by_key)
