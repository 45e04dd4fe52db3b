"""The web server: opens the port first, loads the model behind it, always answers."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys

from sanic import Sanic

from bot import content, embed, logs, reload
from bot.calibration import Calibration
from bot.compression import compress
from bot.counts import Counts
from bot.decision import Decider
from bot.engine import Engine
from bot.exchange import MOST_BYTES
from bot.headers import add_headers
from bot.limits import Limits
from bot.pages import ASSETS, WEB
from bot.redis_link import RedisLink
from bot.routes.chat import chat
from bot.routes.count import count
from bot.routes.embed import embed as embed_routes
from bot.routes.errors import failed
from bot.routes.health import health
from bot.routes.pages import pages
from bot.routes.rasa_rest import rasa_rest, switched_on
from bot.routes.security_txt import security_txt
from bot.security_txt import SecurityTxt
from bot.sessions import Sessions
from bot.shared_key import SharedKey
from bot.site import Site, parts_of
from bot.without_tensorflow import keep_out_tensorflow

logger = logging.getLogger(__name__)


def create_app(site: Site) -> Sanic:
    """Builds the server; the engine begins to load once the port is open."""
    app = Sanic("signposting", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 8 * MOST_BYTES
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.site = site
    # By name: an address is never made into a path, so none can lead elsewhere.
    for name in ASSETS:
        app.static(f"/static/{name}", WEB / "static" / name, name=name)
    app.blueprint([chat, count, pages, embed_routes, health, security_txt])
    if site.speaks_rasa:
        app.blueprint(rasa_rest)
    app.exception(Exception)(failed)
    app.on_response(add_headers)
    app.on_response(compress)

    @app.before_server_start
    async def share(*_: object) -> None:
        await site.sessions.key.share()  # before the first token is issued
        app.add_task(site.sessions.key.keep_shared())

    @app.after_server_start
    async def load(*_: object) -> None:
        asyncio.get_running_loop().set_exception_handler(logs.note_failed_task)
        reload.on_sighup(app)
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
    redis = RedisLink.from_setting(os.environ.get("REDIS_URL"))
    key, engine = SharedKey(redis), Engine(redis=redis)
    # The model reads these when it is loaded; better to refuse now.
    Decider.read()
    Calibration.read()
    answers = content.current().answers
    return Site(
        **parts_of(content.current(), engine),
        engine=engine,
        counts=Counts.from_setting(os.environ.get("COUNTS_URL"), answers),
        limits=Limits.from_setting(os.environ.get("RATE_LIMIT"), key, redis),
        embed_versions=embed.released(),
        security_txt=SecurityTxt.read(answers.directory),
        speaks_rasa=switched_on(),
        sessions=Sessions(key),
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
    if version := embed.version_of(site.embed_script, site.embed_versions):
        logger.info("embed.js %s %s", version, embed.integrity(site.embed_script))
    else:
        logger.info("embed.js has changed since it was last released: run `make embed`")
    logger.info("Open http://%s:%s (typed questions once engine.ready)", host, port)
    logs.only_events()
    app.run(host=host, port=int(port), access_log=False, motd=False)
