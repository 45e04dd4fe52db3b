"""One thing that an editor should look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACE = re.compile(r"(?P<place>\S+(?:, line \d+)?): (?P<says>.*)", re.S)


@dataclass(frozen=True)
class Finding:
    """What is wrong, where, and what to do about it.

    A warning does not keep the content from visitors. If many entries have the same
    one, the first few are listed, and `sum` says what the rest are.
    """

    place: str
    says: str
    warning: bool = False
    sum: str = ""

    @classmethod
    def of_error(cls, line: str) -> Finding:
        """From an error's `data/topics.yml, line 12: what and remedy`."""
        found = _PLACE.fullmatch(line)
        return cls(found["place"], found["says"]) if found else cls("", line)
