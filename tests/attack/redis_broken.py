"""Two servers whose Redis breaks in nine ways while people talk to both."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from redis import Redis, RedisError

from bot.shared_key import NAME
from tests.attack.load import visitors
from tests.attack.part import Aim, Part
from tests.attack.talk import across
from tests.attack.target import Target
from tests.conftest import Server, until
from tests.redis_server import RedisServer
from tests.test_two_servers import told_whole

SECONDS = 4.0
NOBODY = ("127.0.0.1", 1)
PASSWORD = "attack"

Step = Callable[[RedisServer], object]


def _refuse(redis: RedisServer, setting: str, value: object) -> None:
    """Changes a setting and cuts every connection but our own."""
    redis.client.config_set(setting, value)
    redis.client.client_kill_filter(_type="normal", skipme=True)


def _fill(redis: RedisServer) -> None:
    redis.client.config_set("maxmemory-policy", "noeviction")
    redis.client.config_set("maxmemory", 1)


def _spoil(redis: RedisServer) -> None:
    for name in redis.client.keys():
        with suppress(RedisError):  # dropped meanwhile
            redis.client.set(name, "{nonsense", keepttl=True)


def _set(setting: str, value: object) -> Step:
    return lambda redis: redis.client.config_set(setting, value)


def _nothing(_: RedisServer) -> None:
    """It recovers by itself."""


# By how Redis is broken: how that is done, and how it is undone.
WAYS: dict[str, tuple[Step, Step]] = {
    "killed": (RedisServer.kill, RedisServer.start),
    "frozen": (RedisServer.hang, RedisServer.start),
    "emptied": (lambda r: r.client.flushall(), _nothing),
    "its signing key dropped": (lambda r: r.client.delete(NAME), _nothing),
    "full": (_fill, _set("maxmemory", 0)),
    "read-only": (
        lambda r: r.client.replicaof(*NOBODY),
        lambda r: r.client.replicaof("NO", "ONE"),
    ),
    "asking for a password": (
        lambda r: _refuse(r, "requirepass", PASSWORD), _set("requirepass", "")
    ),
    "out of connections": (
        lambda r: _refuse(r, "maxclients", 1), _set("maxclients", 10_000)
    ),
    "nonsense in every value": (_spoil, _nothing),
}  # fmt: skip


def attack(part: Part, seconds: float = SECONDS) -> None:
    """Breaks it in each way, and repairs it before the next."""
    redis = RedisServer()
    # One connection, or it would be cut off with the others.
    redis.client.close()
    redis.client = Redis.from_url(
        redis.url, decode_responses=True, encoding_errors="backslashreplace",
        single_connection_client=True,
    )  # fmt: skip
    settings = {"REDIS_URL": redis.url, "RATE_LIMIT": "1000000"}
    servers = [Server(**settings) for _ in range(2)]
    try:
        for server in servers:
            server.wait_until_ready()
        for name, (breaks, mends) in WAYS.items():
            _break(part, name, servers, redis, breaks, mends, seconds)
    finally:
        for server in servers:
            server.stop()
        redis.close()
    finals = [tally for name, tally in part.rows.items() if name.startswith("talks")]
    lost, talks = sum(t.lost for t in finals), sum(t.emergencies for t in finals)
    found = f"{talks - lost} of {talks} told to call 999"
    part.aims.append(Aim("emergencies after half a memory", "all", found, not lost))


def _break(
    part: Part, name: str, servers: list[Server], redis: RedisServer,
    breaks: Step, mends: Step, seconds: float,
) -> None:  # fmt: skip
    targets = [Target(server.address) for server in servers]

    def meanwhile() -> None:
        with visitors(targets, part.row(name)):
            time.sleep(seconds)

    across(
        targets, part.row(f"talks across it: {name}"),
        lambda: breaks(redis), lambda: mends(redis), meanwhile,
    )  # fmt: skip
    until(lambda: all(told_whole(server) for server in servers))
