"""The body limit, the deadlines and the reply of last resort, around the Sanic app."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest

from bot.pages.error_page import ErrorPage
from bot.pages.pages import Pages
from bot.server import guard
from bot.server.guard import MOST_BYTES, MOST_READ, Guard
from bot.server.headers import HEADERS
from tests.conftest import (
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    serving,
)

PRESSED = b'{"topic": "harm"}'
URGENT = "he is hurting my son right now"


class Line:
    """A connection that sends what it likes, when it likes."""

    def __init__(self, address: str, *headers: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        lines = ["POST /chat HTTP/1.1", f"Host: {host}", *headers, "", ""]
        self.send("\r\n".join(lines).encode())

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def first_piece(self) -> bytes:
        """What has come when something has come."""
        with self._socket:
            return self._socket.recv(65536)

    def read(self) -> tuple[int, str]:
        """The status and the body, once the server has closed the connection."""
        received = b""
        while piece := self._socket.recv(65536):
            received += piece
        self._socket.close()
        head, _, body = received.decode().partition("\r\n\r\n")
        return int(head.split()[1]), body


@pytest.fixture(scope="module")
def hasty() -> Iterator[Server]:
    """A server that waits a second for a body."""
    faulty = ("tests.faulty_server", "hasty")
    with serving(module=faulty, engine=False) as running:
        yield running


def test_an_emergency_at_the_end_of_the_largest_body_is_read(server):
    frame = len(json.dumps({"message": URGENT}))
    filler = "la " * ((MOST_BYTES - frame) // 3)
    body = json.dumps({"message": filler + URGENT}).encode()
    assert MOST_BYTES - 3 < len(body) <= MOST_BYTES

    answer = server.post(body)

    assert answer.status == 200 and calls_999_first(answer.text)


def test_a_body_that_stops_halfway_is_answered_for_what_came(hasty):
    line = Line(hasty.address, "Content-Length: 5000")
    line.send(b'{"message": "' + URGENT.encode() + b" please help")
    other = Line(hasty.address, "Content-Length: 5000")
    other.send(b'{"message": "what is')

    status, body = line.read()  # after BODY_SECONDS

    assert status == 200 and "999" in body and "emergency" in body
    status, body = other.read()
    assert status == 408
    assert_carries_the_numbers(body)


def test_a_body_without_end_is_cut_off_with_a_reply(server):
    line = Line(server.address, "Transfer-Encoding: chunked")
    piece = b"x" * 100_000
    # One byte too many: who sends on after that may be cut off before he reads.
    for part in [piece] * (MOST_READ // len(piece)) + [b"x"]:
        line.send(b"%x\r\n%s\r\n" % (len(part), part))

    status, body = line.read()

    assert status == 413
    assert_carries_the_numbers(body)


@pytest.mark.parametrize(
    ("accept", "kind"), [("*/*", "application/json"), ("text/html", "text/html")]
)
async def test_an_app_that_fails_is_answered_for_with_the_numbers(
    answers, accept, kind
):
    async def fails(scope, receive, send):
        await receive()
        raise RuntimeError

    start, body = await guarded(fails, answers, accept)

    headers = dict(start["headers"])
    assert start["status"] == 503
    assert headers[b"content-type"].decode().startswith(kind)
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-security-policy" in headers
    assert_carries_the_numbers(body["body"].decode())


async def test_an_app_that_does_not_answer_is_answered_for(answers, monkeypatch):
    monkeypatch.setattr(guard, "ANSWER_SECONDS", 0.05)

    async def sleeps(scope, receive, send):
        await asyncio.Event().wait()

    start, body = await guarded(sleeps, answers, "*/*")

    assert start["status"] == 503
    assert_carries_the_numbers(body["body"].decode())


async def test_an_app_that_fails_in_its_answer_is_answered_for_as_a_whole(answers):
    async def breaks_off(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError

    start, body = await guarded(breaks_off, answers, "*/*")

    assert start["status"] == 503 and b"half" not in body["body"]
    assert_carries_the_numbers(body["body"].decode())


async def test_a_reply_in_pieces_is_sent_whole_and_with_its_length(answers):
    async def in_pieces(scope, receive, send):
        headers = [(b"content-type", b"text/plain"), (b"transfer-encoding", b"chunked")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece, more in ((b"the ", True), (b"whole", True), (b"", False)):
            message = {"type": "http.response.body", "body": piece}
            await send({**message, "more_body": more})

    start, body = await guarded(in_pieces, answers, "*/*")

    assert dict(start["headers"]) == {
        b"content-type": b"text/plain",
        b"content-length": b"9",
    }
    assert body["body"] == b"the whole" and not body.get("more_body")


def test_a_reply_is_written_at_once(server):
    """Or a process that is killed between two writes would leave half of it."""
    for _ in range(20):
        line = Line(server.address, f"Content-Length: {len(PRESSED)}")
        line.send(PRESSED)

        head, _, body = line.first_piece().partition(b"\r\n\r\n")
        assert b"200 OK" in head and json.loads(body)["replies"]


def test_every_reply_tells_its_length(server):
    for answer in (server.get("/"), server.ask("is it free"), server.get("/nothing")):
        assert "Transfer-Encoding" not in answer.headers
        assert int(answer.headers["Content-Length"]) > 0
    assert "Content-Length" not in server.get("/favicon.ico").headers


async def guarded(app, answers, accept: str) -> list[dict]:
    """What a visitor is sent, who posts a body to an app behind the guard."""
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        sent.append(message)

    page = ErrorPage.render(answers, Pages(answers))
    scope = {"type": "http", "path": "/chat", "headers": [(b"accept", accept.encode())]}
    await Guard(app, page, HEADERS)(scope, receive, send)
    return sent
