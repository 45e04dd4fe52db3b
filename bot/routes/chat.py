"""POST /chat: one message or pressed button in, replies out."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.answers import Reply
from bot.asked import Asked, InvalidAsk, words_in
from bot.conversation import Conversation, Outcome
from bot.routes.responses import respond

# What the net reads and /chat accepts. Sanic itself reads up to eight times as much, so
# that who sends too much still gets an answer instead of a broken connection.
MOST_BYTES = 1_000_000

chat = Blueprint("chat")


@chat.post("/chat")
async def receive(request: Request) -> HTTPResponse:
    """Answers one message or topic; the body always carries a reply."""
    site = request.app.ctx.site
    body = request.body[:MOST_BYTES]
    try:
        asked = Asked.read(body, request.headers.get("content-type", ""))
    except InvalidAsk:
        asked = Asked()
    session = site.sessions.keep_or_issue(asked.session)

    def answer(replies: list[Reply], status: int = 200) -> HTTPResponse:
        return respond(request, session, replies, status, asked)

    def refuse(name: str, status: int) -> HTTPResponse:
        # Whatever is refused, an emergency in it gets its answer.
        typed = words_in(body) if asked.message is None else asked.message
        found = site.conversation.emergency(typed, asked.force)
        if found and not asked.topic and not asked.opening:
            return answer([found])
        return answer([site.conversation.say(name, asked.force)], status)

    if len(request.body) > MOST_BYTES:
        return refuse("utter_too_long", 413)
    if not site.limits.allow(request.ip):
        return refuse("utter_too_many", 429)
    if not site.origins.may_post(request.headers.get("origin"), request.host):
        return refuse("utter_other_origin", 403)
    if asked == Asked():
        return refuse("utter_bad_request", 400)
    outcome = await _answer(site.conversation, asked, session)
    return answer(outcome.replies, 200 if outcome.available else 503)


async def _answer(conversation: Conversation, asked: Asked, session: str) -> Outcome:
    about = {"force": asked.force, "session": session, "audience": asked.audience}
    if asked.topic:
        return await conversation.answer_topic(asked.topic, **about)
    if asked.opening:
        return conversation.open(asked.opening, asked.force)
    return await conversation.answer_text(asked.message or "", **about)
