"""The Sanic app: routes and headers. bot/serve.py runs it, bot/asgi.py guards it."""

from __future__ import annotations

import asyncio

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import drain, metrics
from bot.pages import WEB
from bot.routes.chat import chat
from bot.routes.errors import failed
from bot.routes.health import health
from bot.routes.pages import pages
from bot.site import Site

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


def create_app(site: Site, drain_seconds: int = 0) -> Sanic:
    """Builds the app; the engine begins to load once the port is open.

    Args:
        site: The parts that the routes use.
        drain_seconds: How long the server goes on after SIGTERM, not ready.
    """
    app = Sanic("signposting", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.site = site
    app.static("/static", WEB / "static")
    app.blueprint([chat, pages, health])
    app.exception(Exception)(failed)
    app.on_response(add_headers)

    @app.after_server_start
    async def begin(*_: object) -> None:
        drain.on_sigterm(site.stopping, drain_seconds)
        site.engine.start()
        # Held by the app: the loop itself would let go of it.
        app.ctx.watch = asyncio.create_task(metrics.watch(site.engine))

    return app


async def add_headers(request: Request, response: HTTPResponse) -> None:
    """Puts `HEADERS` on every response."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
