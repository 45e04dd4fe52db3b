"""The words of posters and banners: data/poster.yml, filled for a force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files
from bot.words.directory import Directory
from bot.words.responses import filled, gaps_in
from bot.words.sign_off import SignOff

FILE = "data/poster.yml"
SIGNED_AS = "poster"  # its name in data/sign_off.yml
LINK = "link"


class PosterError(ValueError):
    """data/poster.yml has a gap."""


@dataclass(frozen=True)
class Poster:
    """The words for one force. `draft` is empty once all have signed them."""

    poster: dict[str, Any]
    banner: dict[str, str]
    draft: str


class PosterWords:
    """The content of data/poster.yml, checked."""

    def __init__(
        self, content: dict[str, Any], directory: Directory, sign_off: SignOff
    ) -> None:
        """Takes the file's content; raises PosterError."""
        shapes.check(FILE, content, "poster", PosterError)
        self.content = content
        self._directory = directory
        self._sign_off = sign_off
        if gaps := list(self._gaps()):
            raise PosterError("\n".join(gaps))

    @classmethod
    def read(cls, directory: Directory, folder: Path = DATA) -> PosterWords:
        """Reads poster.yml in `folder`; raises YamlFileError or PosterError."""
        content = yaml_files.read(folder / "poster.yml")
        return cls(content, directory, SignOff.read(folder))

    def of(self, force: str, link: str) -> Poster:
        """The words for a force, with the short link that its poster names."""
        fill = partial(filled, directory=self._directory, force=force, link=link)
        poster, banner = (_each(self.content[p], fill) for p in ("poster", "banner"))
        missing = self._sign_off.missing(SIGNED_AS, self.as_response())
        return Poster(poster, banner, self.content["draft"] if missing else "")

    def as_response(self) -> dict[str, Any]:
        """What people sign, in the form of an entry of domain.yml."""
        return {"text": "\n".join(t for _, t in self.texts()), "metadata": {}}

    def texts(self) -> Iterator[tuple[tuple[Any, ...], str]]:
        """Every text with the keys that lead to it."""
        for part in ("poster", "banner"):
            yield from _texts(self.content[part], (part,))

    def place(self, *path: Any) -> str:
        """Where a text is: `data/poster.yml, line 12`."""
        return yaml_files.at(FILE, self.content, *path)

    def _gaps(self) -> Iterator[str]:
        """What is wrong with the texts; each says where, and what to do."""
        for path, text in self.texts():
            for says in gaps_in(text, self._directory, (LINK,)):
                yield f"{self.place(*path)}: {says}"


def shown(link: str) -> str:
    """An address as people type it: without https://."""
    return link.removeprefix("https://")


def _each(content: Any, change: Any) -> Any:
    """The same content with every text changed."""
    if isinstance(content, dict):
        return {key: _each(value, change) for key, value in content.items()}
    if isinstance(content, list):
        return [_each(value, change) for value in content]
    return change(content)


def _texts(
    content: Any, path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(content, str):
        yield path, content
        return
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in pairs:
        yield from _texts(value, (*path, key))
