"""`python -m bot record`: counts what the transparency record states, and writes it."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot import DATA, ROOT
from bot.pages.record import FACTS, RecordError, read
from bot.talk.memory import IDLE_MINUTES
from bot.words import yaml_files

DOCUMENT = ROOT / "docs" / "transparency_record.md"
EVALUATION = "docs/evaluation.md"
# Its first table: measure, share, interval, how many.
ROW = re.compile(r"^\| ([^|]+) \| ([\d.]+ %) \| ([\d.]+ to [\d.]+) \| (\d+) \|", re.M)


def count() -> dict[str, Any]:
    """What can be counted of the bot in this folder.

    Raises:
        YamlFileError, RecordError: A file is missing, or holds something else.
    """
    domain = yaml_files.read(ROOT / "domain.yml")
    encoder = ROOT / "models" / "sentence_encoder" / "record.json"
    conversations = DATA / "conversations"
    return {
        "version": _found(r'^version = "(.+)"', "pyproject.toml"),
        "rasa": _found(r"^rasa==([\d.]+)", "requirements/rasa.txt"),
        "intents": len(domain["intents"]),
        "answers": len(domain["responses"]),
        "net_rules": len(yaml_files.read(DATA / "safety_rules.yml")["net_rules"]),
        "encoder": json.loads(encoder.read_text())["sha256"]["model.onnx"][:12],
        "messages": sum(map(_examples, sorted((DATA / "nlu").glob("*.yml")))),
        "conversations": sum(map(_conversations, conversations.glob("*.yml"))),
        "idle_minutes": IDLE_MINUTES,
        "evaluated": _found(r"Written on ([\d-]+)", EVALUATION),
        "evaluation": [
            list(row)
            for row in ROW.findall((ROOT / EVALUATION).read_text(encoding="utf-8"))
        ],
    }


def write() -> None:
    """Counts again, and writes data/transparency_facts.yml and the document.

    Raises:
        SystemExit: A file that is counted is missing, or holds something else.
    """
    try:
        facts = {"written_on": date.today().isoformat(), **count()}
    except ValueError as error:
        sys.exit(f"No record. {error}")
    heading = "# Counted by `make record`; not edited by hand.\n"
    FACTS.write_text(heading + yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
    DOCUMENT.write_text(markdown(read()), encoding="utf-8")


def markdown(record: dict[str, Any]) -> str:
    """The record as a document."""
    lines = [
        "# Transparency record",
        "",
        f"Written on {record['written_on']} by `make record`, in the format of the UK",
        "Algorithmic Transparency Recording Standard; do not edit it.",
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


def _found(pattern: str, file: str) -> str:
    """What a pattern captures in a file of the project; raises RecordError."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(pattern, text, re.M)
    if not found:
        raise RecordError(f"{file}: has nothing like {pattern}, which is counted.")
    return found[1]


def _examples(path: Path) -> int:
    entries = yaml_files.read(path)["nlu"]
    return sum(entry["examples"].count("\n- ") + 1 for entry in entries)


def _conversations(path: Path) -> int:
    [found] = yaml_files.read(path).values()
    return len(found)
