"""The answers as plain pages, for people who distrust a chat and for search engines."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, text

from bot.server.headers import INDEXABLE
from bot.server.routes.help import alternates
from bot.server.routes.pages import force_of, wording_of
from bot.server.site import Site
from bot.words.reply import Reply
from bot.words.topics import UNLISTED, Topic

answers = Blueprint("answers")

Answered = dict[Topic, list[Reply]]


@answers.get("/answers")
async def all_answers(request: Request) -> HTTPResponse:
    """Every answer on one page, by audience; with `?force=` that force's routes.

    With `?lang=pl` the questions in that language, each leading to its answer.
    """
    site, force = request.app.ctx.site, force_of(request)
    if wording := wording_of(request):
        questions = site.content.spoken.questions(wording.tag)
        token = site.sessions.issue()
        page = site.pages.render(
            "answers_spoken.html",
            force,
            token=token,
            whole=wording,
            questions=questions,
        )
        return html(page)
    found = await _answer_all(site, force)
    reviewed = {t: replies for t, replies in found.items() if is_reviewed(replies)}
    page = site.pages.render(
        "answers.html",
        force,
        token=site.sessions.issue(),
        answered=found,
        questions=_structured(reviewed) if reviewed else None,
        easy_read=site.content.easy_read,
        indexable=len(reviewed) == len(found),
    )
    return html(page, headers=INDEXABLE if len(reviewed) == len(found) else None)


@answers.get("/answers/<key:str>")
async def one_answer(request: Request, key: str) -> HTTPResponse:
    """One answer as a plain page; with `?lang=pl` it begins in that language."""
    site, force = request.app.ctx.site, force_of(request)
    wording = wording_of(request)
    topic = site.answers.topics.by_key.get(key)
    if topic is None or topic.audience == UNLISTED:
        raise SanicException("no such answer", status_code=404)
    lang = wording.tag if wording else None
    replies = (await site.conversation.answer_topic(key, force, lang=lang)).replies
    reviewed = is_reviewed(replies) and not wording
    page = site.pages.render(
        "answer.html",
        force,
        token=site.sessions.issue(),
        whole=wording,
        topic=topic,
        replies=replies,
        questions=_structured({topic: replies}) if reviewed else None,
        easy_read=site.content.easy_read,
        indexable=reviewed,
    )
    return html(page, headers=INDEXABLE if reviewed else None)


@answers.get("/answers/<key:str>/easy-read")
async def in_easy_read(request: Request, key: str) -> HTTPResponse:
    """One answer in Easy Read."""
    site, force = request.app.ctx.site, force_of(request)
    easy_read = site.content.easy_read
    if not easy_read.may_be_shown(key):
        raise SanicException("no such version", status_code=404)
    reviewed = bool(easy_read.checked_on(key))
    page = site.pages.render(
        "easy_read.html",
        force,
        token=site.sessions.issue(),
        topic=site.answers.topics.by_key[key],
        lines=easy_read.shown(key, force),
        checked_on=easy_read.checked_on(key),
        indexable=reviewed,
    )
    return html(page, headers=INDEXABLE if reviewed else None)


@answers.get("/sitemap.xml")
async def sitemap(request: Request) -> HTTPResponse:
    """The pages that a search engine may list: those whose every answer is signed."""
    site = request.app.ctx.site
    found = await _answer_all(site, None)
    reviewed = [t.key for t, replies in found.items() if is_reviewed(replies)]
    easy_read = site.content.easy_read
    easy = [key for key in easy_read if easy_read.checked_on(key)]
    paths = [f"/answers/{key}" for key in reviewed]
    paths += [f"/answers/{key}/easy-read" for key in easy]
    if len(reviewed) == len(found):
        forces = [f"/answers?force={force}" for force in site.answers.directory.forces]
        paths = ["/answers", *forces, *paths]
    origin = f"{request.scheme}://{request.host}"
    addresses = [*(origin + path for path in paths), *alternates(request).values()]
    page = site.pages.render("sitemap.xml", addresses=addresses)
    return text(page, content_type="application/xml; charset=utf-8")


def is_reviewed(replies: list[Reply]) -> bool:
    """Whether a search engine may list a page: all of it is signed and checked."""
    return all(reply.checked_on for reply in replies)


async def _answer_all(site: Site, force: str | None) -> Answered:
    """The listed topics that have an answer to show, with the answer, in file order."""
    topics = site.answers.topics.by_key
    return {
        topics[key]: (await site.conversation.answer_topic(key, force)).replies
        for key in site.answers.listed()
    }


def _structured(answered: Answered) -> dict[str, Any]:
    """Questions and answers in the form of schema.org's FAQPage."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": topic.title,
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": "\n\n".join(reply.text for reply in replies),
                },
            }
            for topic, replies in answered.items()
        ],
    }
