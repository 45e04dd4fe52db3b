"""Renders the HTML pages from bot/pages/templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot import ROOT
from bot.pages.assets import asset
from bot.pages.notice import Notice
from bot.pages.opening_notes import OpeningNotes
from bot.pages.shown import Shown
from bot.words.answers import Answers
from bot.words.directory import ADDRESS, href
from bot.words.languages import Wording
from bot.words.opening_hours import date_in_words, now_in_london
from bot.words.reply import Reply
from bot.words.responses import LEAD
from bot.words.spoken import Spoken
from bot.words.topics import IN_DANGER

WEB = ROOT / "bot" / "pages"
# What a form says about the page it is on; nothing: the campaign page.
WIDGET, HELP = "widget", "help"
# Shown first: for each script, the main language with the most residents in the four
# areas (2021 census, table TS024).
COMMON = ("pl", "ro", "ne", "ur", "pa", "ar", "zh-Hans")
# A number as it is written, and whether the word before it says to text it.
NUMBER = re.compile(r"(\btext )?(£?\b\d+(?:[ .,]\d+)*\b)")
# A longer address is shown as its host only; the link has all of it.
LONGEST_SHOWN = 40


class Unindented(FileSystemLoader):
    """Reads templates without their indentation, which a phone need not load."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, its file, and whether that is unchanged."""
        text, file, unchanged = super().get_source(environment, template)
        return "\n".join(map(str.lstrip, text.split("\n"))), file, unchanged


class Pages:
    """The pages of the site; every number in them comes from the directory."""

    def __init__(
        self,
        answers: Answers,
        notice: Notice | None = None,
        spoken: Spoken | None = None,
    ) -> None:
        """Creates the pages.

        Args:
            answers: The English answers.
            notice: What every page shows at the top; None: never anything.
            spoken: The answers in other languages; None: only English.
        """
        self._answers = answers
        self._spoken = spoken
        self._notes = OpeningNotes(answers.directory, answers.topics.words)
        self._notice = notice
        self._templates = Environment(
            loader=Unindented(WEB / "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
        numbers, sites = answers.directory.numbers(), answers.directory.sites()
        self._lead = answers.reply(LEAD).text
        self._call = href("phone", answers.directory.value("emergency", "phone"))
        self._templates.filters["paragraphs"] = partial(paragraphs, numbers, sites)
        self._templates.filters["address"] = partial(_link, sites, new_tab="")
        self._templates.filters["shown"] = self._shown
        self._templates.globals.update(numbers=numbers, sites=sites)
        self._templates.filters["tel"] = lambda number: href("phone", number)
        self._templates.globals["asset"] = asset
        self._templates.globals["to"] = address_of
        self._templates.globals["wording_of"] = self._wording

    def render(self, template: str, force: str | None = None, **values: Any) -> str:
        """Renders one template.

        Args:
            template: Its file name in bot/pages/templates.
            force: The visitor's police force; None or unknown: the national routes.
            values: What the template shows besides the directory and the topics.
        """
        directory = self._answers.directory
        known = force if force in directory.forces else None
        return self._templates.get_template(template).render(
            at=lambda name, field: directory.value(name, field, known),
            topics=self._answers.topics,
            notes=self._notes.now(),
            notice=self._notice.text if self._notice else "",
            forces=directory.forces,
            force=known or "",
            drafts=self._answers.serves_drafts,
            today=date_in_words(now_in_london()),
            languages=self._spoken.offered() if self._spoken else [],
            common=list(filter(None, map(self._wording, COMMON))),
            **{"indexable": False, "token": "", "whole": None, **values},
        )

    def _shown(self, reply: Reply, folds: bool) -> Shown:
        folding = self._answers.topics.folding if folds else None
        return Shown.of(reply, self._lead, self._call, folding)

    def _wording(self, lang: str | None) -> Wording | None:
        return self._spoken.wording(lang) if self._spoken else None

    def chat(
        self,
        force: str | None,
        session: str,
        replies: Sequence[Reply] = (),
        audience: str | None = None,
        view: str | None = None,
        typed: str = "",
        lang: str | None = None,
    ) -> str:
        """The page with the chat, and the replies to a posted form.

        Args:
            force: The visitor's police force, or None.
            session: The conversation's token.
            replies: The replies; none: the conversation starts.
            audience: Who is asking, as they said before.
            view: `widget` for the page in a force's frame, `help` for a page of help,
                otherwise the campaign page.
            typed: What is in the text field, to send or send again.
            lang: The language of the conversation; None: English.
        """
        wording = self._wording(lang)
        if view == HELP and wording:
            return self.help(wording, force, session, replies, audience, typed=typed)
        template = "widget.html" if view == WIDGET else "index.html"
        box = self._box(wording, force, session, replies, audience, typed)
        return self.render(template, force, **box)

    def help(
        self,
        wording: Wording,
        force: str | None,
        session: str,
        replies: Sequence[Reply] = (),
        audience: str | None = None,
        *,
        framed: bool = False,
        typed: str = "",
        address: str = "",
        alternates: Mapping[str, str] | None = None,
    ) -> str:
        """The page of help in a language, with the chat in it.

        Args:
            wording: The language.
            force: The visitor's police force, or None.
            session: The conversation's token.
            replies: The replies to a posted form.
            audience: Who is asking, as they said before.
            framed: Whether it is in a force's frame.
            typed: What is in the text field.
            address: Where the page is, for readers on paper.
            alternates: Where it is in the languages that a search engine may list, with
                this one; None or empty: it may not be listed.
        """
        assert self._spoken, "a wording is found in the languages"
        box = self._box(wording, force, session, replies, audience, typed)
        return self.render(
            "help.html",
            force,
            **box,
            whole=wording,
            help=self._spoken.help(wording.tag),
            questions=self._spoken.questions(wording.tag),
            framed=framed,
            address=address,
            alternates=alternates or {},
            indexable=bool(alternates),
        )

    def _box(
        self,
        wording: Wording | None,
        force: str | None,
        session: str,
        replies: Sequence[Reply],
        audience: str | None,
        typed: str,
    ) -> dict[str, Any]:
        """What bot/pages/templates/chat.html shows."""
        topics = self._answers.topics
        said = self._spoken.page(wording.tag) if self._spoken and wording else None
        return dict(
            session=session,
            replies=replies,
            typed=typed,
            audience=audience if audience in topics.openings else "",
            wording=wording,
            said=said,
            blank=Reply("answer", "", ""),
            emergency=topics.buttons((IN_DANGER,))[0],
            known=self._known(force),
        )

    def _known(self, force: str | None) -> dict[str, Any]:
        """What reply.js needs for a reply that is not in the page."""
        directory, folding = self._answers.directory, self._answers.topics.folding
        # Without their sources: every page has these replies, and the call is what
        # counts.
        danger = self._answers.reply(f"utter_{IN_DANGER}", force)
        safe = replace(self._answers.reply("utter_unreachable", force), buttons=())
        known = directory.force(force).name if force in directory.forces else None
        sites, ways = directory.sites().items(), directory.ways()
        return {
            "danger": replace(danger, sources=()).as_dict(),
            "safe": replace(safe, sources=()).as_dict(),
            "lead": self._lead,
            "folding": {"first": folding.paragraphs, "stays": folding.stays},
            "numbers": _by_scheme(directory.numbers()),
            "sites": {at: name for at, name in sites if known in (None, name)},
            "notes": {
                line: [note.now, note.hours] if note.hours else [note.now]
                for line, note in self._notes.now().items()
            },
            # By their words, and by the address of a number in a text.
            "ways": {
                way[by]: way["way"]
                for way in ways
                for by in ("title", "href")
                if not ADDRESS.match(way[by])
            },
        }

    def look(self, force: str | None) -> str:
        """The style sheet with the colours of a force."""
        accent = self._answers.directory.force(force).accent
        return self._templates.get_template("look.css").render(accent=accent)


def _by_scheme(numbers: Mapping[str, str]) -> dict[str, list[str]]:
    """Numbers by the scheme of their link, `tel` or `sms`."""
    found: dict[str, list[str]] = {}
    for number, pressed in numbers.items():
        found.setdefault(pressed.partition(":")[0], []).append(number)
    return found


def address_of(path: str, **query: str | None) -> str:
    """An address on this site; it leaves out what is None or empty."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path


def paragraphs(
    numbers: Mapping[str, str], sites: Mapping[str, str], text: str, new_tab: str = ""
) -> Markup:
    """The paragraphs of a reply as HTML; its numbers and web addresses can be pressed.

    reply.js does the same; tests/browser/test_paragraphs.py compares the two.

    Args:
        numbers: The link of each number, from `Directory.numbers`.
        sites: The name of each address, from `Directory.sites`.
        text: The reply; empty: no paragraph.
        new_tab: The words for a link that opens in a new tab; empty: links open in this
            one.
    """
    return Markup("").join(
        Markup("<p>{}</p>").format(_with_links(numbers, sites, part, new_tab))
        for part in text.split("\n\n")
        if part
    )


def _with_links(
    numbers: Mapping[str, str], sites: Mapping[str, str], text: str, new_tab: str
) -> Markup:
    made, done = Markup(), 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(".")
        made += _with_numbers(numbers, text[done : match.start()])
        made += _link(sites, address, new_tab)
        done = match.start() + len(address)
    return made + _with_numbers(numbers, text[done:])


def _with_numbers(numbers: Mapping[str, str], text: str) -> Markup:
    made, done = Markup(), 0
    for match in NUMBER.finditer(text):
        to_write, number = match.groups()
        if pressed := numbers.get(number):
            if to_write:
                pressed = pressed.replace("tel:", "sms:")
            made += escape(text[done : match.start(2)])
            # In text from right to left, the groups of a number would change places.
            made += Markup('<a href="{}" dir="ltr">{}</a>').format(pressed, number)
            done = match.end()
    return made + escape(text[done:])


def _short(address: str) -> str:
    """An address for reading: without what every address begins with."""
    shown = re.sub(r"^https?://(www\.)?|/$", "", address)
    return shown if len(shown) <= LONGEST_SHOWN else shown.split("/")[0]


def _link(sites: Mapping[str, str], address: str, new_tab: str) -> Markup:
    shown = sites.get(address) or _short(address)
    target = Markup(' target="_blank"') if new_tab else ""
    anchor = Markup('<a href="{0}" dir="ltr" rel="noopener noreferrer"{2}>{1}{3}</a>')
    return anchor.format(address, shown, target, new_tab)
