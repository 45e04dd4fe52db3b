"""Connections that send half a request and wait, with danger in what came."""

from __future__ import annotations

import time
from contextlib import ExitStack

from tests.attack.cases import DANGER, HOST, Case, Mix
from tests.attack.part import Part
from tests.attack.target import Target, read

LINES = 40
ASKED_MEANWHILE = 60
HEAD = f"POST /chat HTTP/1.1\r\n{HOST}".encode()
HALF = HEAD + b'Content-Length: 5000\r\n\r\n{"message": "' + DANGER.encode()


def attack(part: Part, target: Target) -> None:
    """Holds connections open; others still get answers, and so does half a body."""
    with ExitStack() as held:
        lines = [held.enter_context(target.line()) for _ in range(2 * LINES)]
        started = time.monotonic()
        for number, line in enumerate(lines):
            line.sendall(HEAD if number % 2 else HALF)
        mix, others = Mix(), part.row("others meanwhile")
        for _ in range(ASKED_MEANWHILE):
            case = next(mix)
            others.note(case, target.ask(case.sent))
        halves = part.row("half a body")  # is answered after the time for the rest
        for line in lines[::2]:
            halves.note(Case("half a body", HALF, True), read(line, HALF, started))
    part.note = (
        "The bot waits for the rest of a body, so that reply is slow on purpose."
    )
