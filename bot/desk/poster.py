"""`python -m bot poster ADDRESS`: an A4 poster and a web banner for each force."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.desk import poster_banner, poster_pdf
from bot.desk.poster_words import PosterWords, shown
from bot.words import yaml_files
from bot.words.directory import Directory
from bot.words.forces import short_path


def write(address: str, folder: Path) -> None:
    """Writes poster-FORCE.pdf, banner-FORCE.png and banner-FORCE.html into a folder.

    Args:
        address: Where the public reaches the site, such as https://advice.example.org
        folder: Where the files go; it is made if it does not exist.

    Raises:
        SystemExit: There is no such address, the content has a gap, or the folder
            cannot be written.
    """
    try:
        site = site_of(address)
        directory = Directory.read()
        words = PosterWords.read(directory)
    except ValueError as error:
        sys.exit(f"No poster. {error}")
    for key, force in directory.forces.items():
        link = site + short_path(key)
        said = words.of(key, shown(link))
        slug, colour = short_path(key)[1:], force.accent.light
        banner = f"banner-{slug}.png"
        files = {
            f"poster-{slug}.pdf": poster_pdf.draw(said, link, colour),
            banner: poster_banner.draw(said, link, colour),
            f"banner-{slug}.html": _tag(banner, link, said.banner["alt"]).encode(),
        }
        for name, content in files.items():
            sys.stdout.write(f"{_save(folder / name, content)}\n")
    sys.stdout.write(f"Each leads to {site} and a force's name.\n")
    if said.draft:
        sys.stdout.write(f"Every file says “{said.draft}”.\n")


def site_of(address: str) -> str:
    """The address of the site, without a slash at its end.

    Raises:
        ValueError: A poster could not name it.
    """
    if not address:
        raise ValueError(
            "Where does the public reach this site? Give its address: make poster "
            "ADDRESS=https://advice.example.org"
        )
    parts = urlsplit(address)
    whole = f"https://{parts.netloc}"
    if not parts.hostname or "@" in parts.netloc or address.rstrip("/") != whole:
        raise ValueError(
            f"ADDRESS={address}: give https:// and the name of the site alone, such as "
            "https://advice.example.org"
        )
    return whole


def _tag(file: str, link: str, alt: str) -> str:
    """What a web team pastes into its page."""
    width, height = poster_banner.SHOWN_AT
    return Markup(
        '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}"></a>\n'
    ).format(link, file, width, height, alt)


def _save(path: Path, content: bytes) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        sys.exit(f"{path} cannot be written: {error.strerror}.")
    return yaml_files.shown(path.absolute())
