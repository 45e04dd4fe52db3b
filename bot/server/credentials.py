"""credentials.yml is only for Rasa; before 0.2.0 it held a switch of ours."""

from __future__ import annotations

import re
from pathlib import Path

from bot import ROOT

# Rasa calls this an unknown channel, and does not start.
_OLD_SWITCH = re.compile(r"^[\"']?rest_drop_in[\"']?\s*:", re.MULTILINE)


class CredentialsError(ValueError):
    """credentials.yml still holds a switch that is a setting now."""


def check(root: Path = ROOT) -> None:
    """Refuses the old switch; the rest of the file is for `rasa run`.

    Raises:
        CredentialsError: The switch is there; the message says what to set instead.
    """
    path = root / "credentials.yml"
    if path.is_file() and _OLD_SWITCH.search(path.read_text(errors="replace")):
        raise CredentialsError(
            "credentials.yml: remove `rest_drop_in:`, with which `rasa run` does not "
            "start. To go on serving Rasa web clients, set RASA_REST=1 in the "
            "environment (docs/embedding.md)."
        )
