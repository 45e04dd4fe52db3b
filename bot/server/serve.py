"""Runs the server: checks everything, opens the port, hands it to uvicorn."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from functools import partial

import uvicorn

from bot import freed, logs
from bot.chat.aside import prefer_the_loop
from bot.pages import embed
from bot.pages.error_page import ErrorPage
from bot.server import metrics
from bot.server.app import create_app
from bot.server.bad_request import AnsweringAll
from bot.server.guard import Guard
from bot.server.last_resort import LastResort
from bot.server.site import Site
from bot.settings import Settings

logger = logging.getLogger(__name__)


def serve() -> None:
    """Checks all settings and data files, then serves until stopped.

    Raises:
        SystemExit: A setting or data file has a gap; the message says which and where.
    """
    try:
        settings = Settings.read(os.environ)
        site = Site.read(settings)
    except (ValueError, OSError) as error:  # raised by the modules that read files
        sys.exit(f"Cannot start: {error}")
    listener = _listen(settings)
    _serve_metrics(settings)
    # uvicorn raises the signal again when it has ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    if version := embed.version_of(site.embed_script, site.embed_versions):
        logger.info("embed.js %s %s", version, embed.integrity(site.embed_script))
    else:
        logger.info("embed.js has changed since it was last released: run `make embed`")
    logger.info("Open %s (typed questions once engine.ready)", address)
    logs.only_events()
    freed.leave_nothing_in_it()
    prefer_the_loop()
    try:
        _run(settings, site, listener)
    except KeyboardInterrupt:
        pass  # Ctrl-C, after the last answer
    finally:
        logger.info("server.stopped")


def _run(settings: Settings, site: Site, listener: socket.socket) -> None:
    app = create_app(site, settings.drain_seconds)
    last_resort = LastResort(ErrorPage.render(site.answers, site.pages))
    config = uvicorn.Config(
        Guard(app, last_resort),
        http=partial(AnsweringAll, last_resort),  # type: ignore[arg-type] # makes one
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        # Lets requests in progress finish; longer than ANSWER_SECONDS in guard.py.
        timeout_graceful_shutdown=12,
    )
    uvicorn.Server(config).run(sockets=[listener])


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


def _serve_metrics(settings: Settings) -> None:
    """Serves the numbers on METRICS_PORT, if it is set."""
    if settings.metrics_port is None:
        return
    try:
        metrics.serve(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        sys.exit(
            f"Cannot start the metrics on {settings.metrics_host}:"
            f"{settings.metrics_port}: {error}. Set METRICS_HOST or METRICS_PORT."
        )
