"""Renders the responses of domain.yml, for Rasa, the chat and the plain pages alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import DATA, ROOT, answer_checks, shapes, yaml_files
from bot.answer_checks import FILE, PLACEHOLDER, AnswersError
from bot.directory import Directory
from bot.sign_off import SignOff
from bot.topics import FALLBACK, UNLISTED, Topic, Topics

# Emergencies have a first sentence of their own.
LED = ("answer", "clarify", "fallback", "unavailable")
# What was not understood or not read may have been about a child in danger.
ALWAYS_LED = ("fallback", "unavailable")
MOST_BUTTONS = 3  # the contract of /chat
LEAD = "utter_lead"
YOUNG_FIRST = ("utter_young_childline", "utter_young_report_remove")
REFUSALS = ("utter_seeking_material", "utter_evading_police")
# In place of a wording that is not approved, where only approved ones are served.
NOT_REVIEWED = "utter_not_reviewed"


@dataclass(frozen=True)
class Reply:
    """One reply as the contract of /chat gives it.

    `kind` is emergency, answer, clarify, fallback or unavailable; inside the bot also
    `part`, a sentence to be added to the reply before it.
    """

    kind: str
    topic: str
    text: str
    links: tuple[dict[str, str], ...] = ()
    buttons: tuple[dict[str, str], ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    checked_on: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The reply as plain data for JSON."""
        plain = dict(vars(self))
        for key in ("links", "buttons", "sources"):
            plain[key] = list(plain[key])
        return plain


class Answers:
    """The wording of every response, filled for a visitor's force."""

    def __init__(
        self,
        responses: dict,
        directory: Directory,
        topics: Topics,
        sources: dict,
        sign_off: SignOff | None = None,
        only_approved: bool = False,
    ) -> None:
        """Checks every response.

        Args:
            responses: Those of domain.yml.
            directory: What fills their placeholders.
            topics: What they are about.
            sources: The content of data/sources.yml.
            sign_off: Who has approved what; None: nobody anything.
            only_approved: Say `NOT_REVIEWED` in place of a wording not approved.
        """
        shapes.check(FILE, responses, "responses", AnswersError)
        shapes.check("data/sources.yml", sources, "sources", AnswersError)
        self.directory = directory
        self.topics = topics
        self.sources = sources
        self._lines = responses
        self.responses = {name: only for name, (only,) in responses.items()}
        self._approved = {
            name
            for name, response in self.responses.items()
            if sign_off and not sign_off.missing(name, response)
        }
        self._only_approved = only_approved
        openings = (f"utter_opening_{key}" for key in topics.openings)
        answer_checks.check(self, {LEAD, *YOUNG_FIRST, NOT_REVIEWED, *openings})
        if only_approved:
            essential = {LEAD, *YOUNG_FIRST, NOT_REVIEWED, *REFUSALS}
            answer_checks.check_approved(self, essential)

    @classmethod
    def read(
        cls, root: Path = ROOT, data: Path = DATA, only_approved: bool = False
    ) -> Answers:
        """Reads domain.yml and the files in data/ that fill it.

        Raises:
            YamlFileError, DirectoryError, TopicsError, SignOffError: A file is missing
                or has a gap.
            AnswersError: A response has a placeholder, source or kind nobody knows, or
                one that must be approved is not.
        """
        domain = yaml_files.read(root / "domain.yml")
        shapes.check(FILE, domain, "domain", AnswersError)
        return cls(
            domain["responses"],
            Directory.read(data),
            Topics.read(data),
            yaml_files.read(data / "sources.yml"),
            SignOff.read(data),
            only_approved,
        )

    def approved(self, name: str) -> bool:
        """Whether every signatory has signed the wording of a response as it is."""
        return name in self._approved

    @property
    def serves_drafts(self) -> bool:
        """Whether a visitor may read a wording that is not approved."""
        return not self._only_approved and len(self._approved) < len(self.responses)

    def kind(self, name: str) -> str:
        """The kind of a response: `part`, or one of `Reply.kind`."""
        topic = self.topics.of_intent(name.removeprefix("utter_"))
        return self.responses[name]["metadata"].get("kind") or _kind(topic)

    def place(self, name: str, *path: str) -> str:
        """Where a response stands, or a part of it: domain.yml, line 212."""
        return yaml_files.at(FILE, self._lines, name, *((0, *path) if path else ()))

    def reply(
        self,
        name: str,
        force: str | None = None,
        lead: bool = False,
        likely: Sequence[str] | None = (),
        brief: bool = False,
        **values: Any,
    ) -> Reply:
        """Renders one response.

        Args:
            name: The response, such as `utter_harm`.
            force: The visitor's police force; None or unknown: the national routes.
            lead: Begin with what to do if a child is in danger, whatever the topic.
            likely: Topics the message may be about as well; they go before the
                related ones as buttons. None: no buttons.
            brief: The short form, for a message with two questions; it links to the
                whole answer.
            values: What an action computed, for placeholders without a dot.

        Raises:
            AnswersError: There is no such response, or a value is missing.
        """
        if name not in self.responses:
            raise AnswersError(f"domain.yml: there is no response `{name}`.")
        response = self.responses[name]
        metadata = response["metadata"]
        topic = self.topics.of_intent(name.removeprefix("utter_"))
        kind = self.kind(name)
        if self._only_approved and not self.approved(name):
            # A part adds to another reply, which stands without it.
            empty = Reply("part", topic.key if topic else FALLBACK, "")
            return empty if kind == "part" else self.reply(NOT_REVIEWED, force)
        checked_on = self._checked_on(name)
        brief = brief and "brief" in metadata
        wording = metadata["brief"] if brief else response["text"]
        text, links = self._fill(name, wording, force, values)
        if brief and topic and topic.audience != UNLISTED:
            known = force if force in self.directory.forces else None
            links = _unique([*links, self.topics.whole_answer(topic, known)])
        if kind != "emergency":
            links = self.directory.side_by_side(links)
        # Of several answers only the first is led, and who asks for them says so.
        calls = kind in ALWAYS_LED or (topic and topic.lead == "sentence")
        if (lead or (calls and not brief)) and kind in LED:
            first, first_links = self._fill(
                LEAD, self.responses[LEAD]["text"], force, {}
            )
            text, links = f"{first}\n\n{text}", _unique(first_links + links)
            checked_on = _earliest(checked_on, self._checked_on(LEAD))
        return Reply(
            kind=kind,
            topic=topic.key if topic else (*(likely or ()), FALLBACK)[0],
            text=text,
            links=tuple(links),
            buttons=tuple(self._buttons(kind, topic, likely, brief)),
            sources=tuple(self._named_sources(metadata["sources"])),
            checked_on=checked_on,
        )

    def opening(self, audience: str, force: str | None = None) -> Reply:
        """What somebody reads who says who is asking; a key of `openings`."""
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
            return replace(reply, links=tuple(_unique([*reply.links, *links])))
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
            links=tuple(_unique([*emergency, *links, *reply.links])),
            checked_on=_earliest(reply.checked_on, *(p.checked_on for p in first)),
        )

    def _fill(
        self, name: str, wording: str, force: str | None, values: dict
    ) -> tuple[str, list]:
        links: list[dict[str, str]] = []

        def fill(match: re.Match) -> str:
            entry, field = match.groups()
            if field:
                links.extend(self.directory.links(entry, field, force))
                return self.directory.value(entry, field, force)
            if entry not in values:
                raise AnswersError(
                    f"domain.yml: `{name}` got no value for {{{entry}}}."
                )
            return str(values[entry])

        text = PLACEHOLDER.sub(fill, wording.strip())
        for extra in self.responses[name]["metadata"].get("links", []):
            links.extend(self.directory.links(*extra.split("."), force))
        return text.replace("\n", "\n\n"), _unique(links)

    def _buttons(
        self,
        kind: str,
        topic: Topic | None,
        likely: Sequence[str] | None,
        brief: bool,
    ) -> list[dict]:
        if kind == "clarify":
            return self.topics.buttons((likely or ())[:MOST_BUTTONS])
        if kind in ALWAYS_LED and not brief:
            return self.topics.buttons(self.served(self.topics.menu))
        if likely is None or topic is None:
            return []
        if kind == "emergency":
            return self.topics.not_now((*likely, *topic.related)[0])
        # Beside another answer, a related topic may be the one answered there.
        related = () if brief else topic.related
        others = [key for key in (*likely, *related) if key != topic.key]
        return self.topics.buttons(self.served(others)[:MOST_BUTTONS])

    def served(self, topics: Sequence[str]) -> list[str]:
        """Those of some topics that have an answer to show, each once."""
        return [
            key
            for key in dict.fromkeys(topics)
            if not self._only_approved or self.approved(f"utter_{key}")
        ]

    def _checked_on(self, name: str) -> str | None:
        """The day the facts of an approved wording were checked; None: a draft."""
        checked = self.responses[name]["metadata"]["checked_on"]
        return checked if self.approved(name) else None

    def _named_sources(self, names: list[str]) -> list[dict[str, str]]:
        return [{k: self.sources[n][k] for k in ("title", "href")} for n in names]


def combine(replies: list[Reply]) -> list[Reply]:
    """Adds each `part` to the reply before it; a part that stands alone is dropped.

    So are a part without words and a reply that was given already: both happen where
    only approved wordings are served.
    """
    combined: list[Reply] = []
    for reply in replies:
        if not reply.text or reply.text in [said.text for said in combined]:
            continue
        if reply.kind != "part":
            combined.append(reply)
        elif combined:
            before = combined[-1]
            combined[-1] = replace(
                before,
                text=f"{before.text}\n\n{reply.text}",
                links=tuple(_unique([*before.links, *reply.links])),
                checked_on=_earliest(before.checked_on, reply.checked_on),
            )
    return combined


def _kind(topic: Topic | None) -> str:
    if topic and topic.lead == "emergency":
        return "emergency"
    return "fallback" if topic and topic.key == FALLBACK else "answer"


def _unique(links: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({(link["href"], link["title"]): link for link in links}.values())


def _earliest(*days: str | None) -> str | None:
    """The earliest of some days; None when one of them is."""
    return min(days, key=str) if all(days) else None
