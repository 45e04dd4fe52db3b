"""POST /chat: one message or pressed button in, replies out."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers import Reply
from bot.asgi import CUT
from bot.asked import Asked, InvalidAsk, words_in
from bot.routes.responses import respond

chat = Blueprint("chat")


@chat.post("/chat")
async def receive(request: Request) -> HTTPResponse:
    """Answers one message or topic; the body always carries a reply."""
    site = request.app.ctx.site
    body = request.body  # as much of it as bot/asgi.py lets through
    try:
        asked = Asked.read(body, request.headers.get("content-type", ""))
    except InvalidAsk:
        asked = Asked(None, None, None, None)
    session = site.sessions.keep_or_issue(asked.session)

    def answer(replies: list[Reply], status: int = 200) -> HTTPResponse:
        return respond(request, session, replies, status, asked.force)

    async def refuse(name: str, status: int) -> HTTPResponse:
        # Whatever is refused, an emergency in it gets its answer.
        typed = words_in(body) if asked.message is None else asked.message
        net = site.conversation.emergency
        if not asked.topic and (found := await net(typed, asked.force)):
            return answer([found])
        return answer([site.conversation.say(name, asked.force)], status)

    if cut := request.transport.scope.get(CUT):
        return await refuse(
            "utter_too_long" if cut == 413 else "utter_unavailable", cut
        )
    if not site.limits.allow(request.ip):
        return await refuse("utter_too_many", 429)
    if asked.topic is None and asked.message is None:
        return await refuse("utter_bad_request", 400)
    if site.notice.closed and not asked.topic:
        return await refuse("utter_unavailable", 503)
    outcome = await (
        site.conversation.answer_topic(asked.topic, asked.force, session)
        if asked.topic
        else site.conversation.answer_text(asked.message or "", asked.force, session)
    )
    return answer(outcome.replies, 200 if outcome.available else 503)
