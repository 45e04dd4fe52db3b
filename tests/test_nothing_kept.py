"""Nothing a visitor typed is kept: not in the output, not in a file, not on a page.

A real server process is made as talkative as possible, and is then asked, broken and
killed. Its home, its temporary folder and the project belong to the test.
"""

from __future__ import annotations

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from tests.conftest import Server

MARK = "quokka"
# Where a page gives a visitor back what had no answer: tests/test_typed_again.py.
FIELD = re.compile(r"<textarea[^>]*>.*?</textarea>", re.S)
MARKED = f"my neighbour feeds a {MARK} in the garden"
URGENT = f"he is hurting the {MARK} boy right now"
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PAGE = {"Accept": "text/html"}
LOUD = {
    "LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "TF_CPP_MIN_LOG_LEVEL": "0",
    "TF_CPP_MAX_VLOG_LEVEL": "3", "PYTHONASYNCIODEBUG": "1", "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "always", "RASA_TELEMETRY_ENABLED": "true",
    "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


class Watched:
    """A talkative server with a talkative engine, and everywhere they could write."""

    def __init__(self, project: Path, engine: bool = True, **settings: str) -> None:
        self.top = project.parent
        (self.top / "home").mkdir()
        folders = {
            "HOME": str(self.top / "home"),
            "COUNTS_URL": f"sqlite:///{self.top}/counts.sqlite",
        }
        module = ("tests.faulty_server", "loud")
        self.server = Server(
            project, module, engine, ["loud"], **LOUD, **folders, **settings
        )
        self.server.wait("/health/live", 20)
        self.bodies: list[str] = []

    def until_ready(self) -> None:
        self.server.wait_until_ready()

    def post(self, body: object, **headers: str) -> None:
        self.bodies.append(self.server.post(body, **headers).body)

    def ask(self, text: str) -> None:
        """Asks for JSON and for a page."""
        self.post({"message": text})
        self.post({"message": text}, **PAGE)

    def files(self) -> dict[Path, bytes]:
        return {
            path: path.read_bytes()
            for folder in (self.top, self.server.temporary)
            for path in folder.rglob("*")
            if path.is_file()
        }

    def end(self, signalled: int | None = None) -> str:
        """Ends the process; returns what it wrote."""
        if signalled:
            os.kill(self.server._process.pid, signalled)
            self.server._process.wait(20)
        return self.server.stop()


def assert_kept_nothing(watched: Watched, before: dict, written: str) -> None:
    after = watched.files()
    # The counts hold a day, an event, a topic and a force; the rest is bytecode.
    new = {path.name for path in set(after) - set(before) if path.suffix != ".pyc"}
    assert new <= {"counts.sqlite", "counts.sqlite-journal"}
    for path, content in after.items():
        assert MARK.encode() not in content.lower(), path
    assert MARK not in written.lower()
    for body in watched.bodies:
        assert MARK not in FIELD.sub("", body).lower()


def everything(watched: Watched) -> None:
    """Every way in which a message can go."""
    for text in (MARKED, URGENT):
        watched.ask(text)
        watched.ask(f"/{text}")
        watched.ask(f'/{MARK}{{"{MARK}": "{text}"}}')
        watched.ask(f"\x00\u200b{text}")
        watched.ask(f"{text} {{{MARK}.phone}} %s %(x)s")
        watched.ask(text + " la" * 5_000)
        watched.ask(text + " la" * 500_000)
        watched.ask(f"the part breaks {text}")
        watched.post(f"message={text.replace(' ', '+')}".encode(), **FORM)
        watched.post(f"message=%zz&topic=&{text}".encode(), **FORM)
        watched.post(f'{{"message": "{text}'.encode())
        watched.post(f'["{text}"]'.encode())
        watched.post({"message": {"text": text}})
        watched.post({"topic": text, "session": text, "message": text})
        watched.post({"message": text, "session": text})
        watched.post(f"--{MARK}".encode(), Content_Type=f"multipart/{MARK}")


def test_nothing_typed_is_kept_whatever_is_sent(project):
    watched = Watched(project)
    watched.until_ready()
    before = watched.files()
    everything(watched)
    page = watched.server.get(f"/answers/{MARK}?{MARK}={MARK}")
    watched.bodies.append(page.body)
    send_raw(watched.server, f"POST /chat HTTP/1.1\r\n{MARK}\r\n\r\n{MARKED}".encode())
    send_raw(watched.server, f"{MARKED}\r\n\r\n".encode())

    for fault in ("the part talks nonsense", "the process dies"):
        watched.ask(f"{fault}, {MARKED}")
        watched.until_ready()
    stick = watched.server.fault("stick")
    stick.touch()
    watched.ask(f"the part sticks, {URGENT}")
    watched.post({"message": f"the part sticks, {MARKED}"})
    stick.unlink()
    watched.until_ready()
    watched.ask(MARKED)

    assert_kept_nothing(watched, before, watched.end())


@pytest.mark.parametrize("signalled", [signal.SIGSEGV, signal.SIGABRT, signal.SIGINT])
def test_nothing_typed_is_kept_by_a_server_that_is_killed(project, signalled):
    """Without an engine; with a limit that is passed at once."""
    watched = Watched(project, engine=False, RATE_LIMIT="3")
    before = watched.files()
    for text in (MARKED, URGENT):
        watched.ask(text)
        watched.post(f"message={text}".encode(), **FORM)

    assert_kept_nothing(watched, before, watched.end(signalled))


def test_a_crash_of_either_process_may_leave_no_picture_of_the_memory(server):
    for pid in (server.pid, *server.engines):
        limits = Path(f"/proc/{pid}/limits").read_text()
        [core] = [line for line in limits.splitlines() if "core file" in line]
        assert core.split()[4:6] == ["0", "0"]


def send_raw(server: Server, raw: bytes) -> None:
    """Sends what no HTTP client would, and reads what comes back."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as sent:
        sent.sendall(raw)
        assert MARK.encode() not in sent.recv(100_000)
