"""Every wording that an editor writes, with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.desk.poster_words import FILE as POSTER_FILE
from bot.desk.poster_words import PosterWords
from bot.words import yaml_files
from bot.words.answers import Answers
from bot.words.easy_read import FILE as EASY_READ_FILE
from bot.words.languages import ENGLISH, PARTS
from bot.words.topics import FILE as TOPICS_FILE

JINJA = re.compile(r"\{[{%#].*?[}%#]\}|<script.*?</script>|<[^>]*>", re.S)


@dataclass(frozen=True)
class Wording:
    """A text as it is written, in the file's lines from `line` on."""

    name: str
    text: str
    path: Path
    line: int

    def place(self, found: str = "") -> str:
        """The file and line of a part of the text, as it is written."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        for number in range(self.line, len(lines) + 1):
            if found and found in lines[number - 1]:
                return f"{yaml_files.shown(self.path)}, line {number}"
        return f"{yaml_files.shown(self.path)}, line {self.line}"


def of_answers(answers: Answers, root: Path) -> Iterator[Wording]:
    """The text of every response."""
    for name, response in answers.responses.items():
        path = root / "domain.yml"
        yield Wording(name, response["text"], path, _line(response, "text"))


def of_topics(data: Path) -> Iterator[Wording]:
    """The words of data/topics.yml that a visitor reads."""
    path = data / Path(TOPICS_FILE).name
    content = yaml_files.read(path)
    for part in ("words", "audiences"):
        for key, text in content[part].items():
            yield Wording(f"{part}.{key}", text, path, _line(content[part], key))
    for part in ("topics", "openings"):
        for key, entry in content[part].items():
            yield Wording(f"{part}.{key}", entry["title"], path, _line(entry, "title"))


def of_easy_read(data: Path) -> Iterator[Wording]:
    """Every line of the Easy Read versions."""
    path = data / Path(EASY_READ_FILE).name
    for key, entry in yaml_files.read(path)["topics"].items():
        for line in entry["lines"]:
            name = f"easy_read.{key}"
            yield Wording(name, line["text"], path, _line(line, "text"))


def of_poster(poster: PosterWords, data: Path) -> Iterator[Wording]:
    """Every text of posters and banners."""
    path = data / Path(POSTER_FILE).name
    for (*above, key), text in poster.texts():
        entry: Any = poster.content
        for part in above:
            entry = entry[part]
        yield Wording(f"poster.{key}", text, path, _line(entry, key))


def of_english(data: Path) -> Iterator[Wording]:
    """The English that is shown small below what is said in other languages."""
    path = data / "languages" / f"{ENGLISH}.yml"
    content = yaml_files.read(path)
    for part in PARTS:
        for key, text in content[part].items():
            yield Wording(f"{part}.{key}", text, path, _line(content[part], key))


def of_templates(folder: Path) -> Iterator[Wording]:
    """The text between the tags of the page templates."""
    for path in sorted(folder.glob("*.html")):
        text = JINJA.sub(" ", path.read_text(encoding="utf-8"))
        yield Wording(path.name, text, path, 1)


def _line(entry: Any, key: str) -> int:
    line: int = entry.lines.get(key, 1)
    return line
