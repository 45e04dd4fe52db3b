"""The pages of help in other languages, and the words of the pages in them."""

from __future__ import annotations

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.pages.pages import WIDGET
from bot.server.headers import INDEXABLE, framed_by
from bot.server.routes.pages import force_of
from bot.server.site import Site
from bot.words.languages import ENGLISH
from bot.words.spoken import CALLING

HOUR_SECONDS = 3_600

help_pages = Blueprint("help")


@help_pages.get("/help")
async def all_languages(request: Request) -> HTTPResponse:
    """Every language with a page of help; `?view=widget`: in a frame."""
    site, force = request.app.ctx.site, force_of(request)
    framed = request.args.get("view") == WIDGET
    page = site.pages.render(
        "languages_page.html", force, token=site.sessions.issue(), framed=framed
    )
    return html(page, headers=_framing(site, force, framed))


@help_pages.get("/help/<tag:str>")
async def in_language(request: Request, tag: str) -> HTTPResponse:
    """Everything we say in one language, and the chat; `?view=widget`: in a frame."""
    site, force = request.app.ctx.site, force_of(request)
    spoken = site.content.spoken
    if not spoken.known(tag):
        raise SanicException("no such language", status_code=404)
    wording = spoken.wording(tag)
    if not wording:
        return html(_unsigned(site, force))
    framed = request.args.get("view") == WIDGET
    signed = spoken.languages.approved(wording.tag)
    page = site.pages.help(
        wording,
        force,
        site.sessions.issue(),
        framed=framed,
        address=f"{request.host}/help/{wording.tag}",
        alternates=alternates(request) if signed and not framed else None,
    )
    indexing = INDEXABLE if signed and not framed else {}
    return html(page, headers={**indexing, **_framing(site, force, framed)})


@help_pages.get(r"/languages/<file:[A-Za-z-]+\.json>")
async def words(request: Request, file: str) -> HTTPResponse:
    """The words of a page, and of its button for an emergency, in one language."""
    spoken = request.app.ctx.site.content.spoken
    tag = file.removesuffix(".json")
    if tag != ENGLISH:
        wording = spoken.wording(tag)
        if not wording:
            raise SanicException("no such language", status_code=404)
        tag = wording.tag
    headers = {"Cache-Control": f"public, max-age={HOUR_SECONDS}"}
    return json(spoken.page(tag), headers=headers, ensure_ascii=False)


def alternates(request: Request) -> dict[str, str]:
    """The pages of help that a search engine may list, by language."""
    languages = request.app.ctx.site.content.spoken.languages
    origin = f"{request.scheme}://{request.host}"
    return {tag: f"{origin}/help/{tag}" for tag in languages if languages.approved(tag)}


def _framing(site: Site, force: str | None, framed: bool) -> dict[str, str]:
    return framed_by(site.origins.may_frame(force)) if framed else {}


def _unsigned(site: Site, force: str | None) -> str:
    """For a language that is not signed yet: how to call, in English."""
    return site.pages.render(
        "answer.html",
        force,
        token=site.sessions.issue(),
        topic=site.answers.topics.by_key[CALLING],
        replies=[site.content.spoken.calling()],
        questions=None,
        easy_read=site.content.easy_read,
    )
