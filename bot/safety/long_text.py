"""How much of a very long text the net reads."""

from __future__ import annotations

# The contract of /chat: all of 64 KiB, and of what is longer both ends.
MOST, AN_END = 64 * 1024, 16 * 1024


def part_to_judge(text: str) -> str:
    """The text, or its first and last 16 Ki characters with a gap between them."""
    if len(text) <= MOST:
        return text
    return f"{text[:AN_END]}\n\n{text[-AN_END:]}"
