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
    headers = request.headers
    if wants_page(headers.get("accept", ""), headers.get("content-type", "")):
        page = request.app.ctx.site.pages.chat(force, session, replies)
        return html(page, status=status)
    body = {"session": session, "replies": [reply.as_dict() for reply in replies]}
    return json(body, status=status)


def wants_page(accepts: str, content_type: str) -> bool:
    """Whether a form or a browser asks; deploy/nginx/nginx.conf has the same rule."""
    browser = "form" in content_type or "text/html" in accepts
    return browser and "application/json" not in accepts
