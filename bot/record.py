"""The transparency record: what people wrote about the bot, and what is counted."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from bot import DATA, ROOT, yaml_files

FACTS = DATA / "transparency_facts.yml"
DOCUMENT = ROOT / "docs" / "transparency_record.md"
# The first table of docs/evaluation.md: measure, share, interval, how many.
ROW = re.compile(r"^\| ([^|]+) \| ([\d.]+ %) \| ([\d.]+ to [\d.]+) \| (\d+) \|", re.M)
PLACE = re.compile(r"\{([a-z_]+)\}")


class RecordError(ValueError):
    """The record has a gap."""


def count() -> dict[str, Any]:
    """What can be counted of the bot as it stands in this folder."""
    # Imported here: it brings Rasa, and the server reads this module at its start.
    from bot.rasa_parts.tracker_store import IDLE_MINUTES

    domain = yaml_files.read(ROOT / "domain.yml")
    evaluation = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    encoder = ROOT / "models" / "sentence_encoder" / "record.json"
    conversations = DATA / "conversations"
    return {
        "version": re.search(
            r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.M
        )[1],
        "rasa": version("rasa"),
        "intents": len(domain["intents"]),
        "answers": len(domain["responses"]),
        "rules": len(yaml_files.read(DATA / "safety_rules.yml")["rules"]),
        "encoder": json.loads(encoder.read_text())["sha256"]["model.onnx"][:12],
        "messages": sum(map(_examples, sorted((DATA / "nlu").glob("*.yml")))),
        "conversations": sum(map(_conversations, conversations.glob("*.yml"))),
        "idle_minutes": IDLE_MINUTES,
        "evaluated": re.search(r"Written on ([\d-]+)", evaluation)[1],
        "evaluation": [list(row) for row in ROW.findall(evaluation)],
    }


def write() -> None:
    """Counts anew, and writes data/transparency_facts.yml and the document."""
    facts = {"written_on": date.today().isoformat(), **count()}
    heading = "# Counted by `make record`; not edited by hand.\n"
    FACTS.write_text(heading + yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
    DOCUMENT.write_text(markdown(read()), encoding="utf-8")


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


def markdown(record: dict[str, Any]) -> str:
    """The record as a document."""
    lines = [
        "# Transparency record",
        "",
        f"Written on {record['written_on']} by `make record`, in the shape of the UK",
        "Algorithmic Transparency Recording Standard; not edited by hand.",
    ]
    for tier in record["tiers"]:
        lines += ["", f"## {tier['title']}"]
        for section in tier["sections"]:
            lines += ["", f"### {section['title']}", "", section["text"]]
            if section.get("evaluation"):
                lines += ["", "| of the messages | share | 95 % interval | of |"]
                lines += ["| --- | --- | --- | --- |"]
                lines += [f"| {' | '.join(row)} |" for row in record["evaluation"]]
    return "\n".join(lines) + "\n"


def _filled(text: str, facts: dict[str, Any]) -> str:
    def fill(match: re.Match) -> str:
        if match[1] not in facts:
            raise RecordError(
                f"data/transparency.yml: nothing counts {{{match[1]}}}; correct the "
                "name, or run `make record`."
            )
        fact = facts[match[1]]
        return f"{fact:,}" if isinstance(fact, int) else str(fact)

    return PLACE.sub(fill, text)


def _examples(path: Path) -> int:
    entries = yaml_files.read(path)["nlu"]
    return sum(entry["examples"].count("\n- ") + 1 for entry in entries)


def _conversations(path: Path) -> int:
    [found] = yaml_files.read(path).values()
    return len(found)
