"""The body limit, the deadlines and the reply of last resort, around the Sanic app."""

from __future__ import annotations

import json
import socket

import pytest

from bot.asgi import BODY_SECONDS, MOST_BYTES, MOST_READ, Guard
from bot.error_page import ErrorPage
from bot.headers import HEADERS
from bot.pages import Pages
from tests.conftest import assert_carries_the_numbers, calls_999_first

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

    def read(self) -> tuple[int, str]:
        """The status and the body, once the server has closed the connection."""
        received = b""
        while piece := self._socket.recv(65536):
            received += piece
        self._socket.close()
        head, _, body = received.decode().partition("\r\n\r\n")
        return int(head.split()[1]), body


def test_an_emergency_at_the_end_of_the_largest_body_is_read(server):
    frame = len(json.dumps({"message": URGENT}))
    filler = "la " * ((MOST_BYTES - frame) // 3)
    body = json.dumps({"message": filler + URGENT}).encode()
    assert MOST_BYTES - 3 < len(body) <= MOST_BYTES

    answer = server.post(body)

    assert answer.status == 200 and calls_999_first(answer.text)


def test_a_body_that_stops_halfway_is_answered_for_what_came(server):
    line = Line(server.address, "Content-Length: 5000")
    line.send(b'{"message": "' + URGENT.encode() + b" please help")
    other = Line(server.address, "Content-Length: 5000")
    other.send(b'{"message": "what is')

    status, body = line.read()  # after BODY_SECONDS

    assert BODY_SECONDS <= 10  # or this test is too slow
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

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    sent = []

    async def send(message):
        sent.append(message)

    guard = Guard(fails, ErrorPage.render(answers, Pages(answers)), HEADERS)
    scope = {"type": "http", "path": "/chat", "headers": [(b"accept", accept.encode())]}
    await guard(scope, receive, send)

    start, body = sent
    headers = dict(start["headers"])
    assert start["status"] == 503
    assert headers[b"content-type"].decode().startswith(kind)
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-security-policy" in headers
    assert_carries_the_numbers(body["body"].decode())
