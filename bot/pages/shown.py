"""Which part of a reply a page shows at once, and what it opens on request.

reply.js does the same with the replies that it gets; tests/browser/test_paragraphs.py
compares the two. The JSON of /chat always holds the whole reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.words.reply import Link, Reply

# In characters. A longer text shows its first paragraphs, up to `BEGIN`: with the ways
# to help, a phone has no room for more. If everything fits, chat.js opens all of it.
MOST, BEGIN = 300, 240
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Shown:
    """The parts of a reply, in their order on the page.

    Attributes:
        lead: What to do if a child is in danger now, for people who hear the page or
            print it: everyone else sees it in the bar at the top. Empty: there is none.
        begin: The paragraphs that are shown.
        rest: Those that are opened on request.
        first: The call, before all text; only in an emergency.
        links: The ways to help, the main one first.
        questions: The topics that are offered.
        more: Further ones, opened on request.
    """

    lead: str
    begin: str
    rest: str
    first: Sequence[Link]
    links: Sequence[Link]
    questions: Sequence[Link]
    more: Sequence[Link]

    @classmethod
    def of(cls, reply: Reply, lead: str, call: str, folds: bool) -> Shown:
        """Takes a reply apart.

        Args:
            reply: The reply.
            lead: What `utter_lead` says.
            call: The address of the bar's call.
            folds: Whether a part may be opened on request, as in the chat.
        """
        urgent, paragraphs = reply.kind == "emergency", reply.text.split("\n\n")
        # An emergency keeps all its text and its call; so does the reply to an unread
        # message, which may have been about a child in danger.
        barred = not urgent and reply.kind != "unavailable"
        led = barred and paragraphs[0] == lead and len(paragraphs) > 1
        paragraphs = paragraphs[int(led) :]
        links = [link for link in reply.links if not (barred and link["href"] == call)]
        whole = urgent or bool(reply.lang) or not folds
        at = len(paragraphs) if whole else cut(paragraphs)
        most = MOST_QUESTIONS if folds else None
        return cls(
            lead=lead if led else "",
            begin="\n\n".join(paragraphs[:at]),
            rest="\n\n".join(paragraphs[at:]),
            first=links[:1] if urgent else (),
            links=links[1:] if urgent else links,
            questions=reply.buttons[:most],
            more=reply.buttons[most:] if most else (),
        )


def cut(paragraphs: Sequence[str]) -> int:
    """How many paragraphs to show at once."""
    if sum(map(len, paragraphs)) <= MOST:
        return len(paragraphs)
    at, shown = 1, len(paragraphs[0])
    while at < len(paragraphs) and shown + len(paragraphs[at]) <= BEGIN:
        shown += len(paragraphs[at])
        at += 1
    return at
