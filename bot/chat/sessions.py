"""Session tokens: made by the server, opaque, and never taken from anybody else."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from bot.shared_key import SharedKey

_BITS = 128


class Sessions:
    """Issues tokens that can be recognised without being remembered."""

    def __init__(self, key: SharedKey | None = None) -> None:
        """Creates the issuer; `key` None: a new one, good for this process alone."""
        self.key = key or SharedKey()

    def issue(self) -> str:
        """A new token: 128 random bits and their signature, in hexadecimal."""
        value = secrets.token_hex(_BITS // 8)
        return value + self._signatures(value)[0]

    def keep_or_issue(self, token: Any) -> str:
        """The token, if it was issued here; otherwise a new one."""
        return token if self.issued(token) else self.issue()

    def issued(self, token: Any) -> bool:
        """Whether a token was issued here."""
        if isinstance(token, str) and token.isascii() and len(token) == _BITS // 2:
            value, signature = token[: _BITS // 4], token[_BITS // 4 :]
            return any(
                hmac.compare_digest(signature, s) for s in self._signatures(value)
            )
        return False

    def _signatures(self, value: str) -> list[str]:
        return [made[: _BITS // 4] for made in self.key.signatures(value)]
