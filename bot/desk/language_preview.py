"""`python -m bot preview --language TAG`: a language beside its English, for print."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import DATA, ROOT
from bot.desk.paper import save, style
from bot.pages.pages import Pages
from bot.words.answers import Answers
from bot.words.languages import FOLDER, PARTS, Languages, signed_as
from bot.words.reply import Reply
from bot.words.sign_off import SignOff
from bot.words.spoken import EMERGENCIES, Spoken
from bot.words.topics import IN_DANGER, REFUSALS, VAGUE, YOUNG

# What each part of a file is, in the words of docs/translating.md.
HEADINGS = {
    "texts": "What the chat says",
    "page": "On the page in this language",
    "openings": "Who is asking",
    "topics": "The title of each topic",
}


@dataclass(frozen=True)
class Text:
    """One text beside its English, both as visitors read them."""

    key: str
    place: str
    own: str
    english: str


@dataclass(frozen=True)
class Said:
    """A reply, and when it is given."""

    when: str
    reply: Reply


def write(folder: Path, tag: str) -> None:
    """Writes language-TAG.html into a folder, which is created if necessary.

    Raises:
        SystemExit: The content has a gap, there is no such language, or the folder
            cannot be written.
    """
    try:
        answers, sign_off = Answers.read(ROOT, DATA), SignOff.read(DATA)
        languages = Languages.read(answers.directory)
    except ValueError as error:
        sys.exit(f"No preview. {error}")
    if tag not in languages:
        near = difflib.get_close_matches(tag, languages, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        sys.exit(f"No preview. There is no {FOLDER}/{tag}.yml to show.{hint}")
    page = render(answers, languages, sign_off, tag)
    path = save(page, folder, f"language-{tag}.html")
    name = languages[tag].in_english
    sys.stdout.write(f"{path}: {name} beside English. Open it in a browser.\n")


def render(answers: Answers, languages: Languages, sign_off: SignOff, tag: str) -> str:
    """The page as HTML that needs no other file."""
    spoken, wording = Spoken(answers, languages), languages[tag]
    name, signed = signed_as(tag), wording.as_response()
    signatures = sign_off.signed(name, signed).values()
    facts = {
        "Own name": wording.own_name,
        "A caller says": f"Help, {wording.say}",
        "Direction": wording.dir,
        "Read by": wording.read_by or "no native speaker yet",
        "Signed by": "; ".join(f"{s['by']}, {s['on']}" for s in signatures) or "–",
        "Yet to sign": ", ".join(sign_off.missing(name, signed)) or "–",
    }
    return Pages(answers).render(
        "language_preview.html",
        language=wording,
        state="approved" if languages.approved(tag) else "draft",
        facts=facts,
        parts={HEADINGS[part]: list(_texts(spoken, tag, part)) for part in PARTS},
        said=[*_emergencies(spoken, tag), *_others(spoken, tag)],
        before=list(_before_answers(spoken, tag)),
        css=style(),
    )


def _texts(spoken: Spoken, tag: str, part: str) -> Iterator[Text]:
    languages = spoken.languages
    own, english = languages[tag], languages.english
    key = next(iter(english.topics))  # any title, to show where it goes
    for name, text in getattr(english, part).items():
        yield Text(
            f"{part}.{name}",
            languages.place(tag, part, name),
            spoken.filled(getattr(own, part)[name], own, own.say, own.topics[key]),
            spoken.filled(text, english, own.say, english.topics[key]),
        )


def _emergencies(spoken: Spoken, tag: str) -> Iterator[Said]:
    """Each emergency that has separate words."""
    intents = {text: intent for intent, text in EMERGENCIES.items()}
    for text, intent in intents.items():
        yield Said(f"Emergency: {text}", spoken.emergency(tag, intent, None, None))
    young = spoken.emergency(tag, IN_DANGER, YOUNG, None)
    yield Said("Emergency: emergency_young", young)


def _others(spoken: Spoken, tag: str) -> Iterator[Said]:
    menu = spoken.topics.menu
    yield Said("The question is not clear", spoken.ask_back(tag, menu))
    yield Said(
        "A greeting, or “help me” and nothing else", spoken.start(tag, VAGUE, menu)
    )
    yield Said("Not understood", spoken.not_understood(tag))
    yield Said("Refused", spoken.refusal(tag, REFUSALS[0]))
    yield Said("No question can be answered", spoken.unavailable(tag))
    for audience, title in spoken.languages.english.openings.items():
        yield Said(f"Opening: {title}", spoken.opening(tag, audience))
    yield Said("Calling 999, where another language is likelier", spoken.lead(tag))


def _before_answers(spoken: Spoken, tag: str) -> Iterator[Said]:
    """What comes before the English answer to each topic that has a title."""
    for key, title in spoken.languages.english.topics.items():
        topic = spoken.topics.by_key.get(key)
        if topic and not topic.is_emergency:
            reply = spoken.before_answer(tag, topic, topic.related)
            yield Said(f"Before the answer: {title}", reply)
