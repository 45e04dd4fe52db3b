"""Replies as an HTTP response."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.answers import Reply
from bot.asked import Asked
from bot.headers import framed_by
from bot.pages import WIDGET


def respond(
    request: Request,
    session: str,
    replies: list[Reply],
    status: int,
    asked: Asked,
) -> HTTPResponse:
    """The same answer as JSON, or as a page for a form or a browser."""
    site = request.app.ctx.site
    accepts = request.headers.get("accept", "")
    form = "form" in request.headers.get("content-type", "")
    if (not form and "text/html" not in accepts) or "application/json" in accepts:
        body = {"session": session, "replies": [reply.as_dict() for reply in replies]}
        return json(body, status=status)
    audience = asked.opening or asked.audience
    page = site.pages.chat(asked.force, session, replies, audience, asked.view)
    framed = framed_by(site.origins.may_frame(asked.force))
    return html(page, status=status, headers=framed if asked.view == WIDGET else None)
