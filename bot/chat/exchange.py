"""One request to the chat, from the net and the reasons to refuse it to its replies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from sanic.request import Request

from bot import logs
from bot.chat import words
from bot.chat.aside import aside
from bot.chat.asked import Asked, InvalidAsk
from bot.chat.conversation import MOST_CHARACTERS, Conversation, Outcome
from bot.chat.limits import Limits
from bot.chat.origins import Origins
from bot.chat.sessions import PAGE, PROGRAM, Sessions, looks_issued
from bot.counts.counts import EMERGENCY, Counts
from bot.words.answers import Answers
from bot.words.reply import Reply

logger = logging.getLogger(__name__)

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
    """What was asked and the answer to it; there is always a reply.

    `sender` says whose page asked (bot/chat/origins.py); None: another website's.
    """

    asked: Asked
    session: str
    replies: list[Reply]
    status: int
    sender: str | None = None

    @property
    def unanswered(self) -> str:
        """What was typed and got no answer: it was refused, or a button was pressed.

        Empty if another website posted it: those are not the visitor's words.
        """
        if self.sender is None:
            return ""
        typed, pressed = (
            self.asked.message or "",
            self.asked.topic or self.asked.opening,
        )
        too_long = len(typed) > MOST_CHARACTERS
        return typed if pressed or too_long or self.status != 200 else ""


async def answer(
    request: Request, read: Callable[[bytes, str], Asked], as_page: bool = False
) -> Exchange:
    """Answers one request.

    Args:
        request: A POST from a visitor.
        read: Makes sense of a body and its content type, or raises InvalidAsk.
        as_page: Whether the replies will be shown as a page of this site.
    """
    done = await _exchange(request, read, as_page)
    if _from_a_page(done):
        count(request.app.ctx.site, done)
    return done


def _from_a_page(done: Exchange) -> bool:
    """Whether one of our pages or a force's asked; only these are counted.

    A browser names the page's origin, and a page holds a token. A program that asks
    without them, such as a check of the service, gets an answer like anybody else.
    """
    from_page = done.sender not in (None, PROGRAM)
    return from_page and done.session == done.asked.session


async def _exchange(
    request: Request, read: Callable[[bytes, str], Asked], as_page: bool
) -> Exchange:
    site: Parts = request.app.ctx.site
    asked, beside = await aside(len(request.body), read_all, request, read)
    typed = [asked.message or "", *beside]
    sender = site.origins.sender(request.headers, request.host)
    # The page takes over nothing that another website may have put into the request:
    # the visitor would continue with a token that somebody else has.
    holder = PAGE if as_page else sender or PROGRAM
    given = asked.session
    if sender != holder:
        asked = replace(asked, session=None, audience=None, conversation=None)
    kept = site.sessions.keep_or_issue(asked.session, holder)
    session = asked.conversation or kept
    refusal = await _refusal(request, asked, sender, max(map(len, typed)))
    if not refusal:
        try:
            if session != given and looks_issued(given):
                await site.conversation.note_gap(session)
            outcome = await _answer(site.conversation, asked, session, beside)
            status = 200 if outcome.available else 503
            return Exchange(asked, session, outcome.replies, status, sender)
        except Exception as error:  # noqa: BLE001 - a visitor is waiting
            logger.error("chat.failed %s", logs.fault(error))
            refusal = "utter_unavailable", 500
    # Even in a refused request, an emergency gets its answer.
    asked = replace(asked, opening=None)
    if found := await first_emergency(site.conversation, typed, asked.force):
        return Exchange(asked, session, [found], 200, sender)
    name, status = refusal
    said = site.conversation.say(name, asked.force)
    message = asked.message
    leads = site.conversation.lead(message, asked.lang) if message else []
    return Exchange(asked, session, [*leads, said], status, sender)


def read_all(
    request: Request, read: Callable[[bytes, str], Asked]
) -> tuple[Asked, list[str]]:
    """What is asked, and every other text of the request, which the net reads too."""
    body = request.body  # as much of it as bot/server/guard.py lets through
    kind = request.headers.get("content-type", "")
    try:
        asked = read(body, kind)
    except InvalidAsk:
        asked = Asked()
    return asked, words.beside(asked, body, kind, request.query_string)


async def first_emergency(
    conversation: Conversation, texts: list[str], force: str | None
) -> Reply | None:
    """The reply to the first text in which the net finds a possible emergency."""
    for text in texts:
        # With a pressed button there is hardly ever one.
        if text and (found := await conversation.emergency(text, force)):
            return found
    return None


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


async def _refusal(
    request: Request, asked: Asked, sender: str | None, characters: int
) -> tuple[str, int] | None:
    """Why a request gets no answer, as a response and a status; None: it gets one."""
    if limit := await over_limit(request, characters):
        return limit
    site: Parts = request.app.ctx.site
    if sender is None:
        return "utter_other_origin", 403
    if asked == Asked():
        return "utter_bad_request", 400
    if site.notice.closed and not asked.topic and not asked.opening:
        return "utter_unavailable", 503
    return None


async def over_limit(request: Request, characters: int) -> tuple[str, int] | None:
    """Why a body or its sender is over a limit, as a response and a status; or None."""
    if cut := request.transport.scope.get(CUT):
        return "utter_too_long" if cut == 413 else "utter_unavailable", cut
    if not await request.app.ctx.site.limits.allow(request.ip, characters):
        return "utter_too_many", 429
    return None


async def _answer(
    conversation: Conversation, asked: Asked, session: str, beside: list[str]
) -> Outcome:
    """The replies to what is asked, after any emergency sent with it."""
    force, audience = asked.force, asked.audience
    if not asked.topic and not asked.opening:
        if found := await first_emergency(conversation, beside, force):
            return Outcome([found])
        return await conversation.answer_text(
            asked.message or "", force, session, audience, asked.lang
        )
    if asked.topic:
        outcome = await conversation.answer_topic(
            asked.topic, force, session, audience, asked.lang
        )
    else:
        opening = asked.opening or ""
        outcome = await conversation.open(opening, force, session, asked.lang)
    # Somebody typed something, and then pressed a button of the same form.
    typed = [asked.message or "", *beside]
    if found := await first_emergency(conversation, typed, force):
        return Outcome([found, *outcome.replies])
    return outcome
