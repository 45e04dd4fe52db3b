"""Pages for print: one file each, with the style of the site in it."""

from __future__ import annotations

import sys
from pathlib import Path

from markupsafe import Markup

from bot.pages.pages import WEB
from bot.words import yaml_files


def style() -> Markup:
    """The style sheets of the site, to be put into a page."""
    sheets = [WEB / "static" / name for name in ("style.css", "answers.css")]
    return Markup("\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets))


def save(page: str, folder: Path, name: str) -> str:
    """Writes a page; returns its name for the terminal. Exits when it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    except OSError as error:
        sys.exit(f"{folder / name} cannot be written: {error.strerror}.")
    return yaml_files.shown((folder / name).absolute())
