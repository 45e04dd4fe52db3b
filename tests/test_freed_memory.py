"""What visitors typed does not stay in the memory that the processes have freed.

docs/security.md says what stays, and why. Only root can read another process's memory.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import ROOT
from tests.conftest import Server
from tests.front import FAST, Front

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may read the memory of another process"
)
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
# uvloop reads into one buffer, which the next message overwrites from its beginning.
SENT_BYTES = 1_000_000  # far more than the bot takes
READ_AT_ONCE = 256_000
AT_ONCE = 1 << 24


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    server = Server()
    server.wait_until_ready()
    yield server
    server.stop()


def marks(pid: int, mark: str) -> int:
    """How often a word is in the memory of a process."""
    found, word = 0, mark.encode()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            part = line.split()
            start, end = (int(at, 16) for at in part[0].split("-"))
            if "r" not in part[1] or part[-1] in ("[vvar]", "[vsyscall]"):
                continue
            rest = b""
            while start < end:
                memory.seek(start)
                try:
                    piece = memory.read(min(AT_ONCE, end - start))
                except OSError:
                    break  # such as a device
                if not piece:
                    break
                found += (rest + piece).count(word)
                rest, start = piece[-len(word) + 1 :], start + len(piece)
    return found


def test_the_search_finds_a_word_in_the_memory_of_a_process():
    mark = secrets.token_hex(6)
    held = [f"{number} {mark}" for number in range(1000)]

    assert marks(os.getpid(), mark) >= len(held)


def test_of_large_bodies_no_more_stays_than_was_read_last(running):
    mark = secrets.token_hex(6)
    text = f"{mark} " * (SENT_BYTES // (len(mark) + 1) - 10)
    sent = 0
    for _ in range(3):
        for body, kind in (
            (json.dumps({"message": text}), {}),
            ("message=" + text.replace(" ", "+"), FORM),
            (text, {}),
            ('{"message": "' + text, {}),
        ):
            running.post(body.encode(), **kind)
            sent += body.count(mark)
    assert sent > 800_000

    most = 3 * READ_AT_ONCE // len(mark)
    assert marks(running.pid, mark) < most
    assert sum(marks(engine, mark) for engine in running.engines) == 0


def test_of_a_hundred_messages_little_stays_in_either_process(running):
    mark = secrets.token_hex(6)
    sent = 0
    for number in range(100):
        text = f"is the helpline free {mark} {number} " * 40
        running.ask(text[:1_900])
        sent += text[:1_900].count(mark)
    for number in range(20):
        running.ask(f"is the helpline free {number}")

    for pid in (running.pid, *running.engines):
        assert marks(pid, mark) < sent / 5


def test_nginx_overwrites_what_it_has_passed_on(running, tmp_path, monkeypatch):
    image = (ROOT / "deploy" / "Dockerfile").read_text().split(" AS nginx")[1]
    [setting] = re.findall(r"^ENV (MALLOC_PERTURB_)=(\d+)$", image, re.M)
    monkeypatch.setenv(*setting)
    address = running.address.removeprefix("http://")
    front = Front(tmp_path, address, address, FAST)
    mark, sent = secrets.token_hex(6), 4_000
    try:
        for _ in range(5):
            front.post(json.dumps({"message": f"{mark} " * sent}).encode())
        pid = front._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert children
        assert sum(marks(int(found), mark) for found in (pid, *children)) < sent / 10
    finally:
        front.stop()
