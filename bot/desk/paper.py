"""Pages for print: one file each, with the style of the site in it."""

from __future__ import annotations

import sys
from pathlib import Path

from markupsafe import Markup

from bot.pages.pages import WEB
from bot.words import yaml_files


def style() -> Markup:
    """The style sheet of the site, to be put into a page."""
    return Markup((WEB / "static" / "style.css").read_text(encoding="utf-8"))


def save(page: str, folder: Path, name: str) -> str:
    """Writes a page; returns its name for the terminal. Exits when it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    except OSError as error:
        sys.exit(f"{folder / name} cannot be written: {error.strerror}.")
    return yaml_files.shown((folder / name).absolute())
