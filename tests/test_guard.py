"""The body limit, the deadlines and the last-resort reply, around the Sanic app."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from bot.chat.body import MOST_BYTES, Body
from bot.pages.error_page import ErrorPage
from bot.pages.pages import Pages
from bot.safety.long_text import AN_END, MOST
from bot.server import guard
from bot.server.guard import MOST_READ, Guard
from bot.server.headers import RAW
from bot.server.last_resort import LastResort
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
        """Sends the head of a message with some headers."""
        self._connect(address)
        lines = ["POST /chat HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        self.send("\r\n".join(lines).encode())

    @classmethod
    def to(cls, address: str) -> Line:
        """A line on which nothing has been said."""
        line = cls.__new__(cls)
        line._connect(address)
        return line

    def _connect(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def first_piece(self) -> bytes:
        """What has come when something has come."""
        with self._socket:
            return self._socket.recv(65536)

    def read_all(self) -> bytes:
        """All that comes until the server closes the connection."""
        received = b""
        with self._socket:
            while piece := self._socket.recv(65536):
                received += piece
        return received

    def read(self) -> tuple[int, str]:
        """The status and the body, once the server has closed the connection."""
        head, _, body = self.read_all().decode().partition("\r\n\r\n")
        return int(head.split()[1]), body


@pytest.fixture(scope="module")
def hasty() -> Iterator[Server]:
    """A server that waits a second for a body."""
    faulty = ("tests.faulty_server", "hasty")
    with serving(module=faulty, engine=False) as running:
        yield running


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_an_emergency_anywhere_in_the_largest_message_is_read(server, place):
    filler = "la " * ((MOST - len(URGENT)) // 3)
    cut = 3 * int(place * len(filler) / 3)
    message = f"{filler[:cut]}{URGENT} {filler[cut:]}"
    body = json.dumps({"message": message, "session": "0" * 64}).encode()
    assert MOST - 3 < len(message) and len(body) <= MOST_BYTES

    answer = server.post(body)

    assert answer.status == 200 and calls_999_first(answer.text)


@pytest.mark.parametrize("form", ["json", "form", "chunked"])
@pytest.mark.parametrize("first", [True, False])
def test_of_a_longer_body_both_ends_are_read(server, form, first):
    filler = "la " * 300_000
    typed = f"{URGENT} {filler}" if first else f"{filler} {URGENT}"
    if form == "form":
        answer = server.post(
            urlencode({"message": typed, "force": "kent"}).encode(),
            Content_Type="application/x-www-form-urlencoded",
            Accept="application/json",
        )
    elif form == "json":
        answer = server.ask(typed, force="kent")
    else:
        line = Line(server.address, "Transfer-Encoding: chunked", "Connection: close")
        body = json.dumps({"message": typed}).encode()
        line.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        status, said = line.read()
        assert status == 200 and calls_999_first(json.loads(said)["replies"][0]["text"])
        return

    assert answer.status == 200 and calls_999_first(answer.text)


def test_a_body_that_is_too_long_is_refused_with_the_numbers(server):
    refused = server.post(json.dumps({"message": "la " * 30_000}).encode())

    assert refused.status == 413
    assert_carries_the_numbers(refused.text)


@pytest.mark.parametrize("piece", [1_000, 16_384, 65_536, 1_000_000])
def test_no_more_of_a_body_is_kept_than_is_read(piece):
    sent = bytes(range(256)) * 4_000
    found = Body()
    for start in range(0, len(sent), piece):
        found.add(sent[start : start + piece])

    first, gap, last = sent[:AN_END], b"\n\n", sent[-AN_END:]
    assert found.too_long and found.read() == first + gap + last


def test_a_body_up_to_the_limit_is_read_as_it_is():
    found = Body()
    found.add(b"a" * MOST_BYTES)

    assert not found.too_long and found.read() == b"a" * MOST_BYTES
    found.add(b"b")
    assert found.too_long and found.read().endswith(b"ab")


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
    # One byte too many: a client that keeps sending may be cut off before it reads.
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
        **dict(RAW),
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
    packed = {"Accept_Encoding": "gzip"}
    for answer in (
        server.get("/"),
        server.get("/", **packed),
        server.get("/answers", **packed),
        server.get("/static/chat.js"),
        server.get("/static/chat.js", **packed),
        server.get("/embed.js", **packed),
        server.get("/health/ready"),
        server.get("/nothing"),
        server.get("/static/nothing"),
        server.ask("is it free"),
        server.post(b"message=is+it+free", Content_Type="form", **packed),
        server.send("PUT", "/chat", b""),
        server.post(b"x" * 100_000),
    ):
        assert "Transfer-Encoding" not in answer.headers
        assert int(answer.headers["Content-Length"]) > 0
    assert "Content-Length" not in server.get("/favicon.ico").headers


HEAD = b"Host: a\r\nConnection: close\r\n"
# What cannot be parsed as HTTP, each in its own way.
NO_REQUESTS = {
    "a path of raw UTF-8": b"GET /\xc3\xa9 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a query of raw UTF-8": b"GET /?a=\xc3\xa9 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "an unknown method": b"FOO / HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a method in small letters": b"get / HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a tunnel": b"CONNECT a:443 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a path without a slash": b"GET x HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HEAD + b"x\r\n\r\n",
    "a space in a header": b"GET / HTTP/1.1\r\n" + HEAD + b"a b: c\r\n\r\n",
    "a zero byte in a header": b"GET / HTTP/1.1\r\n" + HEAD + b"a: \0\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HEAD + b"a: b\r\n  c\r\n\r\n",
    "lines without CR": b"GET / HTTP/1.1\nHost: a\nConnection: close\n\n",
    "another version": b"GET / HTTP/9.9\r\n" + HEAD + b"\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303") + bytes(200),
    "SSH": b"SSH-2.0-a\r\n",
    "no HTTP at all": b"garbage\r\n\r\n",
    "two lengths": b"POST /chat HTTP/1.1\r\n" + HEAD
    + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a length and pieces": b"POST /chat HTTP/1.1\r\n" + HEAD
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length below zero": b"POST /chat HTTP/1.1\r\n" + HEAD
    + b"Content-Length: -5\r\n\r\n",
    "a piece without a length": b"POST /chat HTTP/1.1\r\n" + HEAD
    + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an unknown encoding": b"POST /chat HTTP/1.1\r\n" + HEAD
    + b"Transfer-Encoding: gzip\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", list(NO_REQUESTS))
def test_what_is_no_request_is_answered_with_the_numbers(young, name):
    status, headers, body = sent(young, NO_REQUESTS[name])

    assert status == 400
    assert headers["content-type"] == "application/json"
    assert headers["content-length"] == str(len(body.encode()))
    assert "content-security-policy" in headers and "server" not in headers
    assert_carries_the_numbers(json.loads(body)["replies"][0]["text"])


def test_a_browser_is_answered_with_a_page(young):
    accept = b"Accept: text/html,*/*\r\n\r\n"
    for request in (b"GET /\xc3\xa9 HTTP/1.1\r\n", b"GET / HTTP/1.1\r\na b: c\r\n"):
        status, headers, body = sent(young, request + HEAD + accept)

        assert status == 400 and headers["content-type"].startswith("text/html")
        assert_carries_the_numbers(body)


@pytest.mark.parametrize("size", [100_000, 2_000_000])
@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"X" * 9])
def test_endless_headers_are_cut_off_with_the_numbers(young, start, size):
    """The server does not read for ever; its reply arrives before the rest does."""
    status, _, body = sent(young, start + b"a" * size + b"\r\n\r\n")

    assert status in (400, 431)
    assert_carries_the_numbers(body)


def test_a_body_that_breaks_off_in_nonsense_is_answered_once(young):
    good = b"POST /chat HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    line = Line.to(young.address)
    line.send(good + b"2\r\n{}\r\n")
    line.send(b"zz\r\n")

    said = line.read_all()
    assert said.count(b"HTTP/1.1 ") == 1 and said.startswith(b"HTTP/1.1 400 ")
    assert_carries_the_numbers(said.decode())
    assert young.get("/health/live").status == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/answers", "/answers/harm", "/widget", "/embed.js", "/static/chat.js",
     "/health/live", "/health/ready", "/sitemap.xml", "/privacy", "/nothing",
     "/favicon.ico", "/chat"],
)  # fmt: skip
def test_head_is_answered_as_get_without_a_body(young, path):
    for coding in ("identity", "gzip"):
        asked = young.send("HEAD", path, None, Accept_Encoding=coding)
        got = young.send("GET", path, None, Accept_Encoding=coding)
        for answer in (asked, got):
            answer.headers.pop("Date", None)

        assert asked.status == got.status and asked.body == ""
        # The token in a page is new each time, and packs differently.
        if coding == "identity":
            assert asked.headers == got.headers


@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.0"])
def test_who_would_rather_speak_another_protocol_is_read_all_the_same(young, protocol):
    """Java's client asks for HTTP/2 in every first request."""
    body = json.dumps({"message": URGENT}).encode()
    line = Line(
        young.address,
        "Connection: Upgrade, HTTP2-Settings",
        f"Upgrade: {protocol}",
        "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
        f"Content-Length: {len(body)}",
    )
    line.send(body)

    said = line.first_piece()
    assert said.startswith(b"HTTP/1.1 200 ") and b"emergency" in said


def test_a_request_of_http_1_0_is_answered(young):
    status, _, body = sent(young, b"GET /answers HTTP/1.0\r\n\r\n")

    assert status == 200
    assert_carries_the_numbers(body)


def sent(server: Server, request: bytes) -> tuple[int, dict[str, str], str]:
    """What comes back for some bytes."""
    line = Line.to(server.address)
    line.send(request)
    head, _, body = line.read_all().decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return int(first.split()[1]), dict(each.split(": ", 1) for each in lines), body


async def guarded(app, answers, accept: str) -> list[dict]:
    """What a visitor gets who posts a body to an app behind the guard."""
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        sent.append(message)

    page = ErrorPage.render(answers, Pages(answers))
    headers = [(b"accept", accept.encode())]
    scope = {"type": "http", "method": "POST", "path": "/chat", "headers": headers}
    await Guard(app, LastResort(page))(scope, receive, send)
    return sent
