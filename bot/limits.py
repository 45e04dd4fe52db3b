"""How many messages a minute one address may send."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import Counter
from collections.abc import Callable

# Wide enough for a school or a mobile network behind one address.
DEFAULT_PER_MINUTE = 300
MINUTE = 60.0


class LimitsError(ValueError):
    """RATE_LIMIT is neither a number nor `off`."""


class Limits:
    """Counts in fixed minutes; forgets everything, key included, when one is over."""

    def __init__(
        self, per_minute: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Creates the counter; `per_minute` None: no limit."""
        self._per_minute = per_minute
        self._clock = clock
        self._begin(clock())

    @classmethod
    def from_setting(cls, setting: str | None) -> Limits:
        """Reads the environment's RATE_LIMIT: a number, `off`, or None for the usual.

        Raises:
            LimitsError: It is neither.
        """
        if setting is None:
            return cls(DEFAULT_PER_MINUTE)
        if setting == "off":
            return cls(None)
        if not setting.isdigit() or int(setting) == 0:
            raise LimitsError(
                f"RATE_LIMIT={setting}: give requests a minute, such as 300, or `off`."
            )
        return cls(int(setting))

    def allow(self, address: str) -> bool:
        """Counts one request of an address and says whether it may pass."""
        if self._per_minute is None:
            return True
        now = self._clock()
        if now - self._started >= MINUTE:
            self._begin(now)
        # Only a keyed hash is held, so that no address stands in memory.
        hashed = hmac.new(self._key, address.encode(), hashlib.sha256).digest()
        self._counts[hashed] += 1
        return self._counts[hashed] <= self._per_minute

    def _begin(self, now: float) -> None:
        self._started = now
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()
