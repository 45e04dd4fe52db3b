"""What the chat learns other languages from: messages and words, a file for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.desk.checks.finding import Finding
from bot.words import yaml_files
from bot.words.languages import FOLDER
from bot.words.yaml_files import YamlFileError

KEYS = ("intent", "text", "en")


def check(root: Path) -> Iterator[Finding]:
    """Finds messages without an intent or a meaning, and lines without a word."""
    intents = set(yaml_files.read(root / "domain.yml")["intents"])
    for path in sorted((root / FOLDER / "messages").glob("*.yml")):
        yield from _messages(path, f"{FOLDER}/messages/{path.name}", intents)
    for path in sorted((root / FOLDER / "words").glob("*.txt")):
        yield from _words(path, f"{FOLDER}/words/{path.name}")


def _messages(path: Path, file: str, intents: set[str]) -> Iterator[Finding]:
    try:
        messages = yaml_files.read_list(path)
    except YamlFileError as error:
        yield Finding.of_error(str(error))
        return
    seen: dict[str, str] = {}
    for number, message in enumerate(messages):
        place = yaml_files.at(file, messages, number, "intent")
        if says := _wrong(message, intents):
            yield Finding(place, f"message {number + 1} {says}")
            continue
        text = " ".join(message["text"].split()).casefold()
        if (before := seen.setdefault(text, place)) != place:
            yield Finding(place, f"“{text[:50]}” is also in {before}. Keep one.")


def _wrong(message: Any, intents: set[str]) -> str:
    if not isinstance(message, dict) or sorted(message) != sorted(KEYS):
        return f"must have {', '.join(KEYS)} and nothing else. Correct it."
    for key in KEYS:
        if not (isinstance(message[key], str) and message[key].strip()):
            return f"has no `{key}`. Write it, in quotes."
    if message["intent"] not in intents:
        return f"has the intent `{message['intent']}`, which is not in domain.yml."
    return ""


def _words(path: Path, file: str) -> Iterator[Finding]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        yield Finding(file, "is not UTF-8. Save it with that encoding.")
        return
    if not lines:
        yield Finding(file, "is empty. Restore an older version of it.")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            yield Finding(f"{file}, line {number}", "is empty. Remove the line.")
