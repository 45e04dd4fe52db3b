"""What the websites of the police forces embed."""

from __future__ import annotations

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, text

from bot.server.headers import framed_by
from bot.server.routes.pages import force_of

HOUR_SECONDS, YEAR_SECONDS = 3_600, 31_536_000
# The stand-in for a host page is stricter than a force's own page will be.
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)

embed = Blueprint("embed")


@embed.get("/widget")
async def widget(request: Request) -> HTTPResponse:
    """The chat as a force's website shows it, in a frame."""
    site, force = request.app.ctx.site, force_of(request)
    page = site.pages.chat(force, site.sessions.issue(), view="widget")
    return html(page, headers=framed_by(site.origins.may_frame(force)))


@embed.get("/look.css")
async def look(request: Request) -> HTTPResponse:
    """The colours of the force that `?force=` names."""
    css = request.app.ctx.site.pages.look(force_of(request))
    headers = {"Cache-Control": f"public, max-age={HOUR_SECONDS}"}
    return text(css, content_type="text/css; charset=utf-8", headers=headers)


@embed.get("/embed.js")
async def current(request: Request) -> HTTPResponse:
    """The launcher in its current version, for websites that want every update."""
    return _script(request.app.ctx.site.embed_script, f"max-age={HOUR_SECONDS}")


@embed.get(r"/<file:embed-[0-9.]+\.js>")
async def pinned(request: Request, file: str) -> HTTPResponse:
    """The launcher as released, for websites that pin its hash."""
    version = file[len("embed-") : -len(".js")]
    script = request.app.ctx.site.embed_versions.get(version)
    if script is None:
        raise SanicException("no such version", status_code=404)
    return _script(script, f"max-age={YEAR_SECONDS}, immutable")


@embed.get("/embed-demo/<force:str>")
async def demo(request: Request, force: str) -> HTTPResponse:
    """A stand-in for the website of a force, with the launcher on it."""
    site = request.app.ctx.site
    if force not in site.answers.directory.forces:
        raise SanicException("no such force", status_code=404)
    page = site.pages.render(
        "embed_demo.html", force, mode=request.args.get("mode", "")
    )
    return html(page, headers={"Content-Security-Policy": DEMO_POLICY})


def _script(script: str, age: str) -> HTTPResponse:
    headers = {
        "Cache-Control": f"public, {age}",
        # Without these a website cannot check the integrity of a pinned copy.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return text(script, content_type="text/javascript; charset=utf-8", headers=headers)
