"""How much of a body the chat reads: all, or both ends of one that is too long."""

from __future__ import annotations

from bot.safety.long_text import AN_END, MOST

# The longest text that the net reads as a whole, and what surrounds it.
MOST_BYTES = MOST + 4 * 1024
_GAP = b"\n\n"


class Body:
    """Takes a body in pieces, and keeps only as much as will be read."""

    def __init__(self) -> None:
        self.size = 0
        self._first, self._last = bytearray(), bytearray()

    @property
    def too_long(self) -> bool:
        """Whether the chat refuses it."""
        return self.size > MOST_BYTES

    def add(self, piece: bytes) -> None:
        """Takes the next piece."""
        self.size += len(piece)
        room = MOST_BYTES - len(self._first)
        self._first += piece[:room]
        self._last += piece[room:]
        if len(self._last) > AN_END:
            del self._last[:-AN_END]

    def read(self) -> bytes:
        """All of it or, if it is too long, the first and the last 16 KiB."""
        if not self.too_long:
            return bytes(self._first)
        last = (self._first + self._last)[-AN_END:]
        return bytes(self._first[:AN_END] + _GAP + last)
