"""The machine's clock moved forward and back in the middle of conversations."""

from __future__ import annotations

import glob
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.attack.load import visitors
from tests.attack.part import Aim, Part
from tests.attack.talk import across
from tests.attack.target import AttackError, Target
from tests.conftest import Server
from tests.redis_server import RedisServer

SECONDS = 3.0
LIBRARY = "/usr/lib/*/faketime/libfaketime.so.1"
# By what is done to the clock, how libfaketime writes it.
WAYS = {
    "a minute forward": "+60", "a minute back": "-60",
    "an hour forward": "+3600", "an hour back": "-3600",
    "a day forward": "+86400", "a day back": "-86400",
    "to the year 2039": "+400000000", "to the year 1990": "-1150000000",
    "twice in a moment": "+3600",
}  # fmt: skip
NOW = "+0"


def attack(
    part: Part, seconds: float = SECONDS, ways: Mapping[str, str] = WAYS
) -> None:
    """Moves the clock of a server, and of no other process, by Debian's faketime."""
    redis = RedisServer()
    with tempfile.TemporaryDirectory() as made:
        clock = Path(made) / "clock"
        _move(clock, NOW)
        server = Server(REDIS_URL=redis.url, RATE_LIMIT="1000000", **_settings(clock))
        try:
            server.wait_until_ready()
            for name, to in ways.items():
                _step(part, name, server, clock, to, seconds)
            lost_redis = server.said().count("redis.lost")
        finally:
            server.stop()
            redis.close()
    part.note = (
        "The bot forgets a conversation after ten minutes by the machine's clock "
        "(docs/safety.md). If the clock jumps further than that in the middle of one, "
        'the reply begins with "If a child is in danger right now, call 999" instead '
        "of being an emergency reply."
    )
    aim = "a healthy Redis declared lost when the clock moves"
    part.aims.append(Aim(aim, "0 times", f"{lost_redis} times", not lost_redis))


def _step(
    part: Part, name: str, server: Server, clock: Path, to: str, seconds: float
) -> None:
    targets = [Target(server.address)]

    def meanwhile() -> None:
        with visitors(targets, part.row(name)):
            if "twice" in name:
                _move(clock, NOW)
                _move(clock, to)
            time.sleep(seconds)

    across(
        targets, part.row(f"talks across it: {name}"),
        lambda: _move(clock, to), lambda: _move(clock, NOW), meanwhile,
    )  # fmt: skip


def _move(clock: Path, to: str) -> None:
    """Writes the file as a whole: half a number would be another time."""
    written = clock.with_suffix(".new")
    written.write_text(f"{to}\n")
    written.replace(clock)


def _settings(clock: Path) -> dict[str, str]:
    """An environment in which the clock on the wall is what a file says; raises."""
    found = glob.glob(LIBRARY)
    if not found:
        raise AttackError("libfaketime is missing (Debian: apt-get install faketime).")
    return {
        "LD_PRELOAD": found[0],
        "FAKETIME_TIMESTAMP_FILE": os.fspath(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
