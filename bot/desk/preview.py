"""`python -m bot preview`: every answer for every force on one page, for print."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import DATA, ROOT
from bot.desk import language_preview
from bot.desk.checks import reading
from bot.desk.paper import save, style
from bot.pages.pages import Pages
from bot.words.answers import Answers
from bot.words.easy_read import EasyRead, signed_as
from bot.words.reply import Reply
from bot.words.sign_off import SignOff


@dataclass(frozen=True)
class Shown:
    """What visitors read, and which: `For every force`, `For Kent Police`."""

    who: str
    force: str | None
    reply: Reply


@dataclass(frozen=True)
class EasySheet:
    """One Easy Read version, with what its editors want to know of it."""

    name: str
    title: str
    place: str
    state: str
    facts: dict[str, str]
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """One answer with what its editors and signatories want to know about it."""

    name: str
    title: str
    place: str
    state: str
    facts: dict[str, str]
    replies: list[Shown]


def write(folder: Path, language: str | None = None) -> None:
    """Writes preview.html into a folder, which is created if necessary.

    Args:
        folder: Where the page goes.
        language: A language whose texts are shown instead, on a separate page.

    Raises:
        SystemExit: The content has a gap, there is no such language, or the folder
            cannot be written.
    """
    if language:
        language_preview.write(folder, language)
        return
    try:
        answers, sign_off = Answers.read(ROOT, DATA), SignOff.read(DATA)
        easy_read = EasyRead.read(answers, DATA)
    except ValueError as error:
        sys.exit(f"No preview. {error}")
    page = render(answers, sign_off, easy_read)
    path = save(page, folder, "preview.html")
    number, easy = len(answers.responses), len(easy_read)
    sys.stdout.write(
        f"{path}: {number} answers, {easy} in Easy Read. Open it in a browser.\n"
    )


def render(answers: Answers, sign_off: SignOff, easy_read: EasyRead) -> str:
    """The page as HTML that needs no other file."""
    sheets = [_sheet(answers, sign_off, name) for name in answers.responses]
    easy = [_easy_sheet(answers, sign_off, easy_read, key) for key in easy_read]
    return Pages(answers).render("preview.html", sheets=sheets, easy=easy, css=style())


def title(answers: Answers, name: str) -> str:
    """What an answer is about, as its button says; a part only has its name."""
    topic = answers.topics.of_intent(name.removeprefix("utter_"))
    return topic.title if topic else name.removeprefix("utter_").replace("_", " ")


def _sheet(answers: Answers, sign_off: SignOff, name: str) -> Sheet:
    response = answers.responses[name]
    metadata = response["metadata"]
    text = reading.text(answers, name)
    missing = sign_off.missing(name, response)
    facts = {
        "Reading age": str(reading.age(text) or "too short to tell"),
        "Characters": str(len(text)),
        "Sources": "; ".join(answers.sources[s]["title"] for s in metadata["sources"]),
        "Owner": metadata["owner"],
        "Facts checked on": metadata["checked_on"] or "not yet",
        "Review by": metadata["review_by"],
        **_signatures(sign_off, name, response),
    }
    if reason := metadata.get("reading_age_exception"):
        facts["Hard to read because"] = reason
    return Sheet(
        name=name,
        title=title(answers, name),
        place=answers.responses.place(name),
        state="draft" if missing else "approved",
        facts=facts,
        replies=_shown(answers, name),
    )


def _signatures(
    sign_off: SignOff, name: str, response: dict[str, Any]
) -> dict[str, str]:
    """Who has signed a wording, and who has yet to."""
    signed = sign_off.signed(name, response).values()
    return {
        "Signed by": "; ".join(f"{s['by']}, {s['on']}" for s in signed) or "–",
        "Yet to sign": ", ".join(sign_off.missing(name, response)) or "–",
    }


def _easy_sheet(
    answers: Answers, sign_off: SignOff, easy_read: EasyRead, key: str
) -> EasySheet:
    version, name = easy_read[key], signed_as(key)
    missing = sign_off.missing(name, version.as_response())
    facts = {
        "Lines": str(len(version.lines)),
        "Owner": version.owner,
        "Facts checked on": version.checked_on or "not yet",
        "Review by": version.review_by,
        **_signatures(sign_off, name, version.as_response()),
    }
    return EasySheet(
        name=name,
        title=answers.topics.by_key[key].title,
        place=easy_read.place(key),
        state="draft" if missing else "approved",
        facts=facts,
        lines=easy_read.shown(key),
    )


def _shown(answers: Answers, name: str) -> list[Shown]:
    """Each different reply once, with those who read it."""
    example = answers.responses[name]["metadata"].get("example", {})
    who: dict[str | None, str] = {None: "When the force is not known"}
    for key, force in answers.directory.forces.items():
        who[key] = force.name
    replies = {key: answers.reply(name, key, **example) for key in who}
    if len({(reply.text, str(reply.links)) for reply in replies.values()}) == 1:
        return [Shown("For every force", None, replies[None])]
    return [Shown(who[key], key, reply) for key, reply in replies.items()]
