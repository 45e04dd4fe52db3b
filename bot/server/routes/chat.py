"""POST /chat: one message or pressed button in, replies out."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.chat import exchange
from bot.chat.asked import Asked
from bot.server.routes.responses import respond, wants_page

chat = Blueprint("chat")


@chat.post("/chat")
async def receive(request: Request) -> HTTPResponse:
    """Answers in JSON, or with a page for a form; the body always carries a reply."""
    headers = request.headers
    as_page = wants_page(headers.get("accept", ""), headers.get("content-type", ""))
    return respond(request, await exchange.answer(request, Asked.read, as_page))
