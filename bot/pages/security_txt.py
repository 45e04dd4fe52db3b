"""The text of /.well-known/security.txt, from data/security_contact.yml (RFC 9116)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import yaml_files
from bot.words.directory import Directory

LONGEST = timedelta(days=365)  # RFC 9116, section 2.5.5: less than a year is advised
PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")


class SecurityTxtError(ValueError):
    """data/security_contact.yml has a gap."""


@dataclass(frozen=True)
class SecurityTxt:
    """The file, and the day on which it expires."""

    text: str
    expires: date

    @classmethod
    def read(cls, directory: Directory, folder: Path = DATA) -> SecurityTxt:
        """Reads security_contact.yml in `folder`.

        Raises:
            YamlFileError: The file cannot be read.
            SecurityTxtError: A field is missing or wrong.
            DirectoryError: The contact names an unknown service.
        """
        fields = yaml_files.read(folder / "security_contact.yml")
        set_on, expires = _day(fields, "set_on"), _day(fields, "expires")
        if not set_on < expires <= set_on + LONGEST:
            raise SecurityTxtError(
                "data/security_contact.yml: `expires` must be within a year of "
                "`set_on`."
            )
        return cls(_compose(fields, directory, expires), expires)

    def current(self, today: date) -> bool:
        """Whether the file may still be served."""
        return today <= self.expires


def _compose(fields: dict[str, Any], directory: Directory, expires: date) -> str:
    contact = PLACEHOLDER.sub(
        lambda match: directory.value(*match.groups()), _text(fields, "contact")
    )
    if not contact.startswith(("https://", "mailto:", "tel:")):
        raise SecurityTxtError(
            "data/security_contact.yml: `contact` must begin with https: or mailto:."
        )
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}T23:59:59Z",
        f"Preferred-Languages: {_text(fields, 'preferred_languages')}",
    ]
    if not fields.get("confirmed"):
        lines.insert(0, f"# {' '.join(_text(fields, 'draft_note').split())}")
    if fields.get("canonical"):
        lines.append(f"Canonical: {fields['canonical']}")
    return "\n".join(lines) + "\n"


def _text(fields: dict[str, Any], name: str) -> str:
    found = fields.get(name)
    if not isinstance(found, str) or not found.strip():
        raise SecurityTxtError(f"data/security_contact.yml: add `{name}`.")
    return found.strip()


def _day(fields: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(_text(fields, name))
    except ValueError as error:
        raise SecurityTxtError(
            f"data/security_contact.yml: `{name}` must be a quoted date, "
            'such as "2026-11-25".'
        ) from error
