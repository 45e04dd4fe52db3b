"""Addresses that lead nowhere, out of the folder, or to what other servers have."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from tests.attack.cases import DANGER, PRESSED, Case, get, post, said

PATHS = (
    "//", "/.", "/..", "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/",
    "/static/", "/static/..", "/static/../app.py", "/static/..%2f..%2fapp.py",
    "/static/%00", "/static/chat.js%00.png", "/static/chat.js/", "/static//chat.js",
    "/answers/", "/answers/nothing", "/answers/harm/", "/answers/%00", "/answers/..",
    "/answers/" + "a" * 4000, "/answers/%ff", "/answers/harm%0d%0aX-A:%20b",
    "/answers/{harm}", "/answers/{{7*7}}", "/answers/<script>", "/widget?force=narnia",
    "/widget?force=" + "k" * 5000, "/?force=kent&force=surrey", "/?force[]=kent", "/?%",
    "/?force=%ff", "/?" + "a&" * 3000, "/?" + "a=b;" * 300, "/embed-demo/narnia",
    "/embed-demo/", "/embed-9.9.9.js", "/embed-1.0.0.js/..", "/.env", "/.git/config",
    "/.well-known/", "/.well-known/security.txt/a", "/admin", "/metrics", "/docs",
    "/model", "/model/parse", "/conversations/a/tracker", "/domain", "/status",
    "/webhooks/", "/webhooks/rest/", "/webhooks/rest/webhook", "/webhooks/socketio/a",
    "/socket.io/?EIO=4", "/wp-login.php", "/cgi-bin/a", "/health", "/health/nothing",
    "/error.json", "/error.html", "/chat/", "/CHAT", "/chat%2f", "/chat;a=b", "/%63hat",
    "/chat?" + "a" * 2000, "/count/a", "*", "/\xe9", "/%c3%a9", "/a b", "/a\\b", "/a#b",
    "a", "", "http://a.example/", "http://a.example:1/chat", "https://[",
    "/" + "a" * 9000, "/" + "a/" * 2000, "/" + "%61" * 2000,
    "/favicon.ico/a", "/robots.txt/a",
)  # fmt: skip
# Danger in the address itself, where it is read too.
WITH_DANGER = f"/chat?message={quote_plus(DANGER)}"


def cases() -> Iterator[Case]:
    """Each address as a browser, a program and a form ask for it."""
    for path in PATHS:
        for method in ("GET", "HEAD"):
            yield Case(f"{method} {path[:30]!r}", get(path, method=method))
        yield Case(f"HTML {path[:30]!r}", get(path, "Accept: text/html"))
        yield Case(f"POST {path[:30]!r}", post(said(), path=path))
    yield Case("danger in the address", post(PRESSED, path=WITH_DANGER), True)
    yield Case("danger in the address alone", post(b"", path=WITH_DANGER), True)
