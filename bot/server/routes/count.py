"""POST /count: what a page may have counted, by a fixed name and nothing else."""

from __future__ import annotations

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.chat.asked import InvalidAsk, read_json
from bot.counts.counts import COUNTED_BY_PAGES

count = Blueprint("count")


@count.post("/count")
async def receive(request: Request) -> HTTPResponse:
    """Counts `{"event", "topic"?, "force"?}`; the answer is empty."""
    site = request.app.ctx.site
    if not site.origins.may_post(request.headers.get("origin"), request.host):
        raise SanicException("another origin", status_code=403)
    if not await site.limits.allow(request.ip):
        raise SanicException("too many", status_code=429)
    try:
        fields = read_json(request.body)
    except InvalidAsk as error:
        raise SanicException("no event", status_code=400) from error
    event, topic, force = (_text(fields.get(n)) for n in ("event", "topic", "force"))
    if event not in COUNTED_BY_PAGES:
        raise SanicException("no event", status_code=400)
    site.counts.add(event, topic, force)
    return empty()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
