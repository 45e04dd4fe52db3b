"""Several server processes with one Redis: together when it is there, safe when not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.shared_key import NAME
from tests.conftest import Server, calls_999_first, refused, until
from tests.redis_server import RedisServer

CALM = "is the helpline anonymous"
CAUSE = "found pictures of children on my husbands laptop"
SOON = "he gets home at six"
SOON_AFTER_A_CAUSE = "back on friday"
SOON_OF_NOBODY = "he works till six"  # danger alone, and none in a calm talk
URGENT = "he is hurting my son right now"
MARKED = "my zebra likes marzipan on a tuesday, is the helpline free"
LOST = [RedisServer.kill, RedisServer.hang]
Servers = tuple[Server, Server]


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    running = RedisServer()
    yield running
    running.close()


@pytest.fixture(scope="module")
def servers(redis) -> Iterator[Servers]:
    """Two servers whose models are loaded."""
    both = Server(REDIS_URL=redis.url), Server(REDIS_URL=redis.url)
    for server in both:
        server.wait_until_ready()
    yield both
    for server in both:
        server.stop()


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Starts servers without an engine."""
    started: list[Server] = []

    def start_one(**environment: str) -> Server:
        started.append(Server(engine=False, **environment))
        started[-1].wait("/health/live", 20)
        return started[-1]

    yield start_one
    for server in started:
        if server._process.poll() is None:
            server.stop()


def kinds(servers: Servers, *texts: str) -> list[str]:
    """The kind of the first reply to each message, asked of the servers in turn."""
    told, session = [], None
    for number, text in enumerate(texts):
        answer = servers[number % 2].ask(text, session=session)
        session = answer.session
        told.append(answer.replies[0]["kind"])
    return told


def test_a_session_issued_by_one_is_kept_by_the_other(servers):
    one, other = servers
    session = one.ask(CALM).session

    assert other.ask(CALM, session=session).session == session
    assert other.ask(CALM, session="5e55" * 16).session != "5e55" * 16


def test_danger_that_builds_up_over_both_is_seen(servers):
    assert kinds(servers, CALM, CAUSE, SOON) == ["answer", "answer", "emergency"]


def test_calm_that_one_server_heard_counts_for_the_other(servers):
    assert kinds(servers, CALM, SOON_OF_NOBODY)[-1] != "emergency"
    assert kinds(servers, SOON_OF_NOBODY) == ["emergency"]  # nothing known before it


def test_a_button_pressed_on_one_calms_the_other(servers, redis):
    one, other = servers
    redis.client.delete(*redis.client.keys("*:memory:*"))
    session = one.ask(CAUSE).session
    other.post({"topic": "harm", "session": session})

    assert '"last_topic": "harm"' in redis.everything()
    assert '"person_gives_cause": 0.0' in redis.everything()
    later = one.ask(SOON_AFTER_A_CAUSE, session=session)
    assert later.replies[0]["kind"] != "emergency"
    assert kinds(servers, CAUSE, SOON_AFTER_A_CAUSE)[-1] == "emergency"


def test_nothing_typed_and_no_token_ever_reaches_redis(servers, redis):
    with redis.client.monitor() as watching:
        session = None
        for server in (*servers, *servers):
            session = server.ask(MARKED, session=session).session
            server.ask("/zebra " + MARKED, session=session, force="kent")
        server.post(b'{"message": "zebra')
        held = redis.everything()
        redis.client.echo("the end")
        seen = ""
        while "the end" not in seen:
            seen += watching.next_command()["command"]

    assert ":memory:" in held and ":memory:" in seen
    for hidden in ("zebra", "marzipan", "tuesday", session, "127.0.0.1"):
        assert hidden not in held and hidden not in seen


def test_redis_will_forget_all_but_the_key(servers, redis):
    kinds(servers, CALM, CAUSE, SOON)
    lasting = [n for n in redis.client.keys() if redis.client.ttl(n) < 0]

    assert lasting == [NAME]


@pytest.mark.parametrize("lose", LOST)
def test_each_message_is_answered_while_redis_is_lost_and_talks_go_on_after(
    servers, redis, lose
):
    assert kinds(servers, CALM, CAUSE)[0] == "answer"
    lose(redis)
    try:
        for server in (*servers, *servers):
            assert server.ask(CALM).replies[0]["topic"] == "helpline_confidential"
            assert server.post({"topic": "harm"}).replies[0]["topic"] == "harm"
        assert kinds(servers, URGENT, CALM) == ["emergency", "answer"]
        assert kinds(servers, SOON, SOON)[0] == "emergency"
    finally:
        redis.start()

    until(lambda: kinds(servers, CALM, SOON_OF_NOBODY)[-1] != "emergency")
    until(lambda: kinds(servers, CALM, CAUSE, SOON)[-1] == "emergency")


@pytest.mark.parametrize("lose", LOST)
def test_with_half_a_memory_the_end_of_an_emergency_still_says_999(
    servers, redis, lose
):
    """Each time one part of a talk is said while Redis is lost, or was until then."""
    texts = CALM, CAUSE, SOON
    for lost_at in range(1, len(texts)):
        for back_at in range(lost_at + 1, len(texts) + 1):
            session, answer = None, None
            for number, text in enumerate(texts):
                if number == lost_at:
                    lose(redis)
                if number == back_at:
                    redis.start()
                answer = servers[number % 2].ask(text, session=session)
                session = answer.session
            redis.start()
            assert answer.replies[0]["kind"] == "emergency"
            assert calls_999_first(answer.text)
            until(lambda: all(has_redis(server) for server in servers))


@pytest.mark.parametrize("lose", LOST)
def test_what_was_said_before_a_loss_counts_after_it(servers, redis, lose):
    """What is heard afterwards looks calm, and is only half of the talk."""
    one, other = servers
    session = one.ask(CAUSE).session
    lose(redis)
    for server in (*servers, *servers):
        server.ask(CALM)
    redis.start()
    until(lambda: all(has_redis(server) for server in servers))

    one.ask(CALM, session=session)
    answer = other.ask(SOON, session=session)
    assert answer.replies[0]["kind"] == "emergency"


def has_redis(server: Server) -> bool:
    """Whether a server has found Redis again, each time that it had lost it."""
    said = server.said()
    return said.count("redis.lost") == said.count("redis.back")


def test_an_emptied_redis_leaves_no_emergency_to_half_a_memory(servers, redis):
    one, other = servers
    session = one.ask(CALM).session
    other.ask(CAUSE, session=session)
    redis.kill()
    redis.start()

    answer = one.ask(SOON, session=session)  # it has not heard the cause
    assert answer.replies[0]["kind"] == "emergency"


@pytest.mark.parametrize("lose", LOST)
def test_redis_lost_and_back_are_logged_once_each(redis_server, start, lose):
    server = start(REDIS_URL=redis_server.url, RATE_LIMIT="100000")

    def is_counted() -> bool:
        server.post({"topic": "harm"})
        return bool(redis_server.client.keys("*:rate:*"))

    assert is_counted()
    lose(redis_server)
    for _ in range(5):
        assert server.post({"topic": "harm"}).replies[0]["topic"] == "harm"
    redis_server.start()
    for _ in range(2):  # what it was asked before it hung is counted first
        redis_server.client.flushall()
        until(is_counted)

    said = server.stop()
    assert said.count("redis.lost") == said.count("redis.back") == 1
    assert said.index("redis.lost") < said.index("redis.back")


def test_a_server_starts_without_redis_and_finds_it_by_itself(start):
    late = RedisServer(started=False)
    try:
        server = start(REDIS_URL=late.url)
        session = server.post({"topic": "harm"}).session
        assert calls_999_first(server.ask(URGENT).text)

        late.start()
        until(lambda: late.client.exists(NAME))
        assert server.post({"topic": "harm", "session": session}).session == session
        other = start(REDIS_URL=late.url)
        assert other.post({"topic": "harm", "session": session}).session == session
        assert server.stop().count("redis.lost") == 1
    finally:
        late.close()


def test_the_rate_limit_is_for_all_servers_together(redis_server, start):
    settings = {"REDIS_URL": redis_server.url, "RATE_LIMIT": "2"}
    one, other = start(**settings), start(**settings)
    statuses = [server.post({"topic": "harm"}).status for server in (one, other, one)]

    assert statuses == [200, 200, 429]
    assert calls_999_first(other.ask(URGENT).text)


def test_a_wrong_address_of_redis_stops_the_start_with_the_remedy():
    said = refused(REDIS_URL="http://:zebra@127.0.0.1:6379")

    assert "Cannot start: REDIS_URL" in said and "redis://127.0.0.1:6379/0" in said
    assert "zebra" not in said
