"""Bytes that are not HTTP, or whose length, pieces and end are unclear."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attack.cases import HOST, PRESSED, Case, get, said
from tests.test_guard import NO_REQUESTS

HEAD = f"POST /chat HTTP/1.1\r\n{HOST}Connection: close\r\n".encode()
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = said()


def pieces(body: bytes, size: int, mark: bytes = b"") -> bytes:
    """A body in pieces of a size, each with a `mark` behind its length."""
    cut = [body[start : start + size] for start in range(0, len(body), size)]
    sent = b"".join(b"%x%s\r\n%s\r\n" % (len(each), mark, each) for each in cut)
    return sent + b"0\r\n\r\n"


def cases() -> Iterator[Case]:
    """Each wrong frame, and rare but correct ones, with danger in these."""
    for name, sent in NO_REQUESTS.items():
        yield Case(name, sent)
    for size in (1, 2, 7, 1000):
        yield Case(f"pieces of {size}", CHUNKED + pieces(BODY, size), True)
    yield Case("pieces with a mark", CHUNKED + pieces(BODY, 9, b";a=b"), True)
    big = said().ljust(100_000)
    yield Case("long pieces", CHUNKED + pieces(big, 30_000), True)
    for name, length in {
        "a length with a plus": b"+%d" % len(BODY),
        "a length in hex": b"0x%x" % len(BODY),
        "a list of lengths": b"%d, %d" % (len(BODY), len(BODY)), "no number": b"",
        "a length beyond all": b"9" * 40, "a length and a space": b"%d 0" % len(BODY),
        "zeros before": b"000%d" % len(BODY), "too short": b"5",
    }.items():  # fmt: skip
        yield Case(name, HEAD + b"Content-Length: " + length + b"\r\n\r\n" + BODY)
    for coding in (
        b"Chunked",
        b"chunked, chunked",
        b"identity",
        b"chunked;a",
        b"\x0bchunked",
    ):
        sent = HEAD + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + pieces(BODY, 9)
        yield Case(f"encoding {coding.decode()!r}", sent)
    yield Case(
        "a request in a body", HEAD + b"Content-Length: 18\r\n\r\n" + PRESSED + get()
    )
    yield Case("an empty line first", b"\r\n" + HEAD
               + b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY), True)  # fmt: skip
    yield Case("many empty lines", b"\r\n" * 500 + get())
    yield Case("only zeros", bytes(500) + b"\r\n\r\n")
    yield Case("every byte", bytes(range(256)) * 4 + b"\r\n\r\n")
    yield Case("a line without end", b"G" * 100_000 + b"\r\n\r\n")
