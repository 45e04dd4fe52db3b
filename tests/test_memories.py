"""What is remembered of a conversation: in this process, or in Redis for all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat.memories import (
    IDLE_SECONDS,
    MOST_CONVERSATIONS,
    Memories,
    OwnMemories,
)
from bot.talk.memory import Memory
from tests.test_shared_memories import process

SESSION = "5e55" * 16
HARM = Memory(0.25, 0.5, 1.0, 2.0, 1_000.5, True, "harm", "law_register")
CONVERSATIONS = 100_000


class Clock:
    """A clock that a test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(params=[False, True], ids=["own", "shared"])
def kept(request) -> Memories:
    """Memories of either kind."""
    if not request.param:
        return OwnMemories()
    return process(request.getfixturevalue("redis_server"))


async def test_what_is_kept_is_found_whole_and_replaced_by_what_is_kept_later(kept):
    await kept.keep(SESSION, HARM)
    await kept.keep("other", Memory(last_topic="helpline_free"))
    assert await kept.find(SESSION) == HARM

    later = replace(HARM, last_topic=None, alarmed=False)
    await kept.keep(SESSION, later)
    assert await kept.find(SESSION) == later
    assert await kept.find("other") == Memory(last_topic="helpline_free")


async def test_of_a_conversation_that_is_new_nothing_is_remembered(kept):
    await kept.keep("other", HARM)

    assert await kept.find(SESSION) == Memory()


async def test_messages_of_a_conversation_go_through_one_by_one(kept):
    said: list[str] = []
    inside, may_end = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with kept.turn(SESSION):
            inside.set()
            await may_end.wait()
            said.append("first")

    async def second() -> None:
        await inside.wait()
        async with kept.turn(SESSION):
            said.append("second")

    async def of_another() -> None:
        await inside.wait()
        async with kept.turn("other"):
            said.append("of another")
        may_end.set()

    await asyncio.gather(first(), second(), of_another())
    assert said == ["of another", "first", "second"]


async def test_a_message_that_fails_does_not_hold_up_the_next(kept):
    with pytest.raises(ZeroDivisionError):
        async with kept.turn(SESSION):
            _ = 1 / 0

    async with kept.turn(SESSION):
        pass


# In this process


async def test_a_silent_conversation_is_forgotten_and_no_other():
    clock = Clock()
    kept = OwnMemories(clock)
    await kept.keep("silent", HARM)
    await kept.keep("goes on", HARM)
    clock.seconds = IDLE_SECONDS
    assert await kept.find("silent") == HARM
    await kept.keep("goes on", HARM)

    clock.seconds = IDLE_SECONDS + 0.001
    assert await kept.find("silent") == Memory()
    assert await kept.find("goes on") == HARM
    assert len(kept) == 1
    clock.seconds += IDLE_SECONDS
    assert len(kept) == 0 and not kept._turns


async def test_to_be_asked_about_does_not_keep_a_conversation():
    clock = Clock()
    kept = OwnMemories(clock)
    await kept.keep(SESSION, HARM)
    clock.seconds = IDLE_SECONDS
    await kept.find(SESSION)
    clock.seconds += 1

    assert await kept.find(SESSION) == Memory()


async def test_100_000_conversations_stay_within_the_bound_and_are_forgotten():
    clock = Clock()
    kept = OwnMemories(clock)
    most = 0
    for number in range(CONVERSATIONS):
        clock.seconds += 0.001
        async with kept.turn(f"session {number}"):
            await kept.keep(f"session {number}", HARM)
        most = max(most, len(kept))

    assert most == MOST_CONVERSATIONS
    oldest = CONVERSATIONS - MOST_CONVERSATIONS
    assert await kept.find(f"session {oldest}") == HARM
    # It is not known whether this one is new.
    assert await kept.find(f"session {oldest - 1}") == Memory().with_gap()
    clock.seconds += IDLE_SECONDS
    assert not len(kept) and not kept._turns
    assert await kept.find(f"session {oldest - 1}") == Memory()
