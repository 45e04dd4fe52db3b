"""Search in the answers, without JavaScript.

The form uses POST, not GET: words in an address would be in the browser's history,
where other people who use the device could find them, and in the log of any server on
the way. Nothing here logs or keeps them.
"""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.chat.aside import SHORT, aside
from bot.chat.asked import Asked
from bot.chat.exchange import first_emergency, over_limit, read_all
from bot.chat.search import MOST_CHARACTERS
from bot.chat.sessions import PAGE
from bot.server.routes.pages import force_of
from bot.words.reply import Reply
from bot.words.topics import Topic

search = Blueprint("search")


@search.get("/answers/search")
async def empty_search(request: Request) -> HTTPResponse:
    """Only the form, for somebody who comes back to the address of their results."""
    return html(_page(request, force_of(request), []))


@search.post("/answers/search")
async def find(request: Request) -> HTTPResponse:
    """The answers that fit what was typed, after any emergency in it."""
    site = request.app.ctx.site
    asked, beside = await aside(len(request.body), read_all, request, Asked.read)
    typed = asked.message or ""
    # Before anything can refuse it, as in the chat.
    first = await _first(request, [typed, *beside], asked.force)
    if refusal := await over_limit(request, len(typed)):
        name, status = refusal
        said = [*first, site.conversation.say(name, asked.force)]
        return html(_page(request, asked.force, said), status=status)
    if not typed.strip():
        return html(_page(request, asked.force, first))
    # The first search reads all answers: others are answered meanwhile.
    found = await aside(SHORT + 1, lambda: site.content.search.find(typed))
    # If another website posted it, these are not the visitor's words: do not show them.
    own = site.origins.sender(request.headers, request.host) == PAGE
    shown = typed.strip()[:MOST_CHARACTERS] if own else ""
    return html(_page(request, asked.force, first, typed=shown, found=found))


def _page(
    request: Request,
    force: str | None,
    said: list[Reply],
    typed: str = "",
    found: list[Topic] | None = None,
) -> str:
    """The page; `found` is None if there was no search."""
    site = request.app.ctx.site
    page: str = site.pages.render(
        "search_results.html",
        force,
        token=site.sessions.issue(),
        said=said,
        typed=typed,
        found=found,
    )
    return page


async def _first(request: Request, texts: list[str], force: str | None) -> list[Reply]:
    """What to do in an emergency that the net finds, or 999 in another language."""
    conversation = request.app.ctx.site.conversation
    if found := await first_emergency(conversation, texts, force):
        return [found]
    leads: list[Reply] = conversation.lead(texts[0], None) if texts[0] else []
    return leads
