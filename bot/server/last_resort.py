"""The reply that does not need the app: it is made when the server starts."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from bot.pages.error_page import ErrorPage
from bot.server.headers import RAW

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class LastResort:
    """One page with the numbers, and the headers that every response carries."""

    page: ErrorPage

    def reply(self, html: bool) -> tuple[Headers, bytes]:
        """The headers and the body, as a page or as JSON."""
        kind = b"text/html; charset=utf-8" if html else b"application/json"
        own = [(b"cache-control", b"no-store"), (b"content-type", kind)]
        return [*RAW, *own], self.page.html if html else self.page.json

    def written_out(self, status: HTTPStatus, html: bool) -> bytes:
        """The reply, in bytes, to what is not a request; it ends the connection."""
        headers, body = self.reply(html)
        length = (b"content-length", str(len(body)).encode())
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}".encode(),
            *(b"%s: %s" % header for header in (*headers, length)),
            b"connection: close",
        ]
        return b"\r\n".join([*lines, b"", body])
