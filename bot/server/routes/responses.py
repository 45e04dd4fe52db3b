"""Replies as an HTTP response."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.chat.exchange import Exchange
from bot.pages.pages import WIDGET
from bot.server.headers import framed_by


def respond(request: Request, done: Exchange) -> HTTPResponse:
    """The same answer as JSON, or as a page for a form or a browser."""
    headers = request.headers
    if wants_page(headers.get("accept", ""), headers.get("content-type", "")):
        return _page(request, done)
    replies = [reply.as_dict() for reply in done.replies]
    return json({"session": done.session, "replies": replies}, status=done.status)


def _goes_on_in(done: Exchange) -> str | None:
    """The language of the answer, or the one that was chosen; chat.js does the same."""
    return done.replies[0].lang or done.asked.lang


def wants_page(accepts: str, content_type: str) -> bool:
    """Whether a form or a browser asks; deploy/nginx/nginx.conf has the same rule."""
    browser = "form" in content_type or "text/html" in accepts
    return browser and "application/json" not in accepts


def _page(request: Request, done: Exchange) -> HTTPResponse:
    site, asked = request.app.ctx.site, done.asked
    audience = asked.opening or asked.audience
    page = site.pages.chat(
        asked.force,
        done.session,
        done.replies,
        audience,
        asked.view,
        typed=done.unanswered,
        lang=_goes_on_in(done),
    )
    framed = framed_by(site.origins.may_frame(asked.force))
    headers = framed if asked.view == WIDGET else None
    return html(page, status=done.status, headers=headers)
