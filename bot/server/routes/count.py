"""POST /count: what a page may count, by a fixed name and nothing else.

A browser says where a page is from, and a page holds a token. A program can forge both,
so only a few presses count (bot/chat/presses.py).
"""

from __future__ import annotations

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.chat.asked import InvalidAsk, read_json
from bot.chat.sessions import PROGRAM
from bot.counts.counts import COUNTED_BY_PAGES

count = Blueprint("count")


@count.post("/count")
async def receive(request: Request) -> HTTPResponse:
    """Counts `{"event", "token", "topic"?, "force"?}`; the answer is empty."""
    site = request.app.ctx.site
    sender = site.origins.sender(request.headers, request.host)
    if sender in (None, PROGRAM):
        raise SanicException("no page of ours", status_code=403)
    if not await site.limits.allow(request.ip):
        raise SanicException("too many", status_code=429)
    try:
        fields = read_json(request.body)
    except InvalidAsk as error:
        raise SanicException("no event", status_code=400) from error
    event, token = _text(fields.get("event")), fields.get("token")
    topic, force = _text(fields.get("topic")), _text(fields.get("force"))
    if event not in COUNTED_BY_PAGES:
        raise SanicException("no event", status_code=400)
    if not site.sessions.is_issued(token, sender):
        raise SanicException("no token of ours", status_code=403)
    if not await site.presses.allow(token, event, request.ip):
        raise SanicException("pressed too often", status_code=429)
    site.counts.add(event, topic, force)
    return empty()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
