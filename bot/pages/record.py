"""The transparency record as it is served: what people wrote, and counted facts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import yaml_files

FACTS = DATA / "transparency_facts.yml"
PLACE = re.compile(r"\{([a-z_]+)\}")


class RecordError(ValueError):
    """The record has a gap."""


def read(folder: Path = DATA) -> dict[str, Any]:
    """The record as it is served: `written_on`, `tiers` and `evaluation`.

    Raises:
        YamlFileError: A file cannot be read.
        RecordError: The words name a fact that was not counted.
    """
    facts = yaml_files.read(folder / FACTS.name)
    tiers = yaml_files.read(folder / "transparency.yml")["tiers"]
    for tier in tiers:
        for section in tier["sections"]:
            section["text"] = _filled(section["text"], facts)
    return {
        "written_on": facts["written_on"],
        "evaluation": facts["evaluation"],
        "tiers": tiers,
    }


def _filled(text: str, facts: dict[str, Any]) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[1] not in facts:
            raise RecordError(
                f"data/transparency.yml: nothing counts {{{match[1]}}}; correct the "
                "name, or run `make record`."
            )
        fact = facts[match[1]]
        return f"{fact:,}" if isinstance(fact, int) else str(fact)

    return PLACE.sub(fill, text)
