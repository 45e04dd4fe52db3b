"""Headers that are long, many, foreign or wrong, with an emergency behind them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attack.cases import JSON, Case, get, post, said

# With each of these an emergency is read.
BORNE = (
    "Accept: ", "Accept: */*;q=x", "Accept: text/html;q=0", "Accept: image/png",
    "Accept-Encoding: gzip, br, zebra", "Accept-Encoding: ;;;", "Accept-Language: xx",
    "Authorization: Bearer a", "Cookie: a=b; c", "Cookie: " + "a" * 4000,
    "Expect: 100-continue", "Forwarded: for=a", "If-Match: *", "If-None-Match: *",
    "If-Modified-Since: yesterday", "Range: bytes=0-1", "Range: bytes=9-1,-,x",
    "Referer: http://[", "Origin: https://a.example", "Origin: null", "Origin: http://[",
    "TE: trailers", "Trailer: a", "Upgrade: websocket", "User-Agent: ",
    "Via: 1.1 a", "X-Forwarded-For: a, b,, ::1, 1.2.3.4.5", "X-Forwarded-For: ",
    "X-Forwarded-Host: a.example", "X-Forwarded-Proto: gopher", "X-Real-IP: 127.0.0.1",
    "X-HTTP-Method-Override: DELETE", "X-Original-URL: /admin", "Sec-Fetch-Site: x",
    "Content-Encoding: identity", "Content-Language: zz", "Content-Range: bytes 0-1/2",
    "Content-Disposition: attachment", "Content-Location: /nothing", "X-A: \xe9\xff",
    "Accept: application/json\r\nAccept: text/html", "Early-Data: 1", "DNT: 1",
)  # fmt: skip
# These may be refused.
REFUSED = (
    "X-A: " + "a" * 9_000, "X-A: " + "a" * 70_000, "\r\n".join(["X-A: b"] * 300),
    "\r\n".join(f"X-{n}: " + "c" * 200 for n in range(500)), "X-A: \x00",
    "X-A: \x01\x02",
    ": no name", "no colon", "X A: b", "X-A : b", " X-A: b", "\tX-A: b", "(a): b",
    "Connection: Transfer-Encoding",
    "HTTP2-Settings: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings",
)  # fmt: skip
KINDS = (
    "", "a", "application/json; charset=utf-16", "application/json;;;=", "text/plain",
    "application/xml", "image/png", "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/x-www-form-urlencoded; charset=x", "a" * 2000, "/", "*/*",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Each header with an emergency and with a page."""
    for header in BORNE:
        yield Case(f"POST {header[:30]!r}", post(said(), JSON, header), True)
        yield Case(f"GET {header[:30]!r}", get("/", header))
    for header in REFUSED:
        yield Case(f"POST {header[:30]!r}", post(said(), JSON, header))
        yield Case(f"GET {header[:30]!r}", get("/", header))
    for kind in KINDS:
        yield Case(f"Content-Type {kind[:30]!r}", post(said(), kind), True)
