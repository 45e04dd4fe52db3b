"""What happened to the requests of an attack, counted."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.attack.cases import Case
from tests.attack.target import Reply
from tests.bench.urgent import SOON_SECONDS
from tests.conftest import calls_999_first

NUMBERS = ("999", "0808 1000 900")
# This many are named; more would only fill the page.
MOST_NAMED = 5
ANSWERS = ("answer", "emergency", "clarify")
# A page says so beside an emergency (bot/pages/templates).
SHOWN = '"reply emergency"'


@dataclass
class Tally:
    """Counts of replies. May be filled from several threads."""

    sent: int = 0
    answered: int = 0
    without_numbers: int = 0
    emergencies: int = 0
    lost: int = 0
    silent: int = 0
    slow: int = 0
    errors: int = 0
    faults: int = 0
    named: list[str] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, case: Case, reply: Reply | None) -> None:
        """Counts one request and its reply; None: there was none."""
        found = judge(case, reply)
        with self._guard:
            self.sent += 1
            self.answered += reply is not None
            self.emergencies += case.urgent
            if reply:
                self.slow += reply.seconds > SOON_SECONDS
                self.errors += reply.status >= 500
            for fault in found:
                setattr(self, fault, getattr(self, fault) + 1)
            if found and len(self.named) < MOST_NAMED:
                what = ", ".join(each.replace("_", " ") for each in found)
                how = f" ({reply.status} after {reply.seconds:.1f} s)" if reply else ""
                self.named.append(f"{case.name}: {what}{how}")

    @property
    def short(self) -> list[str]:
        """What fell short, in words; empty: nothing did."""
        counts = {
            "without the numbers": self.without_numbers,
            "emergencies lost": self.lost,
            "silent": self.silent,
            "faults": self.faults,
        }
        found = [f"{number} {name}" for name, number in counts.items() if number]
        return [f"{', '.join(found)} ({'; '.join(self.named)})"] if found else []


def judge(case: Case, reply: Reply | None) -> list[str]:
    """What is wrong with a reply, by the names of `Tally`."""
    if reply is None:
        return ["silent", "lost"] if case.urgent else ["silent"]
    found = []
    if reply.status in (0, 500) or _leads_away(reply):
        found.append("faults")
    if _must_carry(case, reply) and not _carries(reply.body):
        found.append("without_numbers")
    if case.urgent and not _says_999(reply):
        found.append("lost")
    return found


def _must_carry(case: Case, reply: Reply) -> bool:
    """Whether a reply must show the numbers: each page, and anything but an answer."""
    # Nobody reads a redirect: a browser follows it.
    if (
        case.sent.startswith(b"HEAD ")
        or reply.status == 204
        or reply.status // 100 == 3
    ):
        return False
    if reply.status >= 400 or "text/html" in reply.kind:
        return True
    replies = _replies(reply)
    return bool(replies) and replies[0].get("kind", "answer") not in ANSWERS


def _carries(body: str) -> bool:
    text = body.replace("\N{NO-BREAK SPACE}", " ").replace("\\u00a0", " ")
    return all(number in text for number in NUMBERS)


def _says_999(reply: Reply) -> bool:
    if "text/html" in reply.kind:
        return SHOWN in reply.body
    first = next(iter(_replies(reply)), {})
    # If nothing was understood, the reply says "if a child is in danger, call 999" too.
    return first.get("kind") == "emergency" and calls_999_first(first["text"])


def _replies(reply: Reply) -> list[dict[str, str]]:
    """The replies of the chat's JSON, or of Rasa's."""
    try:
        found = json.loads(reply.body)
    except ValueError:
        return []
    replies = found.get("replies", []) if isinstance(found, dict) else found
    return replies if isinstance(replies, list) else []


def _leads_away(reply: Reply) -> bool:
    host = urlsplit(reply.location).hostname
    return 300 <= reply.status < 400 and host not in (None, "127.0.0.1")
