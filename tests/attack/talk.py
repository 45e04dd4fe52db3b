"""Conversations in which only the last message shows danger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from tests.attack.cases import TALK, Case, post, said
from tests.attack.tally import Tally
from tests.attack.target import Target

Step = Callable[[], object]


def talk(targets: Sequence[Target], tally: Tally) -> Iterator[None]:
    """Says one message at each step, each to the next server; the last is urgent."""
    token = ""
    for turn, text in enumerate(TALK):
        last = turn == len(TALK) - 1
        case = Case(
            f"message {turn + 1} of a talk", post(said(text, session=token)), last
        )
        reply = targets[turn % len(targets)].ask(case.sent)
        tally.note(case, reply)
        try:
            token = json.loads(reply.body)["session"] if reply else token
        except (ValueError, KeyError):
            pass
        yield


def across(
    targets: Sequence[Target], tally: Tally, breaks: Step, mends: Step, meanwhile: Step
) -> None:
    """Three talks: the fault hits their last, second, or last two messages."""
    two, one, three = (talk(targets, tally) for _ in range(3))
    for each in (two, two, one, three):
        next(each)
    breaks()
    try:
        meanwhile()
        for each in (two, one, three):
            next(each)
    finally:
        mends()
    for each in (one, three):
        next(each)
