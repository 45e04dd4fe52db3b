"""The processes agree on one key, and no visitor's token is lost as they do."""

from __future__ import annotations

from bot.chat.sessions import Sessions
from bot.redis_link import PAUSE_SECONDS, RedisLink
from bot.shared_key import SharedKey
from tests.redis_server import RedisServer


def process(redis: RedisServer, clock=lambda: 0.0) -> Sessions:
    """What one server process holds."""
    return Sessions(SharedKey(RedisLink(redis.url, clock)))


async def test_a_token_of_one_process_is_kept_by_another(redis_server):
    one, other = process(redis_server), process(redis_server)
    for sessions in (one, other):
        await sessions.key.share()
    token = one.issue()

    assert other.keep_or_issue(token) == token
    assert process(redis_server).keep_or_issue(token) != token  # it has not shared


async def test_a_process_that_starts_without_redis_takes_the_key_later():
    late, seconds = RedisServer(started=False), [0.0]
    try:
        one, other = process(late, lambda: seconds[0]), process(late)
        await one.key.share()
        before = one.issue()
        late.start()
        await other.key.share()
        seconds[0] += PAUSE_SECONDS
        await one.key.share()

        token = one.issue()
        assert other.keep_or_issue(token) == token
        assert one.keep_or_issue(before) == before
    finally:
        late.close()


async def test_a_redis_that_comes_back_empty_is_given_the_key_again(redis_server):
    one = process(redis_server)
    await one.key.share()
    token = one.issue()
    redis_server.kill()
    redis_server.start()
    await one.key.share()
    other = process(redis_server)
    await other.key.share()

    assert other.keep_or_issue(token) == token


async def test_without_redis_the_key_stays_the_process_s_own():
    key = SharedKey()
    signature = key.sign("a text")
    await key.share()
    await key.keep_shared()  # ends at once

    assert key.signatures("a text") == [signature]
