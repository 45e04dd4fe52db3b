"""Redis is asked without a wait, lost without a fault and found again."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from bot.redis_link import PAUSE_SECONDS, RedisLink, RedisLinkError
from tests.redis_server import RedisServer


class Clock:
    """A clock that stands still until it is moved on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def link(redis_server, clock) -> RedisLink:
    return RedisLink(redis_server.url, clock)


async def ping(link: RedisLink) -> bool | None:
    return await link.ask(lambda redis: redis.ping())


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [record.getMessage() for record in caplog.records]
    return [message.split()[0] for message in told if message.startswith("redis.")]


async def test_a_lost_redis_is_asked_again_after_a_pause(
    redis_server, link, clock, caplog
):
    caplog.set_level(logging.INFO, "bot")
    assert await ping(link)
    redis_server.kill()
    assert await ping(link) is None

    redis_server.start()
    assert await ping(link) is None  # nobody asks yet
    clock.seconds += PAUSE_SECONDS
    assert await ping(link)
    assert events(caplog) == ["redis.lost", "redis.back"]


async def test_a_loss_is_told_once_however_many_notice_it(redis_server, link, caplog):
    redis_server.kill()

    assert await asyncio.gather(*(ping(link) for _ in range(20))) == [None] * 20
    assert events(caplog) == ["redis.lost"]


async def test_after_the_pause_one_tries_and_the_others_do_without(
    redis_server, link, clock
):
    redis_server.kill()
    await ping(link)
    redis_server.start()
    clock.seconds += PAUSE_SECONDS

    answers = await asyncio.gather(*(ping(link) for _ in range(20)))
    assert answers.count(True) == 1 and answers.count(None) == 19


async def test_a_redis_that_hangs_is_not_waited_for(redis_server, link, caplog):
    assert await ping(link)
    redis_server.hang()

    assert await ping(link) is None  # it would never answer
    assert events(caplog) == ["redis.lost"]


async def test_a_command_that_hangs_in_the_machine_is_not_waited_for(link):
    """Looking a name up, for one, knows no time-out of the socket's."""
    freed = threading.Event()
    try:
        assert await link.ask(lambda _: freed.wait()) is None
    finally:
        freed.set()


async def test_a_redis_that_was_never_there_is_found_when_it_comes(clock):
    late = RedisServer(started=False)
    try:
        link = RedisLink(late.url, clock)
        assert await ping(link) is None

        late.start()
        clock.seconds += PAUSE_SECONDS
        assert await ping(link)
    finally:
        late.close()


async def test_a_restart_that_nobody_noticed_is_no_loss(redis_server, link, caplog):
    assert await ping(link)
    redis_server.kill()
    redis_server.start()

    assert await ping(link)
    assert events(caplog) == []


async def test_a_redis_that_is_full_counts_as_lost(redis_server, link, caplog):
    redis_server.client.config_set("maxmemory", 1)

    assert await link.ask(lambda redis: redis.set("name", "value")) is None
    assert "redis.lost OutOfMemoryError" in caplog.text


@pytest.mark.parametrize(
    "setting",
    ["127.0.0.1:6379", "http://127.0.0.1:6379", "redis://:zebra@127.0.0.1:many",
     "postgres://user:zebra@127.0.0.1/0", "redis://:zebra@127.0.0.1:99999", " "],
)  # fmt: skip
def test_what_is_no_address_of_a_redis_is_refused_without_its_password(setting):
    with pytest.raises(RedisLinkError, match="redis://127.0.0.1:6379/0") as refused:
        RedisLink.from_setting(setting)

    assert "zebra" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("setting", [None, ""])
def test_without_a_setting_there_is_no_redis(setting):
    assert RedisLink.from_setting(setting) is None
