"""The web server: opens the port first, loads the model behind it, always answers."""

from __future__ import annotations

import logging
import os
import socket
import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers import Answers
from bot.conversation import Conversation
from bot.engine import Engine
from bot.limits import Limits
from bot.pages import WEB, Pages
from bot.routes.chat import MOST_BYTES, chat
from bot.routes.errors import failed
from bot.routes.health import health
from bot.routes.pages import pages
from bot.safety_net import SafetyNet
from bot.site import Site
from bot.without_tensorflow import keep_out_tensorflow

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # `no-referrer` would make the form without JavaScript post `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Every answer is a draft until it is signed.
    "X-Robots-Tag": "noindex",
}


def create_app(site: Site) -> Sanic:
    """Builds the server; the engine begins to load once the port is open."""
    app = Sanic("signposting", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 8 * MOST_BYTES
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.site = site
    app.static("/static", WEB / "static")
    app.blueprint([chat, pages, health])
    app.exception(Exception)(failed)
    app.on_response(add_headers)

    @app.after_server_start
    async def load(*_: object) -> None:
        keep_out_tensorflow()
        site.engine.start()

    return app


async def add_headers(request: Request, response: HTTPResponse) -> None:
    """Puts `HEADERS` on every response."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")


def serve() -> None:
    """Checks all data files, then serves until stopped.

    Raises:
        SystemExit: A data file or setting has a gap; the message says which and where.
    """
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8080")
    if not port.isdigit():
        sys.exit(f"Cannot start: PORT={port} is not a number, such as 8080.")
    try:
        answers = Answers.read()
        engine = Engine()
        conversation = Conversation(answers, SafetyNet.read(), engine)
        limits = Limits.from_setting(os.environ.get("RATE_LIMIT"))
    except ValueError as error:  # the errors of the modules that read files
        sys.exit(f"Cannot start: {error}")
    app = create_app(Site(answers, conversation, engine, limits, Pages(answers)))
    try:
        # Sanic would only write to its log, which is silent, that it cannot listen.
        socket.create_server((host, int(port))).close()
    except (OSError, OverflowError) as error:
        sys.exit(f"Cannot start on {host}:{port}: {error}. Set HOST or PORT.")
    logger.info("Open http://%s:%s (typed questions once engine.ready)", host, port)
    app.run(host=host, port=int(port), access_log=False, motd=False)
