"""The replies in a visitor's own language, each with its English below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.words.answers import Answers
from bot.words.languages import ENGLISH, PLACEHOLDER, Languages, Wording
from bot.words.reply import Link, Reply, few
from bot.words.topics import (
    FALLBACK,
    IN_DANGER,
    MOST_BUTTONS,
    UNLISTED,
    VAGUE,
    YOUNG,
    Topic,
    refines,
)

LEAD = "lead"
CALLING = "access_needs_language"  # the English answer that says how to call
# The text of an emergency, by the intent or the topic that begins it.
EMERGENCIES = {
    "immediate_risk_own_urge": "emergency_own_urge",
    "immediate_risk_child_suicidal": "emergency_suicidal",
    "immediate_risk": "emergency_child",
    "suicidal": "emergency_suicidal",
    "other_emergency": "emergency_other",
}
# Which way to help comes before an answer: by its topic, or by who it is for.
HELP_WITH = {
    "chat_privacy": ("chat", "helpline"),
    "bot_identity": ("chat", "helpline"),
    "talk_to_human": ("helpline", "childline"),
    "access_needs": ("helpline", "report"),
}
HELP_FOR = {"young": ("childline",), "report": ("report",)}
HELP = ("helpline",)
EVERY_HELP = ("helpline", "childline")
# What a page of help says below the emergency, by the heading above it.
SECTIONS = {
    "help_heading": EVERY_HELP,
    "report_heading": ("report",),
    "chat_heading": ("chat",),
}
# In a text that runs from right to left, "0808 1000 900" would be shown as
# "900 1000 0808": Unicode orders its parts as words. These keep it together
# (Unicode Standard Annex 9, 2.1 and 2.5).
RIGHT_TO_LEFT, SPACED = "rtl", re.compile(r"\d+(?: \d+)+")
LTR_BEGINS, LTR_ENDS = "\u2066", "\u2069"


class Spoken:
    """Says things in the languages of data/languages."""

    def __init__(self, answers: Answers, languages: Languages) -> None:
        """Takes the English answers, for numbers and topics, and the languages."""
        self._answers = answers
        self.topics = answers.topics
        self.languages = languages

    def offered(self) -> list[Wording]:
        """The languages that a visitor may choose, as their own names sort."""
        said = [w for t, w in self.languages.items() if self.languages.may_be_said(t)]
        return sorted(said, key=lambda wording: wording.own_name.casefold())

    def wording(self, tag: str | None) -> Wording | None:
        """A language that a visitor may choose; None: there is no such language."""
        known = self.known(tag)
        said = known and self.languages.may_be_said(known.tag)
        return known if said else None

    def known(self, tag: str | None) -> Wording | None:
        """A language that has words, whether or not they may be said."""
        wanted = (tag or "").casefold()  # a poster may be copied in capital letters
        found = [own for own in self.languages if own.casefold() == wanted]
        return self.languages[found[0]] if found else None

    def page(self, tag: str) -> dict[str, Any]:
        """What a page needs to continue in a language, English too, as plain data."""
        english = tag == ENGLISH
        own = self.languages.english if english else self.languages[tag]
        danger = self._answers.reply(f"utter_{IN_DANGER}")
        return {
            "lang": tag,
            "dir": own.dir,
            "words": {**own.page, "hint": own.texts["chat"]},
            "danger": (danger if english else self.danger(tag)).as_dict(),
        }

    def danger(self, tag: str) -> Reply:
        """What the button on every page of the chat says."""
        return self.emergency(tag, IN_DANGER, None, None)

    def help(self, tag: str) -> dict[str, Reply]:
        """What the page of help says, by the heading of each part."""
        parts = {"emergency_heading": replace(self.danger(tag), buttons=())}
        for heading, names in SECTIONS.items():
            parts[heading] = self._reply(tag, "answer", FALLBACK, names)
        return parts

    def questions(self, tag: str) -> dict[str, str]:
        """The titles of the topics that have an answer to show, by topic."""
        titles, topics = self.languages[tag].topics, self.topics.by_key
        listed = [key for key in titles if topics[key].audience != UNLISTED]
        return {key: titles[key] for key in self._answers.served(listed)}

    def emergency(
        self, tag: str, intent: str, audience: str | None, ordinary: str | None
    ) -> Reply:
        """What to do now.

        Args:
            tag: The language.
            intent: The emergency intent.
            audience: Who is asking, as they said before.
            ordinary: What "This is not happening now" leads to, or None.
        """
        text = next(text for key, text in EMERGENCIES.items() if refines(intent, key))
        if text == "emergency_child" and audience == YOUNG:
            text = "emergency_young"
        topic = self.topics.of_intent(intent)
        assert topic, "an emergency intent has a topic"
        said = self._reply(tag, "emergency", topic.key, [text])
        leads_to = ordinary or topic.related[0]
        title = self.languages[tag].texts["not_now"]
        return replace(said, buttons=({"title": title, "topic": leads_to},))

    def before_answer(self, tag: str, topic: Topic, offered: Sequence[str]) -> Reply:
        """What comes before the English answer to a topic."""
        family = self.topics.family(topic.key)
        helps = HELP_WITH.get(family) or HELP_FOR.get(topic.audience, HELP)
        parts = [LEAD, "about", *helps, "english_below"]
        title = self.languages[tag].topics.get(family)
        if title is None:
            parts.remove("about")
        said = self._reply(tag, "answer", topic.key, parts, topic=family)
        return replace(said, buttons=self._buttons(tag, offered, family))

    def refusal(self, tag: str, topic: str) -> Reply:
        """A request that is refused, with a way to help."""
        return self._reply(tag, "answer", topic, [LEAD, "refusal", *HELP])

    def ask_back(self, tag: str, offered: Sequence[str]) -> Reply:
        """What is said when the question is not clear."""
        topic = (*offered, FALLBACK)[0]
        said = self._reply(tag, "clarify", topic, [LEAD, "choose", *EVERY_HELP])
        return replace(said, buttons=self._buttons(tag, offered or self.topics.menu))

    def start(self, tag: str, topic: str, offered: Sequence[str]) -> Reply:
        """What is said to a greeting, or to a plea without a subject."""
        said = self._reply(tag, "answer", topic, [LEAD, "start", *EVERY_HELP])
        return replace(said, buttons=self._buttons(tag, offered))

    def not_understood(self, tag: str) -> Reply:
        """What is said to something else, with the menu."""
        parts = [LEAD, "not_understood", *EVERY_HELP]
        said = self._reply(tag, "fallback", FALLBACK, parts)
        return replace(said, buttons=self._buttons(tag, self.topics.menu, most=None))

    def unavailable(self, tag: str) -> Reply:
        """What is said when no question can be answered; the buttons work."""
        parts = [LEAD, "unavailable", *EVERY_HELP]
        said = self._reply(tag, "unavailable", FALLBACK, parts)
        return replace(said, buttons=self._buttons(tag, self.topics.menu, most=None))

    def opening(self, tag: str, audience: str) -> Reply:
        """The first questions for somebody who says who is asking."""
        topics = self.topics.openings[audience].topics
        said = self._reply(tag, "answer", VAGUE, [LEAD, "start", *EVERY_HELP])
        return replace(said, buttons=self._buttons(tag, topics, most=None))

    def lead(self, tag: str) -> Reply:
        """Calling 999, and nothing else: for somebody who may speak this language."""
        return self._reply(tag, "answer", CALLING, [LEAD])

    def calling(self) -> Reply:
        """In English: how to call 999 and the helpline in any language."""
        return self._answers.reply(f"utter_{CALLING}", lead=True)

    def filled(self, text: str, wording: Wording, say: str, topic: str = "") -> str:
        """One text with what fills it.

        Args:
            text: As it is in the file.
            wording: The language of the text.
            say: What a caller says after "Help".
            topic: The title for `{topic}`.
        """
        values = {"say": say, "topic": topic}

        def fill(match: re.Match[str]) -> str:
            entry, _, field = match[1].partition(".")
            if not field:
                return values[entry]
            value = self._answers.directory.value(entry, field)
            apart = wording.dir == RIGHT_TO_LEFT and SPACED.fullmatch(value)
            return f"{LTR_BEGINS}{value}{LTR_ENDS}" if apart else value

        return PLACEHOLDER.sub(fill, text).strip()

    def _reply(
        self, tag: str, kind: str, topic_key: str, parts: Iterable[str], topic: str = ""
    ) -> Reply:
        own, english = self.languages[tag], self.languages.english
        names = list(parts)
        text = self._filled(own, own, names, topic)
        return Reply(
            kind=kind,
            topic=topic_key,
            text=text,
            links=self._links(own, names),
            lang=tag,
            dir=own.dir,
            english=self._filled(english, own, names, topic),
        )

    def _filled(
        self, wording: Wording, own: Wording, parts: list[str], topic: str
    ) -> str:
        """Some texts of a language, with what a caller says in the visitor's own."""
        title = wording.topics.get(topic, "")
        filled = [
            self.filled(wording.texts[part], wording, own.say, title) for part in parts
        ]
        lines = [line for text in filled for line in text.splitlines() if line]
        return "\n\n".join(lines)

    def _links(self, wording: Wording, parts: list[str]) -> tuple[Link, ...]:
        """What can be pressed: each number under its service's own name."""
        directory, found = self._answers.directory, []
        for part in parts:
            for name in PLACEHOLDER.findall(wording.texts[part]):
                entry, _, field = name.partition(".")
                if not field or field == "silent":
                    continue
                value = directory.value(entry, field)
                service = directory.services[entry]["name"]
                short = value if len(value) <= 3 else f"{service} {value}"
                title = service if value.startswith("http") else short
                found += [
                    {**link, "title": title} for link in directory.links(entry, field)
                ]
        return few(found)

    def _buttons(
        self,
        tag: str,
        offered: Sequence[str],
        but: str = "",
        most: int | None = MOST_BUTTONS,
    ) -> tuple[dict[str, str], ...]:
        """Topics as buttons in a language; finer ones are offered by their family."""
        titles = self.languages[tag].topics
        families = dict.fromkeys(map(self.topics.family, offered))
        shown = [key for key in families if key in titles and key != but]
        return tuple({"title": titles[k], "topic": k} for k in shown[:most])
