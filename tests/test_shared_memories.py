"""What Redis remembers for every process, and what happens when Redis fails."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict

import pytest

from bot.chat import shared_memories as memories
from bot.chat.memories import IDLE_SECONDS, MOST_CONVERSATIONS
from bot.chat.shared_memories import SharedMemories, name_of
from bot.redis_link import FAILURES, GAP, PAUSE_SECONDS, RedisLink
from bot.shared_key import NAME, SharedKey
from bot.talk.memory import Memory
from tests.conftest import until
from tests.redis_server import RedisServer

SESSION = "5e55" * 16
HARM = Memory(0.25, 0.5, 1.0, 2.0, 1_000.5, True, "harm", "law_register")
CALM = Memory(last_topic="helpline_free")
CAUSE = Memory(person_gives_cause=0.9, last_topic="found_material")
# When the token of a conversation was issued; those not named are not known.
ISSUED_AT = defaultdict(float)
LOST = [RedisServer.kill, RedisServer.hang]

pytestmark = pytest.mark.usefixtures("patient")


class Clock:
    """A clock that a test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def process(redis: RedisServer, *clock: Callable[[], float]) -> SharedMemories:
    """What one server process remembers, in a Redis that holds the shared key."""
    redis.client.setnx(NAME, "key")
    return SharedMemories(RedisLink(redis.url, *clock), ISSUED_AT.__getitem__, *clock)


async def notice(process: SharedMemories) -> None:
    """Lets a process ask until it knows that Redis is lost."""
    for _ in range(FAILURES):
        await process.find("somebody else's")
    assert process._redis.lost


async def find_again(*processes: SharedMemories, clock: Clock) -> None:
    """Lets processes ask a Redis that is back."""
    clock.seconds += PAUSE_SECONDS
    for each in processes:
        await each.find("somebody else's")
        assert not each._redis.lost


async def test_a_conversation_is_known_to_every_process(redis_server):
    await process(redis_server).keep(SESSION, HARM)
    other = process(redis_server)

    assert await other.find(SESSION) == HARM
    assert await other.find("other") == Memory()


async def test_redis_sees_the_memory_but_not_the_token(redis_server):
    await process(redis_server).keep(SESSION, HARM)

    [name] = redis_server.client.keys("*:memory:*")
    held = json.loads(redis_server.client.get(name))
    assert set(held) == {"gap", "memory"} and held["memory"] == asdict(HARM)
    assert SESSION not in redis_server.everything()


async def test_redis_forgets_a_conversation_ten_minutes_after_its_last_message(
    redis_server,
):
    kept = process(redis_server)
    for _ in range(2):
        await kept.keep(SESSION, HARM)
        [name] = redis_server.client.keys("*:memory:*")
        assert IDLE_SECONDS - 60 < redis_server.client.ttl(name) <= IDLE_SECONDS
        redis_server.client.expire(name, 5)  # as if the ten minutes were nearly over

    redis_server.client.pexpire(name, 1)
    until(lambda: not redis_server.client.keys("*:memory:*"))
    assert await process(redis_server).find(SESSION) == Memory()


async def test_a_process_forgets_what_it_has_seen_as_soon_as_redis_does(redis_server):
    clock = Clock()
    kept = process(redis_server, clock)
    for number in range(2_000):
        async with kept.turn(f"session {number}"):
            await kept.keep(f"session {number}", HARM)
    assert len(kept._own) == 2_000 < MOST_CONVERSATIONS and not len(kept._unsaved)
    lasting = [n for n in redis_server.client.keys() if redis_server.client.ttl(n) < 0]
    assert lasting == [NAME]

    clock.seconds = IDLE_SECONDS + 1
    redis_server.client.flushdb()
    redis_server.client.set(NAME, "key")
    async with kept.turn("session 1999"):
        assert await kept.find("session 1999") == Memory()
    assert not len(kept._own) and not kept._own._turns and not kept._gaps


@pytest.mark.parametrize(
    "value",
    ["", "zebra", "[]", "7", "\N{SNOWMAN}", '{"gap": "", "memory": 1}', '{"gap": ""}',
     '{"memory": {}}', '{"gap": "", "memory": null}', '{"gap": "", "memory": []}',
     '{"gap": "", "memory": {"last_topic": 1}}',
     '{"gap": "", "memory": {"seen_at": "yesterday", "last_topic": "harm"}}'],
)  # fmt: skip
async def test_what_redis_holds_wrongly_counts_as_nothing(redis_server, value):
    redis_server.client.set(name_of("memory", SESSION), value)
    kept = process(redis_server)

    assert await kept.find(SESSION) == Memory()
    await kept.keep(SESSION, HARM)
    assert await kept.find(SESSION) == HARM


async def test_what_a_later_release_remembers_beside_it_is_passed_over(redis_server):
    later = {"gap": "", "memory": {"last_topic": "harm", "mood": "calm"}}
    redis_server.client.set(name_of("memory", SESSION), json.dumps(later))

    assert await process(redis_server).find(SESSION) == Memory(last_topic="harm")


@pytest.mark.parametrize("gap", [b"zebra", b" ", b"\xff", b"nan"])
async def test_a_gap_that_cannot_be_read_is_a_gap(redis_server, gap):
    redis_server.client.set(GAP, gap)
    ISSUED_AT["now"] = time.time()

    assert (await process(redis_server).find("now")).partial


# When Redis fails


@pytest.mark.parametrize("lose", LOST)
async def test_without_redis_a_process_knows_what_it_has_seen_and_that_more_may_be(
    redis_server, lose
):
    clock = Clock()
    kept = process(redis_server, clock)
    await kept.keep(SESSION, CAUSE)
    lose(redis_server)
    assert await kept.find(SESSION) == CAUSE.with_gap()
    assert await kept.find("new here") == Memory().with_gap()
    await notice(kept)
    await kept.keep(SESSION, CALM)
    assert await kept.find(SESSION) == CALM.with_gap()

    redis_server.start()
    await find_again(kept, clock=clock)
    found = await kept.find(SESSION)
    assert found.partial and found.last_topic == CALM.last_topic


async def test_one_answer_that_does_not_come_leaves_the_rest_as_it_was(redis_server):
    kept = process(redis_server)
    await kept.keep(SESSION, CAUSE)
    redis_server.hang()
    assert await kept.find(SESSION) == CAUSE.with_gap()
    redis_server.start()

    assert await kept.find(SESSION) == CAUSE
    assert not redis_server.client.exists(GAP)


@pytest.mark.parametrize("lose", LOST)
async def test_redis_is_given_what_it_missed_joined_with_what_it_holds(
    redis_server, lose
):
    clock = Clock()
    one, other = process(redis_server, clock), process(redis_server)
    await one.keep(SESSION, CAUSE)
    await one.keep("at rest", HARM)
    lose(redis_server)
    await notice(one)
    await one.keep(SESSION, CALM)  # what Redis holds is older now
    redis_server.start()
    await find_again(one, clock=clock)
    await one.hand_over()

    assert not len(one._unsaved)
    found = await other.find(SESSION)
    assert found.partial and found.last_topic == CALM.last_topic
    if lose is RedisServer.hang:  # it still held the cause
        assert found.person_gives_cause == CAUSE.person_gives_cause
        assert await other.find("at rest") == HARM.with_gap()
    await other.keep(SESSION, CALM)
    assert await other.find(SESSION) == CALM  # nothing was missed since


async def test_what_another_may_have_heard_without_redis_counts_as_missing(
    redis_server,
):
    clock = Clock()
    apart, other = process(redis_server, clock), process(redis_server)
    await other.keep(SESSION, CAUSE)
    assert await other.find(SESSION) == CAUSE
    redis_server.kill()
    await notice(apart)
    await apart.keep(SESSION, CALM)
    redis_server.start()
    await find_again(apart, clock=clock)

    assert await other.find(SESSION) == CAUSE.with_gap()  # from its own memory
    assert await other.find("heard by the first alone") == Memory().with_gap()
    redis_server.client.set(NAME, "key")
    ISSUED_AT["later"] = time.time() + 60
    assert await other.find("later") == Memory()


async def test_the_handing_over_lengthens_no_memory(redis_server):
    clock = Clock()
    kept = process(redis_server, clock)
    redis_server.kill()
    await notice(kept)
    await kept.keep(SESSION, CAUSE)
    clock.seconds += IDLE_SECONDS / 2
    redis_server.start()
    await find_again(kept, clock=clock)
    await kept.hand_over()

    ttl = redis_server.client.ttl(name_of("memory", SESSION))
    assert IDLE_SECONDS / 2 - 10 < ttl <= IDLE_SECONDS / 2
    clock.seconds += IDLE_SECONDS / 2
    assert not len(kept._own)


async def test_a_redis_that_was_emptied_unnoticed_has_lost_all(redis_server):
    one, other = process(redis_server), process(redis_server)
    await one.keep(SESSION, CAUSE)
    redis_server.kill()
    redis_server.start()

    assert await one.find(SESSION) == CAUSE.with_gap()
    assert await other.find(SESSION) == Memory().with_gap()


async def test_what_redis_dropped_to_make_room_counts_as_missing(redis_server):
    kept = process(redis_server)
    await kept.keep(SESSION, CAUSE)
    redis_server.client.delete(name_of("memory", SESSION))

    assert await kept.find(SESSION) == CAUSE.with_gap()


async def test_a_redis_that_is_full_loses_nothing_that_this_process_saw(redis_server):
    clock = Clock()
    kept = process(redis_server, clock)
    await kept.keep(SESSION, CALM)
    redis_server.client.config_set("maxmemory", 1)
    await kept.keep(SESSION, CAUSE)
    assert await kept.find(SESSION) == CAUSE.with_gap()

    redis_server.client.config_set("maxmemory", 0)
    await find_again(kept, clock=clock)
    await kept.hand_over()
    found = await process(redis_server).find(SESSION)
    assert found.partial and found.last_topic == CAUSE.last_topic


async def test_the_one_that_shares_the_key_tells_the_others_of_an_emptied_redis(
    redis_server,
):
    keys = [SharedKey(RedisLink(redis_server.url)) for _ in range(2)]
    for key in (*keys, *keys):
        await key.share()
    assert not redis_server.client.exists(GAP)  # a new conversation has no gap

    redis_server.client.flushall()
    for key in keys:
        await key.share()
    assert redis_server.client.exists(GAP)


async def test_a_key_of_another_means_that_redis_was_emptied(redis_server):
    key = SharedKey(RedisLink(redis_server.url))
    await key.share()
    redis_server.client.set(NAME, "of one that came first")

    await key.share()
    assert redis_server.client.exists(GAP)


# One by one


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
    assert not redis_server.client.keys("*:lock:*")


async def test_a_lock_holds_up_no_other_conversation_and_will_end(redis_server):
    kept = process(redis_server)
    async with kept.turn(SESSION), kept.turn("other"):
        assert len(redis_server.client.keys("signposting:lock:*")) == 2
        assert SESSION not in redis_server.everything()
        most = memories.HELD_AT_MOST_SECONDS * 1000
        for name in redis_server.client.keys("*:lock:*"):
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
