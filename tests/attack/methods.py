"""Every HTTP method, and some that do not exist, at every kind of path."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attack.cases import DANGER, Case, get, post, said

METHODS = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    "PROPFIND", "MKCOL", "LOCK", "SEARCH", "PURGE", "FOO", "get", "P0ST", "X" * 300,
)  # fmt: skip
PATHS = ("/", "/chat", "/count", "/answers", "/widget", "/embed.js", "/nothing")


def cases() -> Iterator[Case]:
    """Each method at each path, with and without a body."""
    for method in METHODS:
        for path in PATHS:
            yield Case(f"{method[:9]} {path}", get(path, method=method))
            if method not in ("GET", "HEAD"):
                sent = post(said(DANGER), path=path, of=method)
                right = (method, path) == ("POST", "/chat")
                yield Case(f"{method[:9]} {path} with a body", sent, right)
