"""Session tokens: made by the server, opaque, and never taken from anybody else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

_BITS = 128


class Sessions:
    """Issues tokens that this process can recognise without remembering them."""

    def __init__(self, key: bytes | None = None) -> None:
        """Creates the issuer; `key` None: a new one, good for this process alone."""
        self._key = key or secrets.token_bytes(32)

    def issue(self) -> str:
        """A new token: 128 random bits and their signature, in hexadecimal."""
        value = secrets.token_hex(_BITS // 8)
        return value + self._sign(value)

    def keep_or_issue(self, token: Any) -> str:
        """The token, if this server issued it; otherwise a new one."""
        if isinstance(token, str) and token.isascii() and len(token) == _BITS // 2:
            value, signature = token[: _BITS // 4], token[_BITS // 4 :]
            if hmac.compare_digest(signature, self._sign(value)):
                return token
        return self.issue()

    def _sign(self, value: str) -> str:
        digest = hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()
        return digest[: _BITS // 4]
