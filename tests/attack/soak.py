"""Two servers, nginx and a healthy Redis, used and abused for a long time."""

from __future__ import annotations

import os
import threading
import time
from itertools import cycle
from pathlib import Path

from tests.attack.cases import Case, post
from tests.attack.load import visitors
from tests.attack.part import Aim, Part
from tests.attack.processes import Pair, behind_nginx
from tests.attack.talk import talk
from tests.attack.tally import Tally
from tests.attack.target import Target
from tests.bench.big_bodies import bodies
from tests.bench.processes import memory_mb
from tests.redis_server import RedisServer

VISITORS = 4
BODY_EVERY_SECONDS, TALK_EVERY_SECONDS = 1.0, 2.0
# Caches and pools are filled by then.
WARM_SHARE = 0.2
MOST_GROWTH, MOST_MORE_FILES = 1.15, 20
ABUSER = "127.0.0.2"


def attack(part: Part, minutes: float) -> None:
    """Runs visitors, conversations and a sender of 1 MB bodies for this long."""
    redis = RedisServer()
    try:
        with behind_nginx(REDIS_URL=redis.url) as (pair, target):
            before, after = _soak(part, pair, target, 60 * minutes)
            logs = "".join(server.said() for server in pair.servers)
    finally:
        redis.close()
    part.note = f"It lasted {minutes:g} minutes."
    lost, ended = logs.count("redis.lost"), logs.count("engine.ended")
    grown = after[0] / before[0]
    files = after[1] - before[1]
    aim = part.aims.append
    lost_aim = "a healthy Redis declared lost in the soak"
    aim(Aim(lost_aim, "0 times", f"{lost} times", not lost))
    aim(Aim("engines that ended by themselves", "0", str(ended), not ended))
    most = f"at most {MOST_GROWTH:.0%}"
    aim(Aim("memory once it is warm and at the end", most, f"{grown:.0%}",
            grown <= MOST_GROWTH))  # fmt: skip
    most = f"at most {MOST_MORE_FILES} more"
    aim(Aim("open files once it is warm and at the end", most, f"{files:+d}",
            files <= MOST_MORE_FILES))  # fmt: skip


def _soak(
    part: Part, pair: Pair, target: Target, seconds: float
) -> tuple[tuple[float, int], tuple[float, int]]:
    over = threading.Event()
    others = [
        threading.Thread(target=ask, args=(target, part.row(name), over))
        for name, ask in {"bodies of 1 MB": _post_bodies, "talks": _talk_on}.items()
    ]
    for other in others:
        other.start()
    try:
        with visitors([target], part.row("visitors"), VISITORS):
            time.sleep(WARM_SHARE * seconds)
            before = _used(pair)
            time.sleep((1 - WARM_SHARE) * seconds)
    finally:
        over.set()
        for other in others:
            other.join()
    return before, _used(pair)


def _post_bodies(target: Target, tally: Tally, over: threading.Event) -> None:
    for body in cycle(bodies()):
        tally.note(Case("a body of 1 MB", post(body)), target.ask(post(body), ABUSER))
        if over.wait(BODY_EVERY_SECONDS):
            return


def _talk_on(target: Target, tally: Tally, over: threading.Event) -> None:
    while not over.is_set():
        for _ in talk([target], tally):
            over.wait(TALK_EVERY_SECONDS / 3)


def _used(pair: Pair) -> tuple[float, int]:
    """Megabytes and open files of the servers and their engines."""
    pids = [server.pid for server in pair.servers]
    files = sum(len(os.listdir(Path("/proc") / str(pid) / "fd")) for pid in pids)
    return sum(memory_mb(pid).total for pid in pids), files
