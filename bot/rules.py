"""What data/rules.yml says the bot does for an intent, without the model."""

from __future__ import annotations

from pathlib import Path

from bot import DATA, yaml_files


class RulesError(ValueError):
    """data/rules.yml holds a rule that is not one intent and its actions."""


def read_steps(folder: Path = DATA) -> dict[str, tuple[str, ...]]:
    """Reads the actions that follow each intent, in their order.

    Raises:
        YamlFileError: The file cannot be read.
        RulesError: A rule does not start with an intent, or repeats one.
    """
    steps: dict[str, tuple[str, ...]] = {}
    for rule in yaml_files.read(folder / "rules.yml").get("rules") or []:
        first, *rest = rule.get("steps") or [{}]
        intent = first.get("intent")
        if not intent or intent in steps or any("action" not in step for step in rest):
            raise RulesError(
                f"data/rules.yml: `{rule.get('rule')}` must be one intent that no "
                "other rule has, followed by actions."
            )
        steps[intent] = tuple(step["action"] for step in rest)
    return steps
