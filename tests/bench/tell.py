"""How the bench speaks while it works, and how it gives up."""

from __future__ import annotations

import sys


class BenchError(RuntimeError):
    """A bot did not start, or gave something that is no answer."""


def tell(line: str) -> None:
    """Says how far the work is."""
    sys.stderr.write(line + "\n")
