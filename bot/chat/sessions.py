"""Session tokens: made by the server, opaque, and never taken from anybody else."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from bot.shared_key import SharedKey

# Who holds a token: a page of this site, a program, or the origin of a listed website.
PAGE = "page"
PROGRAM = "program"

_TOKEN = re.compile("[0-9a-f]{64}")
_RANDOM = 24  # hexadecimal digits; then come the time, and the signature
_VALUE = 32
_OLDEST_SECONDS = 24 * 60 * 60.0


class Sessions:
    """Issues tokens that can be recognised without being remembered.

    A token only works for the holder it was issued to: a program's token is no use in a
    page of this site, nor is that of another website.
    """

    def __init__(
        self, key: SharedKey | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Creates the issuer.

        Args:
            key: What signs the tokens; None: a new one, only for this process.
            clock: The time in seconds since 1970.
        """
        self.key = key or SharedKey()
        self._clock = clock

    def issue(self, holder: str = PAGE) -> str:
        """A new token: 96 random bits, a hidden time, and their signature."""
        random = secrets.token_hex(_RANDOM // 2)
        value = f"{random}{int(self._clock()) ^ self._masks(random)[0]:08x}"
        return value + self._signatures(value, holder)[0]

    def keep_or_issue(self, token: Any, holder: str = PAGE) -> str:
        """The token, if it was issued here to this holder; otherwise a new one."""
        return token if self.is_issued(token, holder) else self.issue(holder)

    def is_issued(self, token: Any, holder: str = PAGE) -> bool:
        """Whether a token was issued here to this holder."""
        if not looks_issued(token):
            return False
        value, signature = token[:_VALUE], token[_VALUE:]
        made = self._signatures(value, holder)
        return any(hmac.compare_digest(signature, each) for each in made)

    def issued_at(self, token: str) -> float:
        """When a token was issued, in seconds since 1970; 0 when that is not known."""
        if not looks_issued(token):
            return 0.0
        random, hidden = token[:_RANDOM], int(token[_RANDOM:_VALUE], 16)
        now = self._clock()
        times = (float(hidden ^ mask) for mask in self._masks(random))
        return next((at for at in times if 0 <= now - at < _OLDEST_SECONDS), 0.0)

    def _masks(self, random: str) -> list[int]:
        """What hides the time: without the key a token says nothing."""
        return [int(s[:8], 16) for s in self.key.signatures(f"time {random}")]

    def _signatures(self, value: str, holder: str) -> list[str]:
        return [made[:_VALUE] for made in self.key.signatures(f"{holder} {value}")]


def looks_issued(token: Any) -> bool:
    """Whether something has the form of a token, issued here or not."""
    return isinstance(token, str) and bool(_TOKEN.fullmatch(token))
