"""The reply to everything that goes wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.asked import Asked
from bot.exchange import Exchange
from bot.routes.responses import respond

logger = logging.getLogger(__name__)

FAILURES = {
    HTTPStatus.NOT_FOUND: "utter_not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "utter_too_long",
    HTTPStatus.FORBIDDEN: "utter_other_origin",
    HTTPStatus.TOO_MANY_REQUESTS: "utter_too_many",
}


async def failed(request: Request, error: Exception) -> HTTPResponse:
    """Turns every error into a reply that carries the numbers."""
    site = request.app.ctx.site
    status = getattr(error, "status_code", 500)
    if status >= 500:
        logger.error("request.failed %s", type(error).__name__)
    usual = "utter_unavailable" if status >= 500 else "utter_bad_request"
    reply = site.conversation.say(FAILURES.get(status, usual))
    return respond(request, Exchange(Asked(), site.sessions.issue(), [reply], status))
