"""Names of other machines, and nonsense, instead of the server's name."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attack.cases import Case, said

HOSTS = (
    "", "a.example", "a.example:443", "127.0.0.2", "localhost", "[::1]", "[::1", "::",
    "127.0.0.1:99999", "127.0.0.1:x", "127.0.0.1, a.example", "a@127.0.0.1", "/", "*",
    "127.0.0.1/../a", "http://a.example/", "'\"<script>", "a" * 300, "a..example", ".",
    "xn--a", "0", "0x7f.1", "127.1", "\xe9.example", "a b", "%31%32%37.0.0.1",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Each name with a page and with an emergency; a browser only sends its own."""
    body = said()
    for host in HOSTS:
        for line in (
            "GET / HTTP/1.1",
            "GET http://a.example/ HTTP/1.1",
            "GET // HTTP/1.1",
        ):
            yield Case(f"{line} {host[:20]!r}", _with(line, host))
        length = f"Content-Length: {len(body)}"
        # nginx and the parser do not let every name through, so a refusal is right too.
        yield Case(
            f"POST {host[:20]!r}", _with("POST /chat HTTP/1.1", host, length) + body
        )
    yield Case("no host", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
    twice = b"Host: 127.0.0.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
    yield Case("two hosts", b"GET / HTTP/1.1\r\n" + twice)
    yield Case("HTTP/1.0 without a host", b"GET / HTTP/1.0\r\n\r\n")


def _with(line: str, host: str, *more: str) -> bytes:
    lines = [line, f"Host: {host}", *more, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")
