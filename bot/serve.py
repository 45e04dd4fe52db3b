"""Runs the server: checks everything, opens the port, hands it to uvicorn."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.supervisors import Multiprocess

from bot import embed, logs
from bot.settings import Settings
from bot.site import Site
from bot.without_tensorflow import keep_out_tensorflow

logger = logging.getLogger(__name__)


class Workers(Multiprocess):
    """uvicorn's processes; SIGHUP lets each read new content, and stops none."""

    def handle_hup(self) -> None:
        """Passes the signal on: uvicorn itself would start every process anew."""
        for process in self.processes:
            os.kill(process.pid, signal.SIGHUP)


def serve() -> None:
    """Checks all settings and data files, then serves until stopped.

    Raises:
        SystemExit: A setting or data file has a gap; the message says which and where.
    """
    try:
        settings = Settings.read(os.environ)
        site = Site.read(settings)
        keep_out_tensorflow()
    except ValueError as error:  # the errors of the modules that read files
        sys.exit(f"Cannot start: {error}")
    listener = _listen(settings)
    # uvicorn raises the signal once more when it has ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _metrics(settings):
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{settings.port}"
        if version := embed.version_of(site.embed_script, site.embed_versions):
            logger.info("embed.js %s %s", version, embed.integrity(site.embed_script))
        else:
            logger.info(
                "embed.js has changed since it was last released: run `make embed`"
            )
        logger.info("Open %s (typed questions once engine.ready)", address)
        logs.only_events()
        try:
            _run(settings, site, listener)
        finally:
            logger.info("server.stopped")


def worker() -> object:
    """The app of one process of several; uvicorn calls it."""
    logs.configure()
    logs.only_events()
    keep_out_tensorflow()
    settings = Settings.read(os.environ)
    return _guarded(settings, Site.read(settings))


def _guarded(settings: Settings, site: Site) -> object:
    # Imported late: PROMETHEUS_MULTIPROC_DIR must be set before the library is read.
    from bot import metrics
    from bot.app import create_app
    from bot.asgi import Guard
    from bot.error_page import ErrorPage
    from bot.headers import HEADERS

    metrics.forget_dead_processes()
    app = create_app(site, settings.drain_seconds)
    return Guard(app, ErrorPage.render(site.answers, site.pages), HEADERS)


def _run(settings: Settings, site: Site, listener: socket.socket) -> None:
    several = settings.workers > 1
    config = uvicorn.Config(
        "bot.serve:worker" if several else _guarded(settings, site),
        factory=several,
        workers=settings.workers,
        http="httptools",
        ws="none",  # Rasa pins a `websockets` that uvicorn cannot use
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        # What is being answered may end; longer than ANSWER_SECONDS of bot/asgi.py.
        timeout_graceful_shutdown=12,
        # A process that loads the model can be slow to say that it is alive.
        timeout_worker_healthcheck=10,
    )
    try:
        if several:
            Workers(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # Ctrl-C, after the last answer


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(
            (settings.host, settings.port), family=family, backlog=2048
        )
    except OSError as error:
        sys.exit(
            f"Cannot start on {settings.host}:{settings.port}: {error}. "
            "Set HOST or PORT."
        )


@contextmanager
def _metrics(settings: Settings) -> Iterator[None]:
    """Serves the numbers on METRICS_PORT, if it is set."""
    if settings.metrics_port is None:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        if settings.workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        from bot import metrics

        try:
            metrics.serve(settings.metrics_host, settings.metrics_port)
        except OSError as error:
            sys.exit(
                f"Cannot start the metrics on {settings.metrics_host}:"
                f"{settings.metrics_port}: {error}. Set METRICS_HOST or METRICS_PORT."
            )
        yield
