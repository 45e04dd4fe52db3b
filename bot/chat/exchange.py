"""One request to the chat: past the net, past what may refuse it, to its replies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sanic.request import Request

from bot import logs
from bot.chat.aside import aside
from bot.chat.asked import Asked, InvalidAsk, words_in
from bot.chat.conversation import MOST_CHARACTERS, Conversation, Outcome
from bot.chat.limits import Limits
from bot.chat.origins import Origins
from bot.chat.sessions import Sessions
from bot.counts.counts import EMERGENCY, Counts
from bot.words.answers import Answers
from bot.words.reply import Reply

logger = logging.getLogger(__name__)

# What the net reads and the chat accepts; bot/server/guard.py lets no more through.
MOST_BYTES = 1_000_000
# In the scope of a request: 413 or 408 when its body is not whole.
CUT = "signposting.cut"

# The event that a reply counts as, by its kind.
COUNTED_AS = {
    "emergency": EMERGENCY,
    "answer": "answered",
    "clarify": "not_understood",
    "fallback": "not_understood",
}


class Closable(Protocol):
    """Says whether typed messages go unanswered, emergencies excepted."""

    @property
    def closed(self) -> bool: ...


class Parts(Protocol):
    """What an exchange asks of the site."""

    @property
    def answers(self) -> Answers: ...
    @property
    def conversation(self) -> Conversation: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def origins(self) -> Origins: ...
    @property
    def counts(self) -> Counts: ...
    @property
    def notice(self) -> Closable: ...


@dataclass(frozen=True)
class Exchange:
    """What was asked and what is answered; there is always a reply."""

    asked: Asked
    session: str
    replies: list[Reply]
    status: int

    @property
    def unanswered(self) -> str:
        """What was typed and has no answer: it was refused, or a button was pressed."""
        typed, pressed = (
            self.asked.message or "",
            self.asked.topic or self.asked.opening,
        )
        too_long = len(typed) > MOST_CHARACTERS
        return typed if pressed or too_long or self.status != 200 else ""


async def answer(request: Request, read: Callable[[bytes, str], Asked]) -> Exchange:
    """Answers one request.

    Args:
        request: A POST from a visitor.
        read: Makes sense of a body and its content type, or raises InvalidAsk.
    """
    done = await _exchange(request, read)
    count(request.app.ctx.site, done)
    return done


async def _exchange(request: Request, read: Callable[[bytes, str], Asked]) -> Exchange:
    site: Parts = request.app.ctx.site
    body = request.body  # as much of it as bot/server/guard.py lets through
    try:
        kind = request.headers.get("content-type", "")
        asked = await aside(len(body), read, body, kind)
    except InvalidAsk:
        asked = Asked()
    session = site.sessions.keep_or_issue(asked.session)
    refusal = await _refusal(request, asked)
    if not refusal:
        try:
            outcome = await _answer(site.conversation, asked, session)
            status = 200 if outcome.available else 503
            return Exchange(asked, session, outcome.replies, status)
        except Exception as error:  # noqa: BLE001 - a visitor is waiting
            logger.error("chat.failed %s", logs.fault(error))
            refusal = "utter_unavailable", 500
    # Whatever is refused, an emergency in it gets its answer.
    typed = asked.message or ""
    if asked == Asked():
        typed = await aside(len(body), words_in, body)
    if found := await site.conversation.emergency(typed, asked.force):
        return Exchange(asked, session, [found], 200)
    name, status = refusal
    said = site.conversation.say(name, asked.force)
    return Exchange(asked, session, [said], status)


def count(site: Parts, done: Exchange) -> None:
    """Counts what was asked and how it was answered, under fixed names."""
    if done.status != 200 or done.asked.opening:
        return
    force = done.asked.force
    site.counts.add("asked", done.replies[0].topic, force)
    for reply in done.replies:
        if event := COUNTED_AS.get(reply.kind):
            site.counts.add(event, reply.topic, force)
    if site.answers.directory.offers_help(done.replies[0].links):
        site.counts.add("offered_help", done.replies[0].topic, force)


async def _refusal(request: Request, asked: Asked) -> tuple[str, int] | None:
    """Why a request is not answered, as a response and a status; None: it is."""
    site: Parts = request.app.ctx.site
    if cut := request.transport.scope.get(CUT):
        return "utter_too_long" if cut == 413 else "utter_unavailable", cut
    if not await site.limits.allow(request.ip):
        return "utter_too_many", 429
    if not site.origins.may_post(request.headers.get("origin"), request.host):
        return "utter_other_origin", 403
    if asked == Asked():
        return "utter_bad_request", 400
    if site.notice.closed and not asked.topic and not asked.opening:
        return "utter_unavailable", 503
    return None


async def _answer(conversation: Conversation, asked: Asked, session: str) -> Outcome:
    force, audience = asked.force, asked.audience
    if asked.topic:
        outcome = await conversation.answer_topic(asked.topic, force, session, audience)
    elif asked.opening:
        outcome = await conversation.open(asked.opening, force, session)
    else:
        typed = asked.message or ""
        return await conversation.answer_text(typed, force, session, audience)
    # Somebody typed something, and then pressed a button of the same form.
    if found := await conversation.emergency(asked.message or "", asked.force):
        return Outcome([found, *outcome.replies])
    return outcome
