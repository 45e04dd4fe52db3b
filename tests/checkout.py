"""A copy of the project whose content a test may change; the rest are links."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from bot import ROOT
from bot.desk.poster_words import SIGNED_AS, PosterWords
from bot.words.answers import Answers
from bot.words.easy_read import EasyRead
from bot.words.languages import Languages
from bot.words.sign_off import SignOff

LINKED = (
    *("bot", "actions", "models", "tests"),
    *("config.yml", "endpoints.yml", "credentials.yml"),
    *("pyproject.toml", "requirements"),
)
# What a command may rewrite: copies, so that it never writes through a link.
COPIED = ("domain.yml", "docs/evaluation.md", "docs/transparency_record.md")


def make(folder: Path) -> Path:
    """Fills a folder with links, and with separate content files."""
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for part in ("data", "docs"):
        (folder / part).mkdir()
    for path in (ROOT / "data").iterdir():
        if path.is_dir():
            (folder / "data" / path.name).symlink_to(path)
        else:
            shutil.copy(path, folder / "data")
    for name in COPIED:
        shutil.copy(ROOT / name, folder / name)
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Changes a file of the copy, in the first place where it holds `old`."""
    path = own(folder, file)
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def own(folder: Path, file: str) -> Path:
    """A file of the copy that may be written to: no folder above it is a link."""
    path = folder / file
    for above in reversed(path.relative_to(folder).parents[:-1]):
        if (place := folder / above).is_symlink():
            linked = place.resolve()
            place.unlink()
            shutil.copytree(linked, place)
    return path


def sign(folder: Path, *names: str, checked_on: str | None = None) -> None:
    """Has every signatory approve some answers of the copy; no names: every one.

    A language is signed by its name, such as `language_pl`, an Easy Read version as
    `easy_read_own_behaviour`; `poster` are the words of posters.
    """
    if checked_on:
        for name in names:
            _check_facts(folder, name, checked_on)
    answers = Answers.read(folder, folder / "data")
    sign_off = SignOff.read(folder / "data")
    languages = Languages.read(answers.directory, folder / "data")
    easy = EasyRead.read(answers, folder / "data")
    poster = PosterWords.read(answers.directory, folder / "data")
    wordings = {
        **answers.responses,
        **languages.to_sign(),
        **easy.to_sign(),
        SIGNED_AS: poster.as_response(),
    }
    for name in names or answers.responses:
        for who in sign_off.signatories:
            sign_off.sign(name, wordings[name], f"{who} lead", "2026-11-01")
    sign_off.write(folder / "data")


def _check_facts(folder: Path, name: str, day: str) -> None:
    path = folder / "domain.yml"
    before, after = path.read_text(encoding="utf-8").split(f"  {name}:\n")
    after = after.replace("checked_on: null", f'checked_on: "{day}"', 1)
    path.write_text(f"{before}  {name}:\n{after}", encoding="utf-8")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one command of the project in the copy."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
