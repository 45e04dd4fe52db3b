"""One request of an attack, and how it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from urllib.parse import urlencode

from bot.safety.net import SafetyNet
from tests.bench.messages import never_seen, read_messages
from tests.bench.urgent import URGENT

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
HOST = "Host: 127.0.0.1\r\n"
DANGER = URGENT[0]
PRESSED = b'{"topic": "harm"}'
# A conversation in which only the last message shows danger.
TALK = (
    "is the helpline anonymous",
    "found pictures of children on my husbands laptop",
    "he gets home at six",
)


@dataclass(frozen=True)
class Case:
    """Bytes to send; `urgent`: an emergency, so the reply must begin with 999."""

    name: str
    sent: bytes
    urgent: bool = False


def get(path: str = "/", *headers: str, method: str = "GET") -> bytes:
    """A request without a body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


def post(
    body: bytes, kind: str = JSON, *headers: str, path: str = "/chat", of: str = "POST"
) -> bytes:
    """A request with a body of some kind; `kind` empty: it does not say which."""
    lines = [f"{of} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def said(text: str = DANGER, **fields: object) -> bytes:
    """A message as JSON."""
    return json.dumps({"message": text, **fields}).encode()


def typed(text: str = DANGER, **fields: str) -> bytes:
    """A message as a form sends it."""
    return urlencode({"message": text, **fields}).encode()


@cache
def calm_messages() -> list[str]:
    """Ordinary questions."""
    net = SafetyNet.read()
    return [message for message in read_messages() if not net.judge(message)]


@cache
def dangers() -> list[str]:
    """Emergencies that the net finds, so that they need no engine."""
    net = SafetyNet.read()
    return [message for message in URGENT if net.judge(message)]


class Mix:
    """What visitors send on an ordinary day, one message after another, endlessly.

    One in three is urgent; `urgent` False: none.
    """

    def __init__(self, urgent: bool = True) -> None:
        """Begins with the first message."""
        calm, danger = cycle(calm_messages()), cycle(dangers())
        self._kinds = cycle(
            [
                lambda: Case("a button", post(PRESSED)),
                lambda: Case("a question", post(said(never_seen(next(calm))))),
                lambda: Case("danger", post(said(next(danger))), True),
                lambda: Case("a page", get("/answers/harm")),
                lambda: Case("danger in a form", post(typed(next(danger)), FORM), True),
                lambda: Case("no JSON", post(b'{"message": ')),
            ]
            if urgent
            else [
                lambda: Case("a button", post(PRESSED)),
                lambda: Case("a question", post(said(never_seen(next(calm))))),
                lambda: Case("a page", get("/")),
            ]
        )

    def __next__(self) -> Case:
        return next(self._kinds)()
