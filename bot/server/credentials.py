"""Reads credentials.yml: whether Rasa's REST protocol is spoken."""

from __future__ import annotations

from pathlib import Path

from bot import ROOT
from bot.words import yaml_files

SWITCH = "rest_drop_in"


class CredentialsError(ValueError):
    """credentials.yml opens a channel that is not safe for visitors."""


def switched_on(root: Path = ROOT) -> bool:
    """Whether credentials.yml switches the protocol on.

    Raises:
        YamlFileError: The file cannot be read.
        CredentialsError: It names a channel of Rasa's own.
    """
    channels = yaml_files.read(root / "credentials.yml", may_be_empty=True)
    if others := [name for name in channels if name != SWITCH]:
        raise CredentialsError(
            f"credentials.yml: remove {others}: Rasa's own channels log what visitors "
            f"type and can answer with nothing. `{SWITCH}:` opens the safe one."
        )
    return SWITCH in channels
