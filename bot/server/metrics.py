"""Numbers for the operators, in Prometheus format; nothing about a person.

They do not count topics, forces, emergencies or addresses: in a quiet hour such a count
would be one visitor.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import (
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    start_http_server,
)

from bot.chat.engine import Engine

# When something first happened is nobody's business.
disable_created_metrics()  # type: ignore[no-untyped-call]  # has no types

REQUESTS = Counter("chat_requests", "Requests answered.", ["route", "status"])
SECONDS = Histogram(
    "chat_request_seconds",
    "From the end of the headers to the end of the answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
WAITING = Gauge("chat_requests_waiting", "Requests not yet answered.")
READY = Gauge("chat_engines_ready", "Engines that answer typed messages.")
LOADS = Gauge("chat_engine_loads", "Times an engine has become ready.")


def route_of(path: str) -> str:
    """The name to count a path under; never the path, which can name a topic."""
    if path == "/chat":
        return "chat"
    return "health" if path.startswith("/health/") else "page"


# One for each route and status.
_seconds, _requests = cache(SECONDS.labels), cache(REQUESTS.labels)


@contextmanager
def request(path: str) -> Iterator[dict[str, int]]:
    """Counts and times one request; put its `status` into the dictionary."""
    route, answer = route_of(path), dict[str, int]()
    with WAITING.track_inprogress(), _seconds(route).time():
        try:
            yield answer
        finally:
            # 499 is nginx's number for a visitor who has gone.
            _requests(route, answer.get("status", 499)).inc()


def follow(engine: Engine) -> None:
    """From now on reads the engines' numbers whenever somebody asks."""
    READY.set_function(lambda: engine.number)
    LOADS.set_function(lambda: engine.loads)


def serve(host: str, port: int) -> None:
    """Serves the numbers in a thread; raises OSError."""
    start_http_server(port, host)
