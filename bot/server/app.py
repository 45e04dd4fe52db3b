"""The Sanic app: routes and headers. serve.py runs it, guard.py guards it."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot import logs
from bot.server import drain, metrics, reload
from bot.server.compression import compress
from bot.server.headers import set_caching
from bot.server.routes.answers import answers
from bot.server.routes.chat import chat
from bot.server.routes.count import count
from bot.server.routes.embed import embed as embed_routes
from bot.server.routes.errors import failed
from bot.server.routes.health import health
from bot.server.routes.help import help_pages
from bot.server.routes.pages import of_force, pages
from bot.server.routes.rasa_rest import rasa_rest
from bot.server.routes.search import search
from bot.server.routes.security_txt import security_txt
from bot.server.routes.static import static_files
from bot.server.site import Site
from bot.words.forces import short_path


async def let_go(request: Request, _: BaseHTTPResponse) -> None:
    """Drops what was sent: Sanic's request lives until Python collects its cycles."""
    request.body = b""


def create_app(site: Site, drain_seconds: int = 0) -> Sanic[Any, Any]:
    """Builds the app; the engine starts to load once the port is open.

    Args:
        site: The parts that the routes use.
        drain_seconds: How long the server goes on after SIGTERM, not ready.
    """
    app = Sanic("signposting", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.site = site
    routes = [chat, count, answers, pages, help_pages, embed_routes, health]
    app.blueprint([*routes, search, security_txt, static_files])
    for key in site.answers.directory.forces:
        path = short_path(key)
        app.add_route(of_force(key), path, name=f"force_{key}")
    if site.speaks_rasa:
        app.blueprint(rasa_rest)
    app.exception(Exception)(failed)
    app.register_middleware(set_caching, "response")
    app.register_middleware(compress, "response")
    app.register_middleware(let_go, "response")

    @app.before_server_start
    async def share(*_: object) -> None:
        await site.sessions.key.share()  # before the first token is issued
        app.add_task(site.sessions.key.keep_shared())
        app.add_task(site.memories.tend())

    @app.after_server_start
    async def begin(*_: object) -> None:
        asyncio.get_running_loop().set_exception_handler(logs.note_failed_task)
        drain.on_sigterm(site.stopping, drain_seconds)
        reload.on_sighup(app)
        site.engine.start()
        site.counts.start()
        metrics.follow(site.engine)

    @app.after_server_stop
    async def stop(*_: object) -> None:
        await site.engine.stop()
        site.counts.stop()

    return app
