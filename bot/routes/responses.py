"""Replies as an HTTP response."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from bot.answers import Reply


def respond(
    request: Request,
    session: str,
    replies: list[Reply],
    status: int,
    force: str | None,
) -> HTTPResponse:
    """The same answer as JSON, or as a page for a form or a browser."""
    accepts = request.headers.get("accept", "")
    form = "form" in request.headers.get("content-type", "")
    if (form or "text/html" in accepts) and "application/json" not in accepts:
        page = request.app.ctx.site.pages.chat(force, session, replies)
        return html(page, status=status)
    body = {"session": session, "replies": [reply.as_dict() for reply in replies]}
    return json(body, status=status)
