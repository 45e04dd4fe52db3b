"""The reply to everything that goes wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus

from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot import logs
from bot.chat.asked import Asked
from bot.chat.exchange import Exchange
from bot.server.routes.responses import respond

logger = logging.getLogger(__name__)

FAILURES: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "utter_not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "utter_too_long",
    HTTPStatus.FORBIDDEN: "utter_other_origin",
    HTTPStatus.TOO_MANY_REQUESTS: "utter_too_many",
}


async def failed(request: Request, error: Exception) -> HTTPResponse:
    """Turns every error into a reply that carries the numbers."""
    site = request.app.ctx.site
    status: int = getattr(error, "status_code", 500)
    if status >= 500:
        logger.error("request.failed %s", logs.fault(error))
    usual = "utter_unavailable" if status >= 500 else "utter_bad_request"
    reply = site.conversation.say(FAILURES.get(status, usual))
    done = Exchange(Asked(), site.sessions.issue(), [reply], status)
    try:
        response = respond(request, done)
    except Exception as again:  # noqa: BLE001 - the page itself is what fails
        logger.error("page.failed %s", logs.fault(again))
        return text(reply.text, status=status)
    response.headers.update(getattr(error, "headers", {}))
    allowed = response.headers.get("Allow", "")  # beside a 405
    if "GET" in allowed and "HEAD" not in allowed:
        response.headers["Allow"] = f"{allowed}, HEAD"
    return response
