"""Other websites that post, read and plant tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.attack.cases import FORM, JSON, PRESSED, Case, get, post, said, typed
from tests.attack.part import Aim, Part
from tests.attack.target import Target

FOREIGN = (
    ("Origin: https://evil.example",), ("Origin: null",), ("Origin: http://[",),
    ("Origin: https://127.0.0.1.evil.example",), ("Origin: ",),
    ("Origin: https://www.kent.police.uk.evil.example",),
    ("Sec-Fetch-Site: cross-site",), ("Sec-Fetch-Site: same-site",),
    ("Sec-Fetch-Site: none",), ("Sec-Fetch-Site: zebra",),
    ("Referer: https://evil.example/",), ("Origin: https://www.kent.police.uk",),
    ("Origin: null", "Sec-Fetch-Site: same-origin"), (),
)  # fmt: skip
WORDS = ("is the helpline anonymous", "he is hurting my son right now", "")
BROWSER = "Accept: text/html,application/xhtml+xml"
TOKEN = re.compile(r'name="session" value="([^"]*)"')


def cases() -> Iterator[Case]:
    """Each origin with an emergency, a button and the question before a request."""
    for headers in FOREIGN:
        name = ", ".join(headers) or "no origin"
        yield Case(f"JSON, {name}", post(said(), JSON, *headers), True)
        yield Case(f"a form, {name}", post(typed(), FORM, *headers), True)
        yield Case(f"a button, {name}", post(PRESSED, JSON, *headers))
        yield Case(f"/count, {name}", post(b"{}", JSON, *headers, path="/count"))
        asks = "Access-Control-Request-Method: POST"
        yield Case(f"OPTIONS, {name}", get("/chat", asks, *headers, method="OPTIONS"))


def plant(part: Part, target: Target, row: str) -> None:
    """Lets each other website plant a token with each message, as form and as text."""
    planted = tried = 0
    for headers in FOREIGN:
        for words in WORDS:
            token = _token(target, get())
            body = {"message": words, "session": token, "audience": "young"}
            as_text = said(words, session=token, x="=")
            for sent in (
                post(typed(**{"text": words, **body}), FORM, BROWSER, *headers),
                post(as_text, "text/plain", BROWSER, *headers),
            ):
                tried += 1
                planted += _token(target, sent) == token
    aim = f"foreign tokens planted, {row}"
    part.aims.append(
        Aim(aim, "none", f"{planted} of {tried}", not planted and tried > 0)
    )


def _token(target: Target, sent: bytes) -> str:
    """The token that a page continues with."""
    reply = target.ask(sent)
    found = TOKEN.search(reply.body) if reply else None
    return found[1] if found else ""
