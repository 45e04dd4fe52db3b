"""Renders the responses of domain.yml, for Rasa, the chat and the plain pages alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import DATA, ROOT
from bot.words.reply import Link, Plan, Reply, earliest, few
from bot.words.responses import (
    FILE,
    LEAD,
    NOT_REVIEWED,
    PLACEHOLDER,
    YOUNG_FIRST,
    AnswersError,
    Responses,
)
from bot.words.topics import FALLBACK, MOST_BUTTONS, UNLISTED, Topic

# Emergencies have a different first sentence.
LED = ("answer", "clarify", "fallback", "unavailable")
# What was not understood or not read may have been about a child in danger.
ALWAYS_LED = ("fallback", "unavailable")


class Answers:
    """The wording of every response, filled for a visitor's force."""

    def __init__(self, responses: Responses) -> None:
        """Takes the checked responses, with everything they were checked against."""
        self.responses = responses
        self.directory = responses.directory
        self.topics = responses.topics
        self.sources = responses.sources
        # Those that differ from force to force; the others are the same for all.
        self._by_force = {name for name in responses if _names_force(responses[name])}
        # As they were rendered: a few hundred, a few kilobytes each. Their keys come
        # from the content files, never from what a visitor typed.
        self._kept: dict[tuple[str, str | None, bool], Reply] = {}

    @classmethod
    def read(
        cls, root: Path = ROOT, data: Path = DATA, only_approved: bool = False
    ) -> Answers:
        """Reads domain.yml and the files in data/; raises what Responses.read does."""
        return cls(Responses.read(root, data, only_approved))

    @property
    def serves_drafts(self) -> bool:
        """Whether a visitor may read a wording that is not approved."""
        drafts = (n for n in self.responses if not self.responses.approved(n))
        return any(map(self.responses.may_be_said, drafts))

    def served(self, topics: Sequence[str]) -> list[str]:
        """Those of some topics that have an answer to show, each once."""
        found = dict.fromkeys(topics)
        return [key for key in found if self.responses.may_be_said(f"utter_{key}")]

    def listed(self) -> list[str]:
        """The topics of the answers page that have an answer to show, in file order."""
        topics = self.topics.by_key.items()
        return self.served([key for key, t in topics if t.audience != UNLISTED])

    def reply(
        self,
        name: str,
        force: str | None = None,
        lead: bool = False,
        likely: Sequence[str] | None = (),
        together: bool = False,
        **values: Any,
    ) -> Reply:
        """Renders one response.

        Args:
            name: The response, such as `utter_harm`.
            force: The visitor's police force; None or unknown: the national routes.
            lead: Begin with what to do if a child is in danger, whatever the topic.
            likely: Topics the message may be about as well; they go before the
                related ones as buttons. None: no buttons.
            together: It is one of several answers to a message. Only the first of them
                begins with 999, and the caller says so with `lead`.
            values: What an action computed, for placeholders without a dot.

        Raises:
            AnswersError: There is no such response, or a value is missing.
        """
        if name not in self.responses:
            raise AnswersError(f"{FILE}: there is no response `{name}`.")
        if not self.responses.may_be_said(name):
            return self._in_place_of(name, force)
        kind, topic = self.responses.kind(name), self.responses.topic(name)
        calls = kind in ALWAYS_LED or (topic is not None and topic.is_led)
        led = kind in LED and (lead or (calls and not together))
        return replace(
            self._worded(name, force, led, values),
            topic=topic.key if topic else (*(likely or ()), FALLBACK)[0],
            buttons=tuple(self._buttons(kind, topic, likely, together)),
        )

    def said(self, name: str, plan: Plan, force: str | None, **values: Any) -> Reply:
        """One of the responses of a plan.

        When several answers make one reply, the first holds the sentence about 999 and
        the last the buttons.
        """
        said = [action for action in plan.actions if action in self.responses]
        likely: Sequence[str] | None = plan.offered
        if plan.ordinary and said[:1] == [name]:
            likely = [plan.ordinary]
        elif said and name != said[-1]:
            likely = None
        return self.reply(
            name,
            force,
            lead=plan.lead and said[:1] == [name],
            likely=likely,
            together=len(said) > 1,
            **values,
        )

    def opening(self, audience: str, force: str | None = None) -> Reply:
        """The reply to somebody who says who is asking; a key of `openings`."""
        questions = self.topics.openings[audience].topics
        reply = self.reply(f"utter_opening_{audience}", force)
        return replace(reply, buttons=tuple(self.topics.buttons(questions)))

    def for_young(self, reply: Reply) -> Reply:
        """The reply for somebody under 18: Childline and Report Remove come first.

        Only calling 999 comes before them. A wording that names both keeps its order.
        """
        first = [self.reply(name) for name in YOUNG_FIRST]
        links = [link for part in first for link in part.links]
        if reply.kind == "emergency":
            # What to do now must not be held up; its own words name Childline.
            return replace(reply, links=few(reply.links, kept=first[0].links))
        led = reply.text.startswith(self.reply(LEAD).text)
        paragraphs = reply.text.split("\n\n")
        known = {link["href"] for link in reply.links}
        paragraphs[int(led) : int(led)] = [
            part.text for part in first if part.links[0]["href"] not in known
        ]
        emergency = reply.links[:1] if led else ()
        return replace(
            reply,
            text="\n\n".join(paragraphs),
            links=few([*emergency, *links, *reply.links]),
            checked_on=earliest(reply.checked_on, *(p.checked_on for p in first)),
        )

    def _worded(
        self, name: str, force: str | None, led: bool, values: dict[str, Any]
    ) -> Reply:
        """A response as far as what was asked has no share in it: without buttons."""
        if values:  # such as an hour, which passes
            return self._render(name, force, led, values)
        varies = name in self._by_force or (led and LEAD in self._by_force)
        known = force if varies and force in self.directory.forces else None
        if (name, known, led) not in self._kept:
            self._kept[name, known, led] = self._render(name, known, led, values)
        return self._kept[name, known, led]

    def _render(
        self, name: str, force: str | None, led: bool, values: dict[str, Any]
    ) -> Reply:
        kind, entry = self.responses.kind(name), self.responses[name]
        text, links = self._fill(name, entry["text"], force, values)
        checked_on = self.responses.checked_on(name)
        if led:
            first, first_links = self._fill(
                LEAD, self.responses[LEAD]["text"], force, {}
            )
            text, links = f"{first}\n\n{text}", [*first_links, *links]
            checked_on = earliest(checked_on, self.responses.checked_on(LEAD))
        return Reply(
            kind=kind,
            topic="",
            text=text,
            links=self._links(name, kind, links, force),
            sources=tuple(self._named_sources(entry["metadata"]["sources"])),
            checked_on=checked_on,
        )

    def _in_place_of(self, name: str, force: str | None) -> Reply:
        """What is said instead of a wording that may not be."""
        if self.responses.kind(name) != "part":
            return self.reply(NOT_REVIEWED, force)
        # A part adds to another reply, which is complete without it.
        topic = self.responses.topic(name)
        return Reply("part", topic.key if topic else FALLBACK, "")

    def _links(
        self, name: str, kind: str, links: Sequence[Link], force: str | None
    ) -> tuple[Link, ...]:
        """What can be pressed under a response, the most important first.

        The links that its text names come before other ways to help. A link that the
        text does not name always has its place.
        """
        further: list[Link] = []
        for extra in self.responses[name]["metadata"].get("links", []):
            entry, field = extra.split(".")
            further += self.directory.links(entry, field, force)
        named = few(_one_each(links), kept=_one_each(further))
        return named if kind == "emergency" else self.directory.side_by_side(named)

    def _fill(
        self, name: str, wording: str, force: str | None, values: dict[str, Any]
    ) -> tuple[str, list[Link]]:
        links: list[Link] = []

        def fill(match: re.Match[str]) -> str:
            entry, field = match.groups()
            if field:
                links.extend(self.directory.links(entry, field, force))
                return self.directory.value(entry, field, force)
            if entry not in values:
                raise AnswersError(f"{FILE}: `{name}` got no value for {{{entry}}}.")
            return str(values[entry])

        text = PLACEHOLDER.sub(fill, wording.strip())
        return text.replace("\n", "\n\n"), links

    def _buttons(
        self,
        kind: str,
        topic: Topic | None,
        likely: Sequence[str] | None,
        together: bool,
    ) -> list[dict[str, str]]:
        if kind == "clarify":
            return self.topics.buttons((likely or ())[:MOST_BUTTONS])
        if kind in ALWAYS_LED and not together:
            return self.topics.buttons(self.served(self.topics.menu))
        if likely is None or topic is None:
            return []
        if kind == "emergency":
            return self.topics.not_now((*likely, *topic.related)[0])
        # Beside another answer, a related topic may be the one answered there.
        related = () if together else topic.related
        others = [key for key in (*likely, *related) if key != topic.key]
        return self.topics.buttons(self.served(others)[:MOST_BUTTONS])

    def _named_sources(self, names: list[str]) -> list[Link]:
        return [{k: self.sources[n][k] for k in ("title", "href")} for n in names]


def _names_force(entry: dict[str, Any]) -> bool:
    """Whether a response has a field of the visitor's force, in its text or links."""
    named = [*PLACEHOLDER.findall(entry["text"])]
    named += [link.split(".") for link in entry["metadata"].get("links", [])]
    return any(name == "force" for name, _ in named)


def _one_each(links: Iterable[Link]) -> list[Link]:
    """The first link to each address: a page may be offered under several names."""
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link["href"], link)
    return list(found.values())
