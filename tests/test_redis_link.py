"""Nobody waits for Redis, nothing fails when it is lost, and it is found again."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time

import pytest
from redis import Redis

from bot.redis_link import (
    FAILURES,
    GAP,
    GAP_SECONDS,
    HANGS_SECONDS,
    PATIENCE_SECONDS,
    PAUSE_SECONDS,
    WAIT_SECONDS,
    RedisLink,
    RedisLinkError,
)
from bot.talk.memory import IDLE_MINUTES
from tests.redis_server import RedisServer


class SlowPort:
    """A port that passes everything on to another, each piece after a while."""

    def __init__(self, to: int, seconds: float) -> None:
        """Opens it; `seconds` is how long it keeps a piece."""
        self._to, self._seconds = to, seconds
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._accept, daemon=True).start()
        return self._listener.getsockname()[1]

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        try:
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()
        except OSError:
            pass  # closed

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65_536):
                time.sleep(self._seconds)
                target.sendall(piece)
        except OSError:
            pass  # the other end has gone


class Clock:
    """A clock that only moves when a test moves it."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def link(patient, redis_server, clock) -> RedisLink:
    return RedisLink(redis_server.url, clock)


@pytest.fixture
def hasty(redis_server, clock) -> RedisLink:
    """A link that waits no longer than a server's."""
    return RedisLink(redis_server.url, clock)


async def ping(link: RedisLink) -> bool | None:
    return await link.ask(lambda redis: redis.ping())


async def lose(link: RedisLink) -> None:
    """Asks a Redis that fails until it counts as lost."""
    for _ in range(FAILURES):
        assert await ping(link) is None
    assert link.lost


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [record.getMessage() for record in caplog.records]
    return [message.split()[0] for message in told if message.startswith("redis.")]


async def test_a_lost_redis_is_asked_again_after_a_pause(
    redis_server, link, clock, caplog
):
    caplog.set_level(logging.INFO, "bot")
    assert await ping(link)
    redis_server.kill()
    await lose(link)

    redis_server.start()
    assert await ping(link) is None  # nobody asks yet
    clock.seconds += PAUSE_SECONDS
    assert await ping(link)
    assert events(caplog) == ["redis.lost", "redis.back"]


async def test_a_loss_is_logged_once_however_many_notice_it(redis_server, link, caplog):
    redis_server.kill()

    assert await asyncio.gather(*(ping(link) for _ in range(20))) == [None] * 20
    assert events(caplog) == ["redis.lost"]


async def test_after_the_pause_one_tries_and_the_others_do_without(
    redis_server, link, clock
):
    redis_server.kill()
    await lose(link)
    redis_server.start()
    clock.seconds += PAUSE_SECONDS

    answers = await asyncio.gather(*(ping(link) for _ in range(20)))
    assert answers.count(True) == 1 and answers.count(None) == 19


async def test_a_redis_that_hangs_is_not_waited_for(redis_server, link, caplog):
    assert await ping(link)
    redis_server.hang()

    await lose(link)  # it would never answer
    assert events(caplog) == ["redis.lost"]


async def test_a_command_that_hangs_in_the_machine_is_not_waited_for(hasty, clock):
    """Looking up a name, for example, ignores the socket's time-out."""
    freed = threading.Event()
    hanging = (hasty.ask(lambda _: freed.wait()) for _ in range(4))
    try:
        assert await asyncio.gather(*hanging) == [None] * 4
        assert not hasty.lost  # it may be the machine that is busy
        clock.seconds += HANGS_SECONDS
        assert await ping(hasty) is None
        assert hasty.lost  # or each of the next would wait for a thread
    finally:
        freed.set()
    clock.seconds += PAUSE_SECONDS
    assert await ping(hasty)


async def test_a_thread_that_the_machine_holds_up_does_not_count(hasty, caplog):
    def held_up(redis: Redis) -> bool:
        time.sleep(2 * PATIENCE_SECONDS)
        return bool(redis.ping())

    assert await hasty.ask(held_up) is None
    assert await ping(hasty) and events(caplog) == []


async def test_how_long_our_own_loop_is_held_up_does_not_count(hasty, caplog):
    for _ in range(5):
        asked = asyncio.create_task(ping(hasty))
        await asyncio.sleep(0)  # it has asked
        time.sleep(3 * WAIT_SECONDS)
        assert await asked

    assert not hasty.lost and events(caplog) == []


async def test_a_command_that_waits_for_a_thread_does_not_count(hasty, caplog):
    """Threads of ours that are busy say nothing about Redis."""

    def busy(redis: Redis) -> bool:
        time.sleep(WAIT_SECONDS)
        return bool(redis.ping())

    answers = await asyncio.gather(*(hasty.ask(busy) for _ in range(16)))
    assert answers[0] and None in answers  # the last had no time left
    assert await ping(hasty) and events(caplog) == []


async def test_one_slow_moment_is_no_loss(redis_server, caplog):
    link = RedisLink(redis_server.url)
    redis_server.hang()
    told = await asyncio.gather(*(ping(link) for _ in range(4)))  # all at the same time
    assert told == [None] * 4 and not link.lost

    redis_server.start()
    assert await ping(link)
    assert events(caplog) == []


async def test_failures_with_answers_between_them_are_no_loss(redis_server, link):
    for _ in range(FAILURES + 1):
        redis_server.kill()
        assert await ping(link) is None
        redis_server.start()
        assert await ping(link)

    assert not link.lost


async def test_a_redis_that_is_slower_than_its_time_each_time_is_lost(redis_server):
    with SlowPort(redis_server.port, 2 * WAIT_SECONDS) as port:
        link = RedisLink(f"redis://127.0.0.1:{port}/0")
        await lose(link)


async def test_who_finds_redis_again_tells_the_others(redis_server, link, clock):
    assert await ping(link)
    assert not redis_server.client.exists(GAP)
    redis_server.kill()
    await lose(link)
    redis_server.start()
    clock.seconds += PAUSE_SECONDS
    assert await ping(link)

    first = redis_server.client.get(GAP)
    assert first and 0 < redis_server.client.ttl(GAP) <= GAP_SECONDS
    assert GAP_SECONDS == IDLE_MINUTES * 60  # as long as anything is remembered
    assert await ping(link) and redis_server.client.get(GAP) == first


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


async def test_a_full_redis_that_can_be_read_is_not_back(redis_server, link, clock):
    redis_server.client.config_set("maxmemory", 1)
    await link.ask(lambda redis: redis.set("name", "value"))
    clock.seconds += PAUSE_SECONDS
    assert await ping(link) is None and link.lost

    redis_server.client.config_set("maxmemory", 0)
    clock.seconds += PAUSE_SECONDS
    assert await ping(link) and not link.lost


async def test_a_wrong_password_counts_as_lost_and_is_not_logged(redis_server, caplog):
    redis_server.client.config_set("requirepass", "right")
    link = RedisLink(redis_server.url.replace("redis://", "redis://:zebra@"))
    await lose(link)

    assert events(caplog) == ["redis.lost"] and "zebra" not in caplog.text


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
