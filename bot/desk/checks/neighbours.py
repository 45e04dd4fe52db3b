"""Every intent says which similar messages belong to another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.desk.checks.finding import Finding
from bot.words import yaml_files
from bot.words.answers import Answers

BLOCK = re.compile(r"- intent: (\S+)")
KEY = re.compile(r"[a-z0-9_]+")
# They hold more messages for intents that are described in another file.
FURTHER = ("calm_*.yml", "long_stories.yml", "near_refusals.yml")


def check(answers: Answers, root: Path) -> Iterator[Finding]:
    """Finds intents whose comment in data/nlu/ names no other topic or intent."""
    intents = yaml_files.read(root / "domain.yml")["intents"]
    known, seen = {*intents, *answers.topics.by_key}, set()
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        if any(map(path.match, FURTHER)):
            continue
        comment: list[str] = []
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if (block := BLOCK.match(line)) and block[1] not in seen:
                seen.add(intent := block[1])
                named = {key for text in comment for key in KEY.findall(text)}
                if not named & known - {intent}:
                    yield Finding(
                        f"{yaml_files.shown(path)}, line {number}",
                        f"`{intent}` names no neighbour. Write in a comment right "
                        "above it which messages belong to another topic, with its "
                        "key, as in “# Wants to tell the police: report_person.”",
                    )
            comment = [*comment, line] if line.startswith("#") else []
