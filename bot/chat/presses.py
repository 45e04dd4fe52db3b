"""Which presses are counted: few of one conversation, and of one address."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from bot.chat.limits import DAY, Limits
from bot.shared_key import SharedKey

# Of each kind, such as a press on the helpline's number, in one conversation.
MOST_OF_A_KIND = 3
# Of one address. A school or a mobile network behind one has not so many in a day.
MOST_A_DAY = 100
WINDOW_SECONDS = 600.0
# Together some megabytes, however many conversations somebody begins.
MOST_KEPT = 20_000


class Presses:
    """Remembers what each conversation has pressed, for ten minutes, in memory alone.

    Each front counts for itself.
    """

    def __init__(
        self, key: SharedKey | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Begins with none.

        Args:
            key: What addresses are hashed with; None: one of this process alone.
            clock: The time in seconds.
        """
        self._addresses = Limits(MOST_A_DAY, key, clock=clock, seconds=DAY)
        self._clock = clock
        self._started = clock()
        self._made: Counter[tuple[str, str]] = Counter()

    async def allow(self, token: str, event: str, address: str) -> bool:
        """Notes one press of a conversation, and says whether it is to be counted."""
        now = self._clock()
        over = not 0 <= now - self._started < WINDOW_SECONDS
        if over or len(self._made) >= MOST_KEPT:
            self._started = now
            self._made.clear()
        self._made[token, event] += 1
        if self._made[token, event] > MOST_OF_A_KIND:
            return False
        return await self._addresses.allow(address)
