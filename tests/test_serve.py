"""Serving: the two processes, trusted proxies, metrics, a stop that drops nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from bot import ROOT
from bot.chat.launch import PASSED_ON
from bot.words.directory import Directory
from bot.words.topics import Topics
from tests.conftest import (
    ENGINE,
    Server,
    assert_carries_the_numbers,
    refused,
    serving,
    until,
)
from tests.ports import free_port
from tests.test_guard import Line

PRESSED = b'{"topic": "harm"}'


def press(server: Server, forwarded: str) -> int:
    """The status of a pressed button that came through proxies."""
    return server.post({"topic": "harm"}, X_Forwarded_For=forwarded).status


def test_nobody_may_name_his_own_address_where_no_proxy_is_trusted():
    with serving(RATE_LIMIT="1", engine=False) as server:
        assert press(server, "192.0.2.1") == 200
        assert press(server, "192.0.2.2") == 429


def test_a_trusted_proxy_names_the_address_and_the_nearest_untrusted_one_counts():
    trusted = "127.0.0.1,198.51.100.0/24"
    with serving(RATE_LIMIT="1", TRUSTED_PROXIES=trusted, engine=False) as server:
        assert press(server, "192.0.2.1") == 200
        assert press(server, "192.0.2.1") == 429
        # A visitor who writes the header is found behind what they wrote.
        assert press(server, "203.0.113.9, 192.0.2.1") == 429
        # A second trusted proxy in between is passed over.
        assert press(server, "192.0.2.1, 198.51.100.7") == 429
        assert press(server, "192.0.2.2, 198.51.100.7") == 200
        # One that is not trusted counts as the visitor.
        assert press(server, "192.0.2.3, 203.0.113.1") == 200
        assert press(server, "192.0.2.4, 203.0.113.1") == 429


def test_the_numbers_are_only_on_their_own_port_and_name_no_visitor():
    port = free_port()
    with serving(METRICS_PORT=port, engine=False) as server:
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
        assert "chat_engines_ready 0.0" in said and "chat_engine_loads 0.0" in said
        assert "chat_requests_waiting 0.0" in said
        own = "\n".join(line for line in said.splitlines() if "chat_" in line)
        named = [*Topics.read().by_key, *Directory.read().forces, "emergency", "127."]
        assert [name for name in named if re.search(rf"\b{name}", own)] == []


def test_the_numbers_tell_of_the_engines_that_live():
    port = free_port()
    quick = ("tests.faulty_server", "quick", "hasty")
    with serving(module=quick, METRICS_PORT=port, ENGINES="2") as server:
        until(lambda: "chat_engines_ready 2.0" in metrics(port))
        assert "chat_engine_loads 2.0" in metrics(port)
        for engine in server.engines:
            os.kill(engine, signal.SIGKILL)
        until(lambda: "chat_engine_loads 4.0" in metrics(port))
        until(lambda: "chat_engines_ready 2.0" in metrics(port))


@pytest.mark.parametrize("setting", [{}, {"METRICS_PORT": "off"}])
def test_without_the_setting_there_are_no_numbers(setting):
    with serving(engine=False, **setting) as server:
        assert len(listening(server.pid)) == 1


def test_a_metrics_port_that_is_taken_stops_the_start_with_its_number(server):
    port = server.address.rsplit(":", 1)[1]

    assert port in refused(METRICS_PORT=port)


@pytest.mark.parametrize(
    ("name", "value"), [("METRICS_PORT", ""), ("HOST", ""), ("WORKERS", "2")]
)
def test_a_setting_that_says_nothing_or_is_gone_is_refused_by_name(name, value):
    assert f"{name}={value}" in refused(**{name: value})


def test_the_engine_inherits_no_port_no_password_and_leaves_no_core(server):
    [engine] = server.engines
    state = Path(f"/proc/{engine}")

    assert len(listening(server.pid)) == 1 and not listening(engine)
    limits = (state / "limits").read_text()
    assert re.search(r"Max core file size\s+0\s+0", limits)
    environment = (state / "environ").read_text().strip("\0").split("\0")
    names = {entry.split("=")[0] for entry in environment}
    assert names <= set(PASSED_ON)
    assert not names & {"COUNTS_URL", "REDIS_URL", "PORT"}
    command = (state / "cmdline").read_text().split("\0")
    assert command[1:3] == ["-m", "bot.engine.answer"]


def test_what_listens_holds_nothing_of_rasa(server):
    held = Path(f"/proc/{server.pid}/maps").read_text()

    assert ".venv/lib" in held or "uvloop" in held
    for name in ("rasa", "numpy", "tensorflow", "onnxruntime", "sklearn", "scipy"):
        assert f"/{name}" not in held


def test_what_reads_messages_holds_nothing_that_rasa_brings(server):
    [engine] = server.engines
    held = Path(f"/proc/{engine}/maps").read_text()

    assert "/onnxruntime" in held
    for name in ("tensorflow", "sklearn", "scipy", "grpc", "pymongo"):
        assert f"/{name}" not in held


@pytest.mark.parametrize("ended", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_engine_is_left_when_the_server_ends(ended):
    quick = ("tests.faulty_server", "quick")
    running = Server(module=quick)
    running.wait_until_ready()
    [engine] = running.engines
    os.kill(running.pid, ended)
    running._process.wait(20)

    until(lambda: not Path(f"/proc/{engine}").exists())
    if ended != signal.SIGKILL:
        assert not list(running.temporary.iterdir())
    running.stop()


def test_an_engine_that_was_started_beside_it_is_asked(tmp_path):
    with serving(engine=False) as server:
        path = server.temporary / "nobody.sock"
        command = [ENGINE, "-m", "bot.engine.answer", path]
        engine = subprocess.Popen(command, cwd=ROOT)
        try:
            server.wait_until_ready()
            answer = server.ask("is the helpline anonymous")
            assert answer.replies[0]["topic"] == "helpline_confidential"
        finally:
            engine.kill()
            engine.wait()


def test_a_folder_of_sockets_that_is_missing_is_refused_by_name():
    said = refused(ENGINE_SOCKETS="/no/such/folder/engine.sock")

    assert "ENGINE_SOCKETS" in said and "no folder /no/such/folder" in said


def test_a_stop_turns_readiness_off_first_and_goes_on_answering():
    with serving(DRAIN_SECONDS="1", engine=False) as server:
        server._process.terminate()
        until(lambda: server.state == "stopping")

        assert server.get("/health/ready").status == 503
        assert server.post(PRESSED).status == 200
        assert server._process.wait(20) == 0


def test_a_stop_lets_a_running_request_end():
    with serving(engine=False) as server:
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
