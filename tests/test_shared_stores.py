"""What processes share through Redis: conversations, their locks, the rate limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from bot import ROOT
from bot.limits import Limits
from bot.rasa_parts import shared_lock_store, shared_tracker_store
from bot.rasa_parts.shared_lock_store import SharedLockStore
from bot.rasa_parts.shared_tracker_store import SharedTrackerStore, key_of
from bot.rasa_parts.tracker_store import IDLE_MINUTES
from bot.redis_link import RedisLink
from bot.shared_key import SharedKey
from tests.redis_server import RedisServer

SESSION = "5e55" * 16
DOMAIN = Domain.load(str(ROOT / "domain.yml"))


class Seconds:
    """A clock that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def process(redis: RedisServer, *clock: Callable[[], float]) -> RedisLink:
    """The link of one process."""
    return RedisLink(redis.url, *clock)


def store_of(redis: RedisServer, *clock: Callable[[], float]) -> SharedTrackerStore:
    return SharedTrackerStore(DOMAIN, process(redis, *clock))


async def talk(store: SharedTrackerStore, session: str = SESSION) -> None:
    """One turn of a conversation, as Rasa would save it."""
    tracker = await store.retrieve(session)
    tracker.update(UserUttered("zebra crossing", {"name": "harm"}))
    tracker.update(SlotSet("last_topic", "harm"))
    tracker.update(SlotSet("plan", {"actions": ["utter_harm"]}))
    await store.save(tracker)


async def last_topic(store: SharedTrackerStore, session: str = SESSION) -> str | None:
    return (await store.retrieve(session)).get_slot("last_topic")


async def test_a_conversation_is_known_to_every_process(redis_server):
    await talk(store_of(redis_server))
    other = store_of(redis_server)

    assert await last_topic(other) == "harm"
    assert (await other.retrieve(SESSION)).get_slot("plan") is None
    assert await last_topic(other, "other") is None
    assert await other.keys() == []


async def test_redis_sees_neither_a_word_nor_the_token(redis_server):
    await talk(store_of(redis_server))

    assert "harm" in redis_server.everything()
    for hidden in ("zebra", "crossing", SESSION, "utter"):
        assert hidden not in redis_server.everything()


async def test_redis_forgets_a_conversation(redis_server, monkeypatch):
    store = store_of(redis_server)
    await talk(store)
    [name] = redis_server.client.keys()
    assert 0 < redis_server.client.ttl(name) <= IDLE_MINUTES * 60

    monkeypatch.setattr(shared_tracker_store, "IDLE_MINUTES", 1 / 60)
    await talk(store)
    while redis_server.client.keys():
        await asyncio.sleep(0.05)
    assert await last_topic(store) is None


async def test_a_process_holds_nothing_of_what_it_keeps_in_redis(redis_server):
    store = store_of(redis_server)
    for number in range(2_000):
        await talk(store, f"session {number}")

    assert not store._kept and redis_server.client.dbsize() == 2_000
    assert all(redis_server.client.ttl(n) > 0 for n in redis_server.client.keys())


@pytest.mark.parametrize(
    "value",
    ["", "zebra", "[]", "7", '{"at": "x", "slots": {}}', '{"at": 9e9}',
     '{"at": 9e9, "slots": null}', '{"at": 9e9, "slots": {"unknown": 1}}'],
)  # fmt: skip
async def test_what_redis_holds_wrongly_counts_as_nothing(redis_server, value):
    redis_server.client.set(key_of("slots", SESSION), value)
    store = store_of(redis_server)

    assert await last_topic(store) is None
    await talk(store)
    assert await last_topic(store) == "harm"


@pytest.mark.parametrize("lose", [RedisServer.kill, RedisServer.hang])
async def test_while_redis_is_lost_a_message_stands_alone(redis_server, lose):
    clock = Seconds()
    store = store_of(redis_server, clock)
    await talk(store)
    lose(redis_server)
    assert await last_topic(store) is None
    await talk(store)

    redis_server.start()
    clock.now += 60
    # What was said meanwhile is missing: half a picture could look too calm.
    assert await last_topic(store) is None
    await talk(store)
    assert await last_topic(store) == "harm"


async def test_a_message_waits_for_the_one_before_it_in_any_process(redis_server):
    locks = [SharedLockStore(process(redis_server)) for _ in range(2)]
    said: list[str] = []
    inside = asyncio.Event()

    async def first() -> None:
        async with locks[0].lock(SESSION):
            inside.set()
            await asyncio.sleep(0.2)
            said.append("first")

    async def second() -> None:
        await inside.wait()
        async with locks[1].lock(SESSION):
            said.append("second")

    async def third() -> None:
        await inside.wait()
        async with locks[0].lock(SESSION):
            said.append("third")

    await asyncio.gather(first(), second(), third())
    assert said[0] == "first" and len(said) == 3
    assert redis_server.client.dbsize() == 0


async def test_a_lock_holds_up_no_other_conversation(redis_server):
    lock = SharedLockStore(process(redis_server)).lock
    async with lock(SESSION), lock("other"):
        assert SESSION not in redis_server.everything()
        assert all(redis_server.client.pttl(n) > 0 for n in redis_server.client.keys())


async def test_a_process_that_died_does_not_hold_a_conversation_up(
    redis_server, monkeypatch
):
    monkeypatch.setattr(shared_lock_store, "WAITS_AT_MOST_SECONDS", 0.2)
    redis_server.client.set(key_of("lock", SESSION), "of the dead")

    async with SharedLockStore(process(redis_server)).lock(SESSION):
        pass
    assert redis_server.client.get(key_of("lock", SESSION)) == "of the dead"


@pytest.mark.parametrize("lose", [RedisServer.kill, RedisServer.hang])
async def test_without_redis_a_process_still_has_its_own_lock(redis_server, lose):
    locks = SharedLockStore(process(redis_server))
    lose(redis_server)
    async with locks.lock(SESSION):
        assert locks.get_lock(SESSION).is_someone_waiting()
    assert not locks.conversation_locks


async def test_a_lock_that_ran_out_meanwhile_is_let_go_quietly(redis_server):
    async with SharedLockStore(process(redis_server)).lock(SESSION):
        redis_server.client.flushall()


async def limits_of(redis: RedisServer, per_minute: int = 3) -> Limits:
    link = process(redis)
    key = SharedKey(link)
    await key.share()
    return Limits(per_minute, key, link)


async def test_an_address_is_counted_over_all_processes(redis_server):
    one, other = await limits_of(redis_server), await limits_of(redis_server)
    passed = [await limits.allow("192.0.2.77") for limits in (one, other, one, other)]

    assert passed == [True, True, True, False]
    assert "192.0.2" not in redis_server.everything()


async def test_redis_forgets_a_count_after_its_minute(redis_server):
    limits = await limits_of(redis_server)
    for _ in range(5):
        await limits.allow("192.0.2.77")
    [name] = redis_server.client.keys("*:rate:*")

    assert 0 < redis_server.client.ttl(name) <= 60


async def test_without_redis_a_process_counts_for_itself(redis_server):
    limits = await limits_of(redis_server, 1)
    redis_server.kill()

    assert [await limits.allow("192.0.2.77") for _ in range(2)] == [True, False]
