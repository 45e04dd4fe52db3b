"""Renders the HTML pages from bot/web/templates."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot import ROOT
from bot.answers import Answers, Reply
from bot.directory import ADDRESS
from bot.notice import Notice

WEB = ROOT / "bot" / "web"
# A longer address is shown by its host alone; the link holds the whole of it.
LONGEST_SHOWN = 40


class Pages:
    """The pages of the site; every number in them comes from the directory."""

    def __init__(self, answers: Answers, notice: Notice | None = None) -> None:
        """Creates the pages; `notice` None: there is never one to show."""
        self._answers = answers
        self._notice = notice
        self._templates = Environment(
            loader=FileSystemLoader(WEB / "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["paragraphs"] = paragraphs

    def render(self, template: str, force: str | None = None, **values: Any) -> str:
        """Renders one template.

        Args:
            template: Its file name in bot/web/templates.
            force: The visitor's police force, or None.
            values: What the template shows besides the directory and the topics.
        """
        topics = self._answers.topics
        return self._templates.get_template(template).render(
            at=lambda name, field: self._answers.directory.value(name, field, force),
            topics=topics,
            menu=topics.buttons(topics.menu),
            emergency=topics.buttons(("immediate_risk",))[0],
            safe=self._answers.reply("utter_unavailable", force),
            force=force or "",
            notice=self._notice.text if self._notice else "",
            **values,
        )

    def chat(self, force: str | None, session: str, replies: list[Reply]) -> str:
        """The campaign page with the chat, and the replies to a form post."""
        return self.render("index.html", force, session=session, replies=replies)


def paragraphs(text: str) -> Markup:
    """The paragraphs of a reply as HTML, with its web addresses to press."""
    return Markup("").join(
        Markup("<p>{}</p>").format(_with_links(part)) for part in text.split("\n\n")
    )


def _with_links(text: str) -> Markup:
    def link(match: re.Match) -> str:
        address = match[0].rstrip(".")
        shown = re.sub(r"^https?://(www\.)?|/$", "", address)
        if len(shown) > LONGEST_SHOWN:
            shown = shown.split("/")[0]
        anchor = Markup('<a href="{0}" rel="noopener">{1}</a>').format(address, shown)
        return str(anchor) + match[0][len(address) :]

    return Markup(ADDRESS.sub(link, str(escape(text))))
