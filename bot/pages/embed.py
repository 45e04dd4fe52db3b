"""The script that a force puts into its website, and its versions."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from bot import ROOT
from bot.pages.assets import slim
from bot.pages.pages import WEB
from bot.words.answers import Answers

FOLDER = WEB / "launcher"
VERSIONS = re.compile(r"(<!-- versions -->).*(<!-- /versions -->)", re.S)
RELEASED = re.compile(r"embed-(\d+)\.(\d+)\.(\d+)\.js")


def compose(answers: Answers) -> str:
    """The current script: the launcher, with its words and numbers from data/.

    The words are in the script, since it must show the numbers if the server is down.
    """
    failed = answers.reply("utter_unreachable")
    paragraphs = failed.text.split("\n\n")
    words = {
        "close": answers.topics.words["embed_close"],
        "loading": answers.topics.words["embed_loading"],
        "failed": [said for said in paragraphs if not re.search(r"\d", said)],
        # For visitors who cannot press a link: at a desk, or with another phone.
        "numbers": [said for said in paragraphs if re.search(r"\d", said)],
        "links": [
            {"title": link["title"], "href": link["href"]}
            for link in failed.links
            if link["href"].startswith("tel:")
        ],
    }
    launcher = slim((FOLDER / "launcher.js").read_text(encoding="utf-8"))
    return f"({launcher.strip()})({json.dumps(words)});\n"


def released() -> dict[str, str]:
    """The versions that websites may have pinned, by number, newest last."""
    found = {
        ".".join(match.groups()): path.read_text(encoding="utf-8")
        for path in FOLDER.iterdir()
        if (match := RELEASED.fullmatch(path.name))
    }
    return dict(sorted(found.items(), key=lambda kept: _numbers(kept[0])))


def integrity(script: str) -> str:
    """The value of a tag's `integrity` attribute."""
    digest = hashlib.sha384(script.encode()).digest()
    return "sha384-" + base64.b64encode(digest).decode()


def release(answers: Answers, folder: Path = FOLDER) -> str:
    """Saves the current script as a new version, unless it is the newest one already.

    Returns:
        The newest version. A released version never changes: websites pin its hash.
    """
    script, versions = compose(answers), released()
    newest = next(reversed(versions), None)
    if newest and versions[newest] == script:
        return newest
    major, minor, patch = _numbers(newest) if newest else (1, 0, -1)
    version = f"{major}.{minor}.{patch + 1}"
    (folder / f"embed-{version}.js").write_text(script, encoding="utf-8")
    return version


def version_of(script: str, versions: dict[str, str]) -> str | None:
    """The newest version, if this is its script; None: it has not been released."""
    newest = next(reversed(versions), None)
    return newest if newest and versions[newest] == script else None


def list_versions(document: Path = ROOT / "docs" / "embedding.md") -> None:
    """Writes every version and its hash into the document for web teams."""
    rows = [f"| {v} | `{integrity(script)}` |" for v, script in released().items()]
    table = "\n".join(["| version | integrity |", "| --- | --- |", *reversed(rows)])
    text = document.read_text(encoding="utf-8")
    text = VERSIONS.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text)
    document.write_text(text, encoding="utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
