"""Search in the answers, without JavaScript.

A form is posted, not asked for by GET: words in an address would be in the browser's
history, where others who use the device find them, and in the log of any server on the
way. So they are in no address, and nothing here logs or keeps them.
"""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.chat import words
from bot.chat.asked import Asked, InvalidAsk
from bot.chat.exchange import CUT
from bot.chat.search import MOST_CHARACTERS
from bot.chat.sessions import PAGE
from bot.server.routes.pages import force_of
from bot.words.reply import Reply

search = Blueprint("search")


@search.get("/answers/search")
async def empty_search(request: Request) -> HTTPResponse:
    """The form alone, for somebody who comes back to the address of what was found."""
    return html(_page(request, Asked(force=force_of(request))))


@search.post("/answers/search")
async def find(request: Request) -> HTTPResponse:
    """The answers that fit what was typed, after an emergency that may be in it."""
    site, headers = request.app.ctx.site, request.headers
    kind = headers.get("content-type", "")
    try:
        asked = Asked.read(request.body, kind)
    except InvalidAsk:
        asked = Asked()
    typed = asked.message or ""
    beside = words.beside(asked, request.body, kind, request.query_string)
    # Before anything may refuse it, as in the chat.
    first = await _first(request, [typed, *beside], asked.force)
    if refusal := await _refusal(request, typed):
        name, status = refusal
        said = [*first, site.conversation.say(name, asked.force)]
        return html(_page(request, Asked(force=asked.force), said), status=status)
    # What another website posted is not the visitor's: it is not shown as theirs.
    own = site.origins.sender(headers, request.host) == PAGE
    return html(_page(request, asked, first, show_typed=own))


def _page(
    request: Request, asked: Asked, said: list[Reply] | None = None, **values: bool
) -> str:
    site = request.app.ctx.site
    typed = (asked.message or "").strip()[:MOST_CHARACTERS]
    page: str = site.pages.render(
        "search_results.html",
        asked.force,
        token=site.sessions.issue(),
        said=said or [],
        searched=bool(typed),
        found=site.content.search.find(typed),
        typed=typed if values.get("show_typed") else "",
    )
    return page


async def _first(request: Request, texts: list[str], force: str | None) -> list[Reply]:
    """What to do in an emergency that the net finds, or 999 in another language."""
    conversation = request.app.ctx.site.conversation
    for text in filter(None, texts):
        if found := await conversation.emergency(text, force):
            return [found]
    leads: list[Reply] = conversation.lead(texts[0], None) if texts[0] else []
    return leads


async def _refusal(request: Request, typed: str) -> tuple[str, int] | None:
    """Why nothing is looked for, as a response and a status; None: it is."""
    if cut := request.transport.scope.get(CUT):
        return "utter_too_long" if cut == 413 else "utter_unavailable", cut
    if not await request.app.ctx.site.limits.allow(request.ip, len(typed)):
        return "utter_too_many", 429
    return None
