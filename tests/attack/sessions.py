"""Tokens that nobody issued, of other types, cut, doubled or of somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.chat.sessions import Sessions
from tests.attack.cases import FORM, Case, post, said, typed

ELSEWHERE = Sessions().issue()  # signed with another key
TOKENS: tuple[object, ...] = (
    "", "a", "0" * 64, "f" * 64, ELSEWHERE, ELSEWHERE.upper(), ELSEWHERE[:-1],
    ELSEWHERE + "0", f" {ELSEWHERE}", f"{ELSEWHERE}\n", f"{ELSEWHERE}\0", "g" * 64,
    "\u0660" * 64, "sender:" + "0" * 64, "signposting:memory:a", "*", "../../a",
    "{{7}}", "a" * 60_000, 0, -1, 1e308, True, None, [], [ELSEWHERE], {},
    {"session": ELSEWHERE},
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Each token with an emergency and with a button."""
    for token in TOKENS:
        name = repr(token)[:30]
        yield Case(f"JSON {name}", post(said(session=token)), True)
        pressed = json.dumps({"topic": "harm", "session": token}).encode()
        yield Case(f"a button {name}", post(pressed))
        yield Case(f"a form {name}", post(typed(session=str(token)), FORM), True)
        counted = json.dumps({"event": "call", "token": token}).encode()
        yield Case(f"/count {name}", post(counted, path="/count"))
