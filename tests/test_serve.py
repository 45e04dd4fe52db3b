"""Serving: several processes, trusted proxies, metrics, a stop that drops nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.directory import Directory
from bot.topics import Topics
from tests.conftest import Server, assert_carries_the_numbers
from tests.test_asgi import Line

PRESSED = b'{"topic": "harm"}'


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    running = Server(**settings)
    try:
        running.wait("/health/live", 20)
        yield running
    finally:
        running.stop()


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def press(server: Server, forwarded: str) -> int:
    """The status of a pressed button that came through proxies."""
    return server.post({"topic": "harm"}, X_Forwarded_For=forwarded).status


def until(holds, seconds: float = 30) -> None:
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it never came true"
        time.sleep(0.05)


def workers_of(server: Server) -> set[int]:
    pid = server._process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {
        int(child)
        for child in children
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()
    }


def test_nobody_may_name_his_own_address_where_no_proxy_is_trusted():
    with serving(RATE_LIMIT="1") as server:
        assert press(server, "192.0.2.1") == 200
        assert press(server, "192.0.2.2") == 429


def test_a_trusted_proxy_names_the_address_and_the_nearest_untrusted_one_counts():
    with serving(RATE_LIMIT="1", TRUSTED_PROXIES="127.0.0.1,198.51.100.0/24") as server:
        assert press(server, "192.0.2.1") == 200
        assert press(server, "192.0.2.1") == 429
        # A visitor who writes the header himself is found behind what he wrote.
        assert press(server, "203.0.113.9, 192.0.2.1") == 429
        # A second trusted proxy in between is passed over.
        assert press(server, "192.0.2.1, 198.51.100.7") == 429
        assert press(server, "192.0.2.2, 198.51.100.7") == 200
        # One that is not trusted counts as the visitor.
        assert press(server, "192.0.2.3, 203.0.113.1") == 200
        assert press(server, "192.0.2.4, 203.0.113.1") == 429


def test_the_numbers_stand_on_their_own_port_alone_and_name_no_visitor():
    port = free_port()
    with serving(METRICS_PORT=port) as server:
        server.post({"topic": "law_register", "force": "kent"})
        server.get("/answers/law_register?force=kent")
        server.ask("he is hurting my son right now")
        server.post(b"{")
        public = server.get("/metrics")
        said = metrics(port)

        assert public.status == 404 and "chat_requests" not in public.body
        assert_carries_the_numbers(public.text)
        # The button, and the emergency that looks like any other answer.
        assert 'chat_requests_total{route="chat",status="200"} 2.0' in said
        assert 'chat_requests_total{route="chat",status="400"} 1.0' in said
        assert 'chat_request_seconds_count{route="chat"} 3.0' in said
        assert "chat_engine_ready 0.0" in said and "chat_engine_loads_total" in said
        assert "chat_requests_waiting 0.0" in said
        own = "\n".join(line for line in said.splitlines() if "chat_" in line)
        named = [*Topics.read().by_key, *Directory.read().forces, "emergency", "127."]
        assert [name for name in named if re.search(rf"\b{name}", own)] == []


def test_without_the_setting_there_are_no_numbers():
    with serving() as server:
        before = listening(server._process.pid)

    assert len(before) == 1


def test_a_metrics_port_that_is_taken_stops_the_start_with_its_number(server):
    port = server.address.rsplit(":", 1)[1]
    second = Server(METRICS_PORT=port)

    second._process.wait(20)
    said = second.stop()
    assert "Cannot start" in said and port in said and "Traceback" not in said


def test_a_killed_process_comes_back_and_the_numbers_hold_all_processes():
    port = free_port()
    with serving(WORKERS="2", METRICS_PORT=port) as server:
        until(lambda: len(workers_of(server)) == 2)
        first = workers_of(server)
        for _ in range(20):
            assert server.post(PRESSED).status == 200
        until(lambda: 'route="chat",status="200"} 20.0' in metrics(port))

        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(workers_of(server) - first) == 1)

        assert len(workers_of(server) & first) == 1
        for _ in range(20):
            assert server.post(PRESSED).status == 200
        assert 'route="chat",status="200"} 40.0' in metrics(port)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stop_turns_readiness_off_first_and_goes_on_answering(workers):
    with serving(DRAIN_SECONDS="3", WORKERS=workers) as server:
        server._process.terminate()
        until(lambda: "stopping" in server.get("/health/ready").body)

        assert server.get("/health/ready").status == 503
        assert server.post(PRESSED).status == 200
        assert server._process.wait(20) == 0


def test_a_stop_lets_a_running_request_end():
    with serving() as server:
        line = Line(server.address, f"Content-Length: {len(PRESSED)}")
        line.send(PRESSED[:5])
        until(lambda: server.get("/health/live").status == 200)
        server._process.terminate()
        until(lambda: refuses(server))

        line.send(PRESSED[5:])
        status, body = line.read()
        assert status == 200 and '"topic":"harm"' in body


def test_no_core_is_dumped_and_nothing_names_the_server(server):
    limits = Path(f"/proc/{server._process.pid}/limits").read_text()

    assert re.search(r"Max core file size\s+0\s+0", limits)
    assert "Server" not in server.get("/").headers


def metrics(port: str) -> str:
    address = f"http://127.0.0.1:{port}/metrics"
    with urllib.request.urlopen(address, timeout=10) as found:
        return found.read().decode()


def refuses(server: Server) -> bool:
    try:
        server.get("/health/live")
    except OSError:
        return True
    return False


def listening(pid: int) -> set[str]:
    """The sockets of a process that wait for connections."""
    waiting = {
        line.split()[9]
        for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()
        if line.split()[3] == "0A"
    }
    links = (os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir())
    return {link for link in links if re.sub(r"\D", "", link) in waiting}
