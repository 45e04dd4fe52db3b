"""Numbers for those who run the bot, in Prometheus's form; nothing about a person.

No topic, force, emergency or address is counted here: in a quiet hour such a count
would be one visitor. To be imported only after `bot.serve` has set
PROMETHEUS_MULTIPROC_DIR, which the library reads when it is imported.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    multiprocess,
    start_http_server,
)

from bot.engine import Engine

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's name for it
WATCH_SECONDS = 1.0
# When something first happened is nobody's business.
disable_created_metrics()

REQUESTS = Counter("chat_requests", "Requests answered.", ["route", "status"])
SECONDS = Histogram(
    "chat_request_seconds",
    "From the end of the headers to the end of the answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
WAITING = Gauge(
    "chat_requests_waiting", "Requests not yet answered.", multiprocess_mode="livesum"
)
READY = Gauge(
    "chat_engine_ready",
    "Processes whose model answers typed messages.",
    multiprocess_mode="livesum",
)
LOADS = Counter("chat_engine_loads", "Times a model has become ready.")


def route_of(path: str) -> str:
    """What a path is counted under; never the path, which can name a topic."""
    if path == "/chat":
        return "chat"
    return "health" if path.startswith("/health/") else "page"


@contextmanager
def request(path: str) -> Iterator[dict[str, int]]:
    """Counts and times one request; put its `status` into the dictionary."""
    route, answer = route_of(path), dict[str, int]()
    with WAITING.track_inprogress(), SECONDS.labels(route).time():
        try:
            yield answer
        finally:
            # 499 is nginx's number for a visitor who has gone.
            REQUESTS.labels(route, answer.get("status", 499)).inc()


async def watch(engine: Engine) -> None:
    """Follows whether the engine is ready, until cancelled."""
    was_ready = False
    while True:
        if engine.ready and not was_ready:
            LOADS.inc()
        was_ready = engine.ready
        READY.set(was_ready)
        await asyncio.sleep(WATCH_SECONDS)


def forget_dead_processes() -> None:
    """Drops what killed workers left, so that they do not count as ready."""
    folder = Path(os.environ.get(FOLDER, os.devnull))
    for left in folder.glob("gauge_live*_*.db"):
        pid = int(re.findall(r"\d+", left.name)[-1])
        if not Path(f"/proc/{pid}").exists():
            multiprocess.mark_process_dead(pid)


def serve(host: str, port: int) -> None:
    """Serves the numbers of all processes in a thread; raises OSError."""
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    start_http_server(port, host, registry)
