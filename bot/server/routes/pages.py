"""The pages of the campaign site."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.models.handler_types import RouteHandler
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html

from bot.server.site import Site
from bot.words.languages import Wording

pages = Blueprint("pages")


@pages.get("/")
async def index(request: Request) -> HTTPResponse:
    """The campaign page with the chat."""
    site = request.app.ctx.site
    return html(site.pages.chat(force_of(request), site.sessions.issue()))


def of_force(key: str) -> RouteHandler:
    """The campaign page of one force, at the short path that posters name."""

    async def show(request: Request) -> HTTPResponse:
        site = request.app.ctx.site
        return html(site.pages.chat(key, site.sessions.issue()))

    return show


@pages.get("/privacy")
async def privacy(request: Request) -> HTTPResponse:
    """What happens to what a visitor types."""
    return html(_plain(request, "privacy.html"))


@pages.get("/accessibility")
async def accessibility(request: Request) -> HTTPResponse:
    """The accessibility statement."""
    return html(_plain(request, "accessibility.html"))


@pages.get("/transparency")
async def transparency(request: Request) -> HTTPResponse:
    """How the chat works, how well it does, and what it keeps (nothing)."""
    site = request.app.ctx.site
    return html(_plain(request, "transparency.html", record=site.record))


@pages.get("/favicon.ico")
async def favicon(request: Request) -> HTTPResponse:
    """Nothing: a tab without an icon gives nothing away."""
    return empty()


def _plain(request: Request, template: str, **values: Any) -> str:
    """A page without a chat; its token lets us count people leaving it."""
    site: Site = request.app.ctx.site
    token = site.sessions.issue()
    return site.pages.render(template, force_of(request), token=token, **values)


def force_of(request: Request) -> str | None:
    """The police force that an address names, as `?force=kent`."""
    force: str | None = request.args.get("force")
    return force


def wording_of(request: Request) -> Wording | None:
    """The language that an address names, as `?lang=pl`; None: it stays English."""
    site: Site = request.app.ctx.site
    return site.content.spoken.wording(request.args.get("lang"))
