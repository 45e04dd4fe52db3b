"""What the load generator types."""

from __future__ import annotations

from bot import ROOT, yaml_files

MESSAGES = ROOT / "tests" / "bench" / "messages.yml"


def read_messages() -> list[str]:
    """The messages of messages.yml, in their order."""
    return yaml_files.read(MESSAGES)["messages"]
