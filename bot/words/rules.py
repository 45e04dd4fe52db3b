"""What data/rules.yml says the bot does for an intent, without the model."""

from __future__ import annotations

from pathlib import Path

from bot import DATA
from bot.words import shapes, yaml_files

FILE = "data/rules.yml"


class RulesError(ValueError):
    """data/rules.yml has a rule that is not one intent and its actions."""


def read_steps(folder: Path = DATA) -> dict[str, tuple[str, ...]]:
    """Reads the actions that follow each intent, in their order.

    Raises:
        YamlFileError: The file cannot be read.
        RulesError: A rule does not start with an intent, or repeats one.
    """
    content = yaml_files.read(folder / "rules.yml")
    shapes.check(FILE, content, "rules", RulesError)
    steps: dict[str, tuple[str, ...]] = {}
    for number, rule in enumerate(content["rules"]):
        first, *rest = rule["steps"]
        intent = first.get("intent")
        if not intent or intent in steps or any("action" not in step for step in rest):
            raise RulesError(
                f"{yaml_files.at(FILE, content, 'rules', number, 'rule')}: "
                f"`{rule['rule']}` must be one intent that no other rule has, "
                "followed by actions."
            )
        steps[intent] = tuple(step["action"] for step in rest)
    return steps
