"""The web server: opens the port first, loads the model behind it, always answers."""

from __future__ import annotations

import logging
import os
import socket
import sys

from sanic import Sanic

from bot import embed
from bot.answers import Answers
from bot.compression import compress
from bot.conversation import Conversation
from bot.counts import Counts
from bot.engine import Engine
from bot.exchange import MOST_BYTES
from bot.headers import add_headers
from bot.limits import Limits
from bot.origins import Origins
from bot.pages import WEB, Pages
from bot.routes.chat import chat
from bot.routes.count import count
from bot.routes.embed import embed as embed_routes
from bot.routes.errors import failed
from bot.routes.health import health
from bot.routes.pages import pages
from bot.routes.rasa_rest import rasa_rest, switched_on
from bot.safety_net import SafetyNet
from bot.site import Site
from bot.without_tensorflow import keep_out_tensorflow

logger = logging.getLogger(__name__)


def create_app(site: Site) -> Sanic:
    """Builds the server; the engine begins to load once the port is open."""
    app = Sanic("signposting", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 8 * MOST_BYTES
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.site = site
    app.static("/static", WEB / "static")
    app.blueprint([chat, count, pages, embed_routes, health])
    if site.speaks_rasa:
        app.blueprint(rasa_rest)
    app.exception(Exception)(failed)
    app.on_response(add_headers)
    app.on_response(compress)

    @app.after_server_start
    async def load(*_: object) -> None:
        keep_out_tensorflow()
        site.engine.start()
        site.counts.start()

    @app.after_server_stop
    async def stop(*_: object) -> None:
        site.counts.stop()

    return app


def read_site() -> Site:
    """Reads every file that a visitor's page or answer is made of.

    Raises:
        ValueError: A file or setting has a gap; the message says which and where.
    """
    answers, engine = Answers.read(), Engine()
    return Site(
        answers=answers,
        conversation=Conversation(answers, SafetyNet.read(), engine),
        engine=engine,
        counts=Counts.from_setting(os.environ.get("COUNTS_URL"), answers),
        limits=Limits.from_setting(os.environ.get("RATE_LIMIT")),
        pages=Pages(answers),
        origins=Origins(answers.directory),
        embed_script=embed.compose(answers),
        embed_versions=embed.released(),
        speaks_rasa=switched_on(),
    )


def serve() -> None:
    """Checks all data files, then serves until stopped.

    Raises:
        SystemExit: A data file or setting has a gap; the message says which and where.
    """
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8080")
    if not port.isdigit():
        sys.exit(f"Cannot start: PORT={port} is not a number, such as 8080.")
    try:
        site = read_site()
    except ValueError as error:  # the errors of the modules that read files
        sys.exit(f"Cannot start: {error}")
    app = create_app(site)
    try:
        # Sanic would only write to its log, which is silent, that it cannot listen.
        socket.create_server((host, int(port))).close()
    except (OSError, OverflowError) as error:
        sys.exit(f"Cannot start on {host}:{port}: {error}. Set HOST or PORT.")
    logger.info("embed.js %s", embed.describe(site.embed_script, site.embed_versions))
    logger.info("Open http://%s:%s (typed questions once engine.ready)", host, port)
    app.run(host=host, port=int(port), access_log=False, motd=False)
