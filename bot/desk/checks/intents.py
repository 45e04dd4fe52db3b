"""Every intent has examples, a rule, an answer and a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.desk.checks.finding import Finding
from bot.words import yaml_files
from bot.words.answers import Answers
from bot.words.rules import read_steps

NOT_RULED = "nlu_fallback"  # Rasa's own name, never a message's


def check(answers: Answers, root: Path) -> Iterator[Finding]:
    """Finds intents that lack a part, and parts that belong to no intent."""
    domain = yaml_files.read(root / "domain.yml")
    intents, data = domain["intents"], root / "data"
    place = yaml_files.at("domain.yml", domain, "intents")
    parts = {
        "messages in data/nlu/": _messages(data / "nlu"),
        "a rule in data/rules.yml": set(read_steps(data)) - {NOT_RULED},
        "a story in tests/test_stories.yml": _stories(root / "tests/test_stories.yml"),
    }
    for what, having in parts.items():
        for intent in intents:
            if intent not in having:
                yield Finding(place, f"the intent `{intent}` lacks {what}. Add it.")
        for other in sorted(having - set(intents)):
            yield Finding(
                place,
                f"`{other}` has {what} and is not an intent here. Add it, or remove.",
            )
    for intent in intents:
        if f"utter_{intent}" not in answers.responses:
            yield Finding(place, f"`{intent}` lacks `utter_{intent}`. Add it.")
        if not answers.topics.of_intent(intent):
            yield Finding(
                place, f"the intent `{intent}` lacks a topic in data/topics.yml."
            )
    for topic in answers.topics.by_key:
        if topic not in intents:
            yield Finding(place, f"the topic `{topic}` is not an intent here. Add it.")


def _messages(folder: Path) -> set[str]:
    files = [yaml_files.read(path) for path in sorted(folder.glob("*.yml"))]
    return {
        block["intent"]
        for content in files
        for block in content.get("nlu") or []
        if str(block.get("examples") or "").strip()
    }


def _stories(path: Path) -> set[str]:
    stories = yaml_files.read(path).get("stories") or []
    steps = [step for story in stories for step in story.get("steps") or []]
    return {step["intent"] for step in steps if "intent" in step}
