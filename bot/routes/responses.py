"""Replies as an HTTP response."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.exchange import Exchange
from bot.headers import framed_by
from bot.pages import WIDGET


def respond(request: Request, done: Exchange) -> HTTPResponse:
    """The same answer as JSON, or as a page for a form or a browser."""
    accepts = request.headers.get("accept", "")
    form = "form" in request.headers.get("content-type", "")
    if (form or "text/html" in accepts) and "application/json" not in accepts:
        return _page(request, done)
    replies = [reply.as_dict() for reply in done.replies]
    return json({"session": done.session, "replies": replies}, status=done.status)


def _page(request: Request, done: Exchange) -> HTTPResponse:
    site, asked = request.app.ctx.site, done.asked
    audience = asked.opening or asked.audience
    page = site.pages.chat(
        asked.force, done.session, done.replies, audience, asked.view
    )
    framed = framed_by(site.origins.may_frame(asked.force))
    headers = framed if asked.view == WIDGET else None
    return html(page, status=done.status, headers=headers)
