"""Who has approved which wording: data/sign_off.yml.

An answer is approved when every signatory has signed the wording that is in domain.yml
now; until then it is a draft. A signature includes a hash of what was signed, so a
changed wording loses its approval.

The hash covers the wording with its placeholders and the further links, not what fills
the placeholders. A number in the directory is checked on its own
(`checked_on`, `review_by`): were it part of the hash, one changed number would void
the approval of fifty answers whose words are the same, and the number that helps would
wait for five signatures.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot import DATA
from bot.words import shapes, yaml_files

FILE = "data/sign_off.yml"
# Half of it would do to tell wordings apart; it is read and compared by people as well.
HASH_LETTERS = 16


class SignOffError(ValueError):
    """data/sign_off.yml has a gap, or a signature is refused."""


class SignOff:
    """The signatures under the answers."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Takes the content of data/sign_off.yml; raises SignOffError."""
        shapes.check(FILE, content, "sign_off", SignOffError)
        self.signatories: list[str] = list(content["signatories"])
        self.approved: dict[str, list[dict[str, str]]] = content["approved"]
        for name, signatures in self.approved.items():
            for signature in signatures:
                self._signatory(signature["by"], f"{FILE}: `{name}`")

    @classmethod
    def read(cls, folder: Path = DATA) -> SignOff:
        """Reads sign_off.yml in `folder`; raises YamlFileError or SignOffError."""
        return cls(yaml_files.read(folder / "sign_off.yml"))

    def signed(self, name: str, response: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The signatures under the wording as it is now, by signatory."""
        wording = hash_of(response)
        return {
            self._signatory(signature["by"], name): signature
            for signature in self.approved.get(name, [])
            if signature["wording"] == wording
        }

    def missing(self, name: str, response: dict[str, Any]) -> list[str]:
        """The signatories who have not signed the wording as it is now."""
        signed = self.signed(name, response)
        return [who for who in self.signatories if who not in signed]

    def sign(self, name: str, response: dict[str, Any], by: str, on: str) -> None:
        """Puts a signature under a wording, replacing any older one.

        Args:
            name: The response, such as `utter_harm`.
            response: Its entry in domain.yml.
            by: A role that begins with the name of a signatory, such as "Kent Police
                safeguarding lead"; no private name.
            on: The day, as 2026-11-25.

        Raises:
            SignOffError: The role belongs to no signatory, or the date is invalid or
                in the future.
        """
        who = self._signatory(by, "--by")
        _check_day(on)
        kept = [
            signature
            for signature in self.approved.get(name, [])
            if self._signatory(signature["by"], name) != who
        ]
        signature = {"by": by, "on": on, "wording": hash_of(response)}
        self.approved[name] = [*kept, signature]

    def write(self, folder: Path = DATA) -> None:
        """Rewrites the file, whole or not at all; its first comment stays."""
        path = folder / "sign_off.yml"
        comment = ""
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if not line.startswith("#"):
                break
            comment += line
        approved = dict(sorted(self.approved.items()))
        content = {"signatories": self.signatories, "approved": approved}
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=88)
        new = path.with_suffix(".new")
        new.write_text(comment + text, encoding="utf-8")
        new.replace(path)

    def _signatory(self, role: str, place: str) -> str:
        found = [name for name in self.signatories if role.startswith(name)]
        if not found:
            raise SignOffError(
                f"{place}: the role `{role}` must begin with one of "
                f"{', '.join(self.signatories)}."
            )
        return max(found, key=len)


def hash_of(response: dict[str, Any]) -> str:
    """The hash of what is signed: the wording and its further links."""
    metadata = response["metadata"]
    links = metadata.get("links", [])
    signed = [response["text"].strip(), links]
    digest = hashlib.sha256(json.dumps(signed, ensure_ascii=False).encode()).hexdigest()
    return digest[:HASH_LETTERS]


def is_required(setting: str | None) -> bool:
    """Reads the environment's REQUIRE_SIGN_OFF: 1, or 0 or nothing for no.

    Raises:
        SignOffError: It is neither.
    """
    if setting not in (None, "", "0", "1"):
        raise SignOffError(f"REQUIRE_SIGN_OFF={setting}: give 1, or 0 for no.")
    return setting == "1"


def _check_day(on: str) -> None:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = None
    # Python also reads 20261125, which the file may not hold.
    if day is None or day.isoformat() != on:
        raise SignOffError(f"--on {on}: give a day, such as 2026-11-25.")
    if day > date.today():
        raise SignOffError(f"--on {on}: that day is in the future.")
