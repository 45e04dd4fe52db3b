"""Which topics people ask about right after an answer, counted from examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from bot import DATA
from bot.words import yaml_files
from bot.words.topics import Topics

# What a topic counts as before anything is counted: every one a little, the related
# ones, the others of its family and the topic itself more.
RARELY, RELATED, ITSELF = 0.15, 1.0, 2.0


def read_chances(topics: Topics, folder: Path = DATA) -> dict[str, dict[str, float]]:
    """Reads conversations/follow_ups.yml.

    Returns:
        For each topic just answered, how likely every topic is to be asked about next.

    Raises:
        YamlFileError: The file cannot be read.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    path = folder / "conversations" / "follow_ups.yml"
    for entry in yaml_files.read(path)["follow_ups"]:
        counted[entry["after"]][entry["topic"]] += 1
    return {key: _chances(key, counted[key], topics) for key in topics.by_key}


def _chances(after: str, counted: Counter[str], topics: Topics) -> dict[str, float]:
    weights = {key: RARELY + counted[key] for key in topics.by_key}
    family = topics.family(after)
    near = {key for key in topics.by_key if topics.family(key) == family}
    for key in near.union(topics.by_key[after].related):
        weights[key] += RELATED
    weights[after] += ITSELF
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}
