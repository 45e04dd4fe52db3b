"""Reads public intent data, CLINC150's JSON or Banking77's CSV, and draws from it.

Both formats become one `PublicData`. A message of intent `oos` is out of scope wherever
it stands; those of the test part are kept, the others are not needed.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

OUT_OF_SCOPE = "oos"
COLUMNS = ("text", "category")
# Rasa reads an entity in square brackets, a variable in curly ones.
BRACKETS = str.maketrans("[]{}", "()()")


class PublicDataError(ValueError):
    """A file is missing, malformed or holds too little; the message says where."""


class Example(NamedTuple):
    """A message and its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class PublicData:
    """What is learnt from and what is judged.

    `val` is empty where the format has none, `outside` holds the out-of-scope messages
    of the test part, `files` says where all of it stands.
    """

    train: list[Example]
    val: list[Example]
    test: list[Example]
    outside: list[str]
    files: str = field(compare=False)

    @property
    def intents(self) -> list[str]:
        """The intents of the train and test messages, in alphabetical order."""
        return sorted({example.intent for example in self.train + self.test})


def read(paths: list[Path]) -> PublicData:
    """Reads one CLINC150-format JSON file, or two Banking77-format CSV files.

    Raises:
        PublicDataError: The files cannot be read, or are not of these formats.
    """
    files = ", ".join(map(str, paths))
    endings = [path.suffix.lower() for path in paths]
    if endings == [".json"]:
        parts = _read_json(paths[0])
    elif endings == [".csv", ".csv"]:
        parts = {"train": _read_csv(paths[0]), "val": [], "test": _read_csv(paths[1])}
    else:
        raise PublicDataError(
            f"{files}: name one .json file (CLINC150's format) or two .csv files "
            "(Banking77's format), first the one to train on, then the one to test on."
        )
    names = _safe_names({e.intent for part in parts.values() for e in part}, files)
    inside = {
        name: [Example(text, names[intent]) for text, intent in part if intent in names]
        for name, part in parts.items()
    }
    outside = [text for text, intent in parts["test"] if intent == OUT_OF_SCOPE]
    for part in ("train", "test"):
        if not inside[part]:
            raise PublicDataError(f"{files}: no in-scope message to {part} on.")
    return PublicData(**inside, outside=outside, files=files)


def draw(
    data: PublicData, examples: int, seed: int, intents: int | None = None
) -> PublicData:
    """The same data with few messages to train on; the same seed draws the same ones.

    Args:
        data: What `read` found.
        examples: How many different messages of each intent to keep.
        seed: What the draw begins from.
        intents: How many intents to keep, drawn as well; None keeps all.

    Raises:
        PublicDataError: There are fewer intents, or messages of one, than asked for.
    """
    chance = random.Random(seed)
    kept = _draw_intents(data, chance, intents)
    pools = {name: _different(data.train, name) for name in kept}
    if examples < 1:
        raise PublicDataError("--examples: must be 1 or more.")
    if few := [f"{n} ({len(p)})" for n, p in pools.items() if len(p) < examples]:
        raise PublicDataError(
            f"{data.files}: fewer than {examples} different messages to train on for "
            f"{', '.join(few)}. Add some, or ask for fewer with --examples."
        )
    return replace(
        data,
        train=[Example(t, n) for n in kept for t in chance.sample(pools[n], examples)],
        val=[example for example in data.val if example.intent in pools],
        test=[example for example in data.test if example.intent in pools],
    )


def _draw_intents(
    data: PublicData, chance: random.Random, intents: int | None
) -> list[str]:
    known = data.intents
    wanted = len(known) if intents is None else intents
    if not 2 <= wanted <= len(known):
        raise PublicDataError(
            f"{data.files}: holds {len(known)} intents, and {wanted} were asked for; "
            "a comparison needs 2 or more, and --intents no more than there are."
        )
    return sorted(chance.sample(known, wanted))


def _different(examples: list[Example], intent: str) -> list[str]:
    return list(dict.fromkeys(e.text for e in examples if e.intent == intent))


def _read_json(path: Path) -> dict[str, list[Example]]:
    try:
        content = json.loads(_text_of(path))
    except json.JSONDecodeError as error:
        raise PublicDataError(f"{path}: is not valid JSON ({error}).") from error
    if not isinstance(content, dict):
        raise PublicDataError(f"{path}: must hold an object with the key `train`.")
    parts = {
        name: _examples(content.get(name, []), f"{path}, `{name}`")
        for name in ("train", "val", "test", "oos_test")
    }
    parts["test"] += parts.pop("oos_test")
    return parts


def _examples(pairs: Any, place: str) -> list[Example]:
    if not isinstance(pairs, list):
        raise PublicDataError(f"{place}: must be a list of [text, intent].")
    found = []
    for number, pair in enumerate(pairs, start=1):
        if not isinstance(pair, list) or list(map(type, pair)) != [str, str]:
            raise PublicDataError(f"{place}, entry {number}: must be [text, intent].")
        found.append(_example(*pair, f"{place}, entry {number}"))
    return found


def _read_csv(path: Path) -> list[Example]:
    rows = csv.DictReader(io.StringIO(_text_of(path), newline=""), strict=True)
    found = []
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or []):
            raise PublicDataError(
                f"{path}, line 1: must be the header `{','.join(COLUMNS)}`."
            )
        for row in rows:
            text, intent = (row[name] or "" for name in COLUMNS)
            found.append(_example(text, intent, f"{path}, line {rows.line_num}"))
    except csv.Error as error:
        raise PublicDataError(
            f"{path}, after line {rows.line_num}: {error}; mend the quotes."
        ) from error
    return found


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PublicDataError(
            f"{path}: cannot be read ({error.strerror}); download the data set and "
            "name its file."
        ) from error
    except UnicodeDecodeError as error:
        raise PublicDataError(f"{path}: is not UTF-8; save it as UTF-8.") from error


def _example(text: str, intent: str, place: str) -> Example:
    """An example as Rasa can read it: one line, no markup, no slash in front."""
    plain = " ".join(text.split()).lstrip("/ ").translate(BRACKETS)
    if not plain or not intent.strip():
        raise PublicDataError(f"{place}: the text or the intent is empty.")
    return Example(plain, intent.strip())


def _safe_names(intents: set[str], files: str) -> dict[str, str]:
    """A name of letters, digits and underscores for each intent in scope."""
    names: dict[str, str] = {}
    for intent in sorted(intents - {OUT_OF_SCOPE}):
        name = re.sub(r"[^A-Za-z0-9]+", "_", intent).strip("_")
        if not name or name in names.values():
            raise PublicDataError(
                f"{files}: in letters, digits and underscores, the intent {intent!r} "
                f"is {name!r}, which names nothing or another; rename it in the file."
            )
        names[intent] = name
    return names
