"""Which part of a reply a page shows at once, and what it opens on request.

reply.js does the same with the replies that it gets; tests/browser/test_paragraphs.py
compares the two. The JSON of /chat always holds the whole reply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.words.reply import Link, Reply
from bot.words.topics import Folding

# In characters: a shorter text fits on a phone. chat.js measures instead.
FITS = 460
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Shown:
    """The parts of a reply, in their order on the page.

    Attributes:
        lead: What to do if a child is in danger now, for people who hear the page or
            print it: everyone else sees it in the bar at the top. Empty: there is none.
        begin: The paragraphs that are shown.
        rest: Those that are opened on request.
        end: Those after them that are never folded.
        first: The call, before all text; only in an emergency.
        links: The ways to help, the main one first.
        questions: The topics that are offered.
        more: Further ones, opened on request.
    """

    lead: str
    begin: str
    rest: str
    end: str
    first: Sequence[Link]
    links: Sequence[Link]
    questions: Sequence[Link]
    more: Sequence[Link]

    @classmethod
    def of(cls, reply: Reply, lead: str, call: str, folding: Folding | None) -> Shown:
        """Takes a reply apart.

        Args:
            reply: The reply.
            lead: What `utter_lead` says.
            call: The address of the bar's call.
            folding: What is never folded. None: nothing is, as without a chat.
        """
        urgent, paragraphs = reply.kind == "emergency", reply.text.split("\n\n")
        # An emergency keeps all its text and its call; so does the reply to an unread
        # message, which may have been about a child in danger.
        barred = not urgent and reply.kind != "unavailable"
        led = barred and paragraphs[0] == lead and len(paragraphs) > 1
        paragraphs = paragraphs[int(led) :]
        links = [link for link in reply.links if not (barred and link["href"] == call)]
        whole = (
            reply.lang or reply.kind != "answer" or sum(map(len, paragraphs)) <= FITS
        )
        folded = slice(len(paragraphs), len(paragraphs))
        if folding and not whole:
            folded = fold(paragraphs, folding)
        most = MOST_QUESTIONS if folding else None
        return cls(
            lead=lead if led else "",
            begin="\n\n".join(paragraphs[: folded.start]),
            rest="\n\n".join(paragraphs[folded]),
            end="\n\n".join(paragraphs[folded.stop :]),
            first=links[:1] if urgent else (),
            links=links[1:] if urgent else links,
            questions=reply.buttons[:most],
            more=reply.buttons[most:] if most else (),
        )


def fold(paragraphs: Sequence[str], folding: Folding) -> slice:
    """The paragraphs that are opened on request, all in one place.

    The first ones are shown at once, after those that stay in any case: for somebody
    under 18 an answer begins with Childline.
    """
    may = [not re.search(folding.stays, part, re.I) for part in paragraphs]
    if True not in may:
        return slice(len(may), len(may))
    first = may.index(True) + folding.paragraphs
    start = next((at for at in range(first, len(may)) if may[at]), len(may))
    stop = next((at for at in range(start, len(may)) if not may[at]), len(may))
    return slice(start, stop)
