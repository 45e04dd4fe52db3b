"""Which presses are counted: a few from one conversation, and from one address."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from bot.chat.limits import DAY, Limits
from bot.shared_key import SharedKey

# For each kind, such as a press on the helpline's number, in one conversation.
MOST_OF_A_KIND = 3
# From one address. A school or mobile network behind one does not need more in a day.
MOST_A_DAY = 100
WINDOW_SECONDS = 600.0
# A few megabytes in all, however many conversations somebody starts.
MOST_KEPT = 20_000


class Presses:
    """Remembers the presses of each conversation for ten minutes, only in memory.

    Each front counts for itself.
    """

    def __init__(
        self, key: SharedKey | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Starts with none.

        Args:
            key: What addresses are hashed with; None: one for this process only.
            clock: The time in seconds.
        """
        self._addresses = Limits(MOST_A_DAY, key, clock=clock, seconds=DAY)
        self._clock = clock
        self._started = clock()
        self._made: Counter[tuple[str, str]] = Counter()

    async def allow(self, token: str, event: str, address: str) -> bool:
        """Notes one press of a conversation, and says whether to count it."""
        now = self._clock()
        over = not 0 <= now - self._started < WINDOW_SECONDS
        if over or len(self._made) >= MOST_KEPT:
            self._started = now
            self._made.clear()
        self._made[token, event] += 1
        if self._made[token, event] > MOST_OF_A_KIND:
            return False
        return await self._addresses.allow(address)
