"""What is remembered of a conversation: in this process, or in Redis for them all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from bot.chat import memories
from bot.chat.memories import (
    MOST_CONVERSATIONS,
    Memories,
    OwnMemories,
    SharedMemories,
    name_of,
)
from bot.redis_link import RedisLink
from bot.talk.memory import IDLE_MINUTES, Memory
from tests.conftest import until
from tests.redis_server import RedisServer

SESSION = "5e55" * 16
HARM = Memory(0.25, 0.5, 1.0, 2.0, 1_000.5, True, "harm", "law_register")
IDLE_SECONDS = IDLE_MINUTES * 60
CONVERSATIONS = 100_000


class Clock:
    """A clock that a test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def process(redis: RedisServer, *clock: Callable[[], float]) -> SharedMemories:
    """What one server process remembers, in Redis."""
    return SharedMemories(RedisLink(redis.url, *clock))


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
    assert await kept.find(f"session {oldest - 1}") == Memory()
    clock.seconds += IDLE_SECONDS
    assert not len(kept) and not kept._turns


# In Redis


async def test_a_conversation_is_known_to_every_process(redis_server):
    await process(redis_server).keep(SESSION, HARM)
    other = process(redis_server)

    assert await other.find(SESSION) == HARM
    assert await other.find("other") == Memory()


async def test_redis_sees_the_memory_but_not_the_token(redis_server):
    await process(redis_server).keep(SESSION, HARM)

    [name] = redis_server.client.keys()
    assert name.startswith("signposting:memory:")
    held = json.loads(redis_server.client.get(name))
    assert set(held) == {"at", "memory"} and held["memory"] == asdict(HARM)
    assert SESSION not in redis_server.everything()


async def test_redis_forgets_a_conversation_ten_minutes_after_its_last_message(
    redis_server,
):
    kept = process(redis_server)
    for _ in range(2):
        await kept.keep(SESSION, HARM)
        [name] = redis_server.client.keys()
        assert IDLE_SECONDS - 60 < redis_server.client.ttl(name) <= IDLE_SECONDS
        redis_server.client.expire(name, 5)  # as if the ten minutes were nearly over

    redis_server.client.pexpire(name, 1)
    until(lambda: not redis_server.client.keys())
    assert await kept.find(SESSION) == Memory()


async def test_a_process_holds_nothing_of_what_it_keeps_in_redis(redis_server):
    kept = process(redis_server)
    for number in range(2_000):
        async with kept.turn(f"session {number}"):
            await kept.keep(f"session {number}", HARM)

    assert not len(kept._own) and not kept._own._turns
    assert redis_server.client.dbsize() == 2_000
    assert all(redis_server.client.ttl(n) > 0 for n in redis_server.client.keys())


@pytest.mark.parametrize(
    "value",
    ["", "zebra", "[]", "7", "\N{SNOWMAN}", '{"at": "x", "memory": {}}', '{"at": 9e9}',
     '{"memory": {}}', '{"at": 9e9, "memory": null}', '{"at": 9e9, "memory": []}',
     '{"at": null, "memory": {"last_topic": "harm"}}',
     '{"at": 9e9, "memory": {"last_topic": 1}}',
     '{"at": 9e9, "memory": {"seen_at": "yesterday", "last_topic": "harm"}}'],
)  # fmt: skip
async def test_what_redis_holds_wrongly_counts_as_nothing(redis_server, value):
    redis_server.client.set(name_of("memory", SESSION), value)
    kept = process(redis_server)

    assert await kept.find(SESSION) == Memory()
    await kept.keep(SESSION, HARM)
    assert await kept.find(SESSION) == HARM


async def test_what_a_later_release_remembers_beside_it_is_passed_over(redis_server):
    later = {"at": 9e9, "memory": {"last_topic": "harm", "mood": "calm"}}
    redis_server.client.set(name_of("memory", SESSION), json.dumps(later))

    assert await process(redis_server).find(SESSION) == Memory(last_topic="harm")


@pytest.mark.parametrize("lose", [RedisServer.kill, RedisServer.hang])
async def test_while_redis_is_lost_a_message_stands_alone(redis_server, lose):
    clock = Clock()
    kept = process(redis_server, clock)
    await kept.keep(SESSION, HARM)
    lose(redis_server)
    assert await kept.find(SESSION) == Memory()
    await kept.keep(SESSION, HARM)

    redis_server.start()
    clock.seconds += 60
    # What was said meanwhile is missing: half a picture could look too calm.
    assert await kept.find(SESSION) == Memory()
    await kept.keep(SESSION, HARM)
    assert await kept.find(SESSION) == HARM


async def test_what_was_kept_before_the_loss_stays_forgotten_after_it(redis_server):
    clock = Clock()
    kept = process(redis_server, clock)
    await kept.keep(SESSION, HARM)
    redis_server.hang()
    await kept.find("other")  # notices the loss
    redis_server.start()
    clock.seconds += 60
    await kept.find("other")  # notices the return

    assert name_of("memory", SESSION) in redis_server.everything()
    assert await kept.find(SESSION) == Memory()


async def test_a_message_waits_for_the_one_before_it_in_any_process(redis_server):
    one, other = process(redis_server), process(redis_server)
    said: list[str] = []
    inside = asyncio.Event()

    async def first() -> None:
        async with one.turn(SESSION):
            inside.set()
            await asyncio.sleep(0.2)
            said.append("first")

    async def second() -> None:
        await inside.wait()
        async with other.turn(SESSION):
            said.append("second")

    async def third() -> None:
        await inside.wait()
        async with one.turn(SESSION):
            said.append("third")

    await asyncio.gather(first(), second(), third())
    assert said[0] == "first" and len(said) == 3
    assert redis_server.client.dbsize() == 0


async def test_a_lock_holds_up_no_other_conversation_and_will_end(redis_server):
    kept = process(redis_server)
    async with kept.turn(SESSION), kept.turn("other"):
        assert len(redis_server.client.keys("signposting:lock:*")) == 2
        assert SESSION not in redis_server.everything()
        most = memories.HELD_AT_MOST_SECONDS * 1000
        for name in redis_server.client.keys():
            assert 0 < redis_server.client.pttl(name) <= most


async def test_a_process_that_died_does_not_hold_a_conversation_up(
    redis_server, monkeypatch
):
    monkeypatch.setattr(memories, "WAITS_AT_MOST_SECONDS", 0.2)
    redis_server.client.set(name_of("lock", SESSION), "of the dead")

    async with process(redis_server).turn(SESSION):
        pass
    assert redis_server.client.get(name_of("lock", SESSION)) == "of the dead"


@pytest.mark.parametrize("lose", [RedisServer.kill, RedisServer.hang])
async def test_without_redis_a_process_still_has_its_own_lock(redis_server, lose):
    kept = process(redis_server)
    lose(redis_server)
    async with kept.turn(SESSION):
        assert kept._own.turn(SESSION).locked()
    assert not kept._own.turn(SESSION).locked()


async def test_a_lock_that_ran_out_meanwhile_is_let_go_quietly(redis_server, caplog):
    async with process(redis_server).turn(SESSION):
        redis_server.client.flushall()

    assert not caplog.records
