"""One reply, what a message's replies consist of, and how parts become one reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Link = dict[str, str]  # {"title", "href"}
CLARIFY = "utter_clarify"
MOST_LINKS = 4  # the contract of /chat
IN_ANOTHER_LANGUAGE = ("lang", "dir", "english")


@dataclass(frozen=True)
class Reply:
    """One reply as the contract of /chat gives it.

    `kind` is emergency, answer, clarify, fallback or unavailable; inside the bot also
    `part`, a sentence to be added to the reply before it. A reply in another language
    says which (`lang`, BCP 47), the direction of its script, and the same in English.
    """

    kind: str
    topic: str
    text: str
    links: tuple[Link, ...] = ()
    buttons: tuple[dict[str, str], ...] = ()
    sources: tuple[Link, ...] = ()
    checked_on: str | None = None
    lang: str | None = None
    dir: str | None = None
    english: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The reply as plain data for JSON; an English one names no language."""
        plain = dict(vars(self))
        for key in ("links", "buttons", "sources"):
            plain[key] = list(plain[key])
        if self.lang is None:
            for key in IN_ANOTHER_LANGUAGE:
                del plain[key]
        return plain


@dataclass(frozen=True)
class Plan:
    """What the replies to one message consist of.

    Attributes:
        actions: The steps of data/rules.yml for all intents that are answered.
        lead: Begin with what to do if a child is in danger now.
        offered: Topics for the buttons under the last reply, likeliest first.
        ordinary: What an emergency reply would have answered, had it not been one.
    """

    actions: tuple[str, ...]
    lead: bool = False
    offered: tuple[str, ...] = ()
    ordinary: str | None = None

    @classmethod
    def of(
        cls,
        intents: Iterable[str],
        steps: Mapping[str, Sequence[str]],
        lead: bool,
        offered: tuple[str, ...],
        ordinary: str | None,
    ) -> Plan:
        """The plan for some intents, with their `steps`; without any, to ask back."""
        actions = tuple(a for intent in intents for a in steps.get(intent, ()))
        return cls(actions or (CLARIFY,), lead, offered, ordinary)


def combine(replies: Iterable[Reply]) -> list[Reply]:
    """Adds each `part` to the reply before it; a part without one is dropped.

    A paragraph appears once: two answers often end with the same way to help. So it
    also drops a reply without words and one that was already given: both happen when
    only approved wordings are served.
    """
    combined: list[Reply] = []
    said: set[str] = set()
    for reply in replies:
        paragraphs = reply.text.split("\n\n")
        text = "\n\n".join(words for words in paragraphs if words not in said)
        said.update(paragraphs)
        if not text:
            continue
        if reply.kind != "part":
            combined.append(replace(reply, text=text))
        elif combined:
            before = combined[-1]
            combined[-1] = replace(
                before,
                text=f"{before.text}\n\n{text}",
                links=few(before.links, kept=reply.links),
                checked_on=earliest(before.checked_on, reply.checked_on),
            )
    return combined


def unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links, each once."""
    return tuple({(link["href"], link["title"]): link for link in links}.values())


def few(links: Iterable[Link], kept: Sequence[Link] = ()) -> tuple[Link, ...]:
    """The links, each once, and as many as a reply may have: the first ones.

    Those that are to be `kept` follow, and take the place of the last.
    """
    every, kept = unique([*links, *kept]), unique(kept)
    others = [link for link in every if link not in kept]
    dropped = others[max(0, MOST_LINKS - len(kept)) :]
    return tuple(link for link in every if link not in dropped)[:MOST_LINKS]


def earliest(*days: str | None) -> str | None:
    """The earliest of some days; None when one of them is."""
    return min(days, key=str) if all(days) else None
