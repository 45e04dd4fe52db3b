"""What the load generator types."""

from __future__ import annotations

from itertools import count

from bot import ROOT
from bot.words import yaml_files

MESSAGES = ROOT / "tests" / "bench" / "messages.yml"

# Of five digits each: no age, no year, no number of a helpline.
_numbers = count(10_001)


def read_messages() -> list[str]:
    """The messages of messages.yml, in their order."""
    return yaml_files.read(MESSAGES)["messages"]


def never_seen(text: str) -> str:
    """The message with a number behind it, so that nothing kept of it can help."""
    return f"{text} {next(_numbers)}"
