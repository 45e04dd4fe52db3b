"""Visitors who keep asking while something happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.attack.cases import Mix
from tests.attack.tally import Tally
from tests.attack.target import Target

PAUSE_SECONDS = 0.1


@contextmanager
def visitors(
    targets: Sequence[Target], tally: Tally, number: int = 6, urgent: bool = True
) -> Iterator[None]:
    """This many visitors ask one target after another until the block ends."""
    over = threading.Event()

    def ask_on(first: int) -> None:
        mix, turn = Mix(urgent), first
        for _ in range(first):  # so that not all say the same at once
            next(mix)
        while not over.is_set():
            case = next(mix)
            tally.note(case, targets[turn % len(targets)].ask(case.sent))
            turn += 1
            over.wait(PAUSE_SECONDS)

    asking = [threading.Thread(target=ask_on, args=(n,)) for n in range(number)]
    for each in asking:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in asking:
            each.join()
