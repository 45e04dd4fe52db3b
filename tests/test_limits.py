"""How many messages a minute one address may send: to one process, or to them all."""

from __future__ import annotations

import pytest

from bot.chat.conversation import MOST_CHARACTERS
from bot.chat.limits import (
    BUCKET_DIGITS,
    CHARACTERS_EACH,
    DEFAULT_PER_MINUTE,
    MOST_EACH,
    Limits,
    LimitsError,
)
from bot.redis_link import RedisLink
from bot.shared_key import SharedKey
from tests.redis_server import RedisServer


async def test_an_address_may_send_so_many_a_minute():
    now = [0.0]
    limits = Limits(2, clock=lambda: now[0])

    assert [await limits.allow("a") for _ in range(3)] == [True, True, False]
    assert await limits.allow("b")
    now[0] = 59.9
    assert not await limits.allow("a")
    now[0] = 60.0
    assert [await limits.allow("a") for _ in range(3)] == [True, True, False]


async def test_a_clock_that_is_put_back_begins_a_new_minute():
    now = [100.0]
    limits = Limits(1, clock=lambda: now[0])
    await limits.allow("a")
    now[0] = 99.0

    assert [await limits.allow("a") for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("setting", "most"), [(None, DEFAULT_PER_MINUTE), ("3", 3)])
async def test_the_setting_says_how_many_and_without_it_there_are_enough_for_a_school(
    setting, most
):
    limits = Limits.from_setting(setting)
    passed = [await limits.allow("a") for _ in range(most + 1)]

    assert passed == [True] * most + [False]


@pytest.mark.parametrize(
    ("characters", "passes"),
    [(0, 300), (CHARACTERS_EACH, 300), (CHARACTERS_EACH + 1, 150), (2_000, 30),
     (64_000, 30)],
)  # fmt: skip
async def test_a_long_message_counts_as_several(characters, passes):
    limits = Limits(300)
    passed = [await limits.allow("a", characters) for _ in range(301)]

    assert passed == [True] * passes + [False] * (301 - passes)


def test_the_longest_that_the_model_reads_counts_most():
    assert CHARACTERS_EACH * MOST_EACH == MOST_CHARACTERS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:DB8::1:0:0:0:9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("unix:", "192.0.2.2", False),
    ],
)
async def test_of_an_ipv6_address_the_network_counts(one, other, same):
    limits = Limits(1)
    await limits.allow(one)

    assert await limits.allow(other) is not same


async def test_no_address_is_in_memory():
    limits = Limits(2)
    await limits.allow("192.0.2.77")

    assert "192.0.2.77" not in repr(vars(limits))


@pytest.mark.parametrize("setting", ["0", "-1", "many", "", "1.5"])
def test_a_limit_that_is_no_number_is_refused(setting):
    with pytest.raises(LimitsError, match="RATE_LIMIT"):
        Limits.from_setting(setting)


async def test_the_limit_can_be_switched_off():
    limits = Limits.from_setting("off")

    assert all([await limits.allow("a") for _ in range(10_000)])


async def test_a_flood_from_ever_new_addresses_takes_no_more_memory():
    limits = Limits(2)
    for number in range(200_000):
        await limits.allow(f"192.0.2.{number}")

    assert len(limits._counts) <= 16**BUCKET_DIGITS


async def test_an_address_falls_into_another_bucket_the_next_day():
    now = [0.0]
    limits = Limits(1, clock=lambda: now[0])
    buckets = set()
    for day in range(10):
        now[0] = day * 86_400.0
        buckets.add(limits._bucket("192.0.2.77"))

    assert len(buckets) > 1
    now[0] += 1  # the same day
    assert limits._bucket("192.0.2.77") in buckets


async def limits_of(redis: RedisServer, per_minute: int = 3) -> Limits:
    link = RedisLink(redis.url)
    key = SharedKey(link)
    await key.share()
    return Limits(per_minute, key, link)


async def test_an_address_is_counted_over_all_processes(redis_server):
    one, other = await limits_of(redis_server), await limits_of(redis_server)
    passed = [await limits.allow("192.0.2.77") for limits in (one, other, one, other)]

    assert passed == [True, True, True, False]
    assert "192.0.2" not in redis_server.everything()


@pytest.mark.parametrize(("setting", "most"), [(None, DEFAULT_PER_MINUTE), ("3", 3)])
async def test_the_setting_counts_over_all_processes_too(redis_server, setting, most):
    processes = []
    for _ in range(2):
        link = RedisLink(redis_server.url)
        key = SharedKey(link)
        await key.share()
        processes.append(Limits.from_setting(setting, key, link))
    passed = [await processes[n % 2].allow("192.0.2.77") for n in range(most + 1)]

    assert passed == [True] * most + [False]


async def test_each_address_is_counted_by_itself_over_all_processes(redis_server):
    one, other = await limits_of(redis_server, 1), await limits_of(redis_server, 1)

    assert await one.allow("192.0.2.77") and await other.allow("192.0.2.78")
    assert not await one.allow("192.0.2.78")


async def test_long_messages_count_as_several_over_all_processes(redis_server):
    one, other = await limits_of(redis_server), await limits_of(redis_server)

    assert await one.allow("192.0.2.77", 2 * CHARACTERS_EACH)
    assert not await other.allow("192.0.2.77", 2 * CHARACTERS_EACH)


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
