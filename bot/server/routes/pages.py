"""The pages of the campaign site."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html

pages = Blueprint("pages")


@pages.get("/")
async def index(request: Request) -> HTTPResponse:
    """The campaign page with the chat."""
    site = request.app.ctx.site
    return html(site.pages.chat(force_of(request), site.sessions.issue()))


@pages.get("/privacy")
async def privacy(request: Request) -> HTTPResponse:
    """What happens to what a visitor types."""
    site = request.app.ctx.site
    return html(site.pages.render("privacy.html", force_of(request)))


@pages.get("/accessibility")
async def accessibility(request: Request) -> HTTPResponse:
    """The accessibility statement."""
    site = request.app.ctx.site
    return html(site.pages.render("accessibility.html", force_of(request)))


@pages.get("/transparency")
async def transparency(request: Request) -> HTTPResponse:
    """How the chat works, what it was measured at, and what is kept (nothing)."""
    site = request.app.ctx.site
    page = site.pages.render("transparency.html", force_of(request), record=site.record)
    return html(page)


@pages.get("/favicon.ico")
async def favicon(request: Request) -> HTTPResponse:
    """Nothing: a tab that shows no mark tells nobody anything."""
    return empty()


def force_of(request: Request) -> str | None:
    """The police force that an address names, as `?force=kent`."""
    force: str | None = request.args.get("force")
    return force
