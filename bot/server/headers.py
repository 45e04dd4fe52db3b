"""The headers that every response carries."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.pages.assets import ASSETS, asset

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": POLICY + "'none'",
    # `no-referrer` would make the form without JavaScript post `Origin: null`.
    "Referrer-Policy": "same-origin",
    # A page that opened this one, or that loads from it, learns nothing about it.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Never the chat; an answer's page drops this header once all five have signed it.
    "X-Robots-Tag": "noindex",
}
# In the form in which they are sent.
RAW = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
INDEXABLE = {"X-Robots-Tag": "all"}


def framed_by(ancestors: tuple[str, ...]) -> dict[str, str]:
    """The policy of a page that may be shown inside another website's."""
    return {"Content-Security-Policy": POLICY + " ".join(ancestors)}


def missing(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those of `HEADERS` that a response has not set itself."""
    own = {name.lower() for name, _ in headers}
    return [header for header in RAW if header[0] not in own]


async def set_caching(request: Request, response: BaseHTTPResponse) -> None:
    """Says how long a response may be kept, if it does not say so itself."""
    response.headers.setdefault("Cache-Control", _caching(request, response))


def _caching(request: Request, response: BaseHTTPResponse) -> str:
    # An error carries a new session, wherever it happens.
    if not request.path.startswith("/static/") or response.status >= 400:
        return "no-store"
    # While machines are updated one by one, an older one may be asked for a newer file.
    name = request.path.removeprefix("/static/")
    current = name in ASSETS and f"{request.path}?{request.query_string}" == asset(name)
    return "public, max-age=31536000, immutable" if current else "no-cache"
