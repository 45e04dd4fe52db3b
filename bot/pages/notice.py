"""A short notice on every page, and the switch that closes the chat.

Both are in a file that the server reads again when it changes, so they need no
deployment.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from bot.words import yaml_files
from bot.words.lifelines import Lifelines

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 300


class NoticeError(ValueError):
    """The notice file holds something other than a notice and a switch."""


class Notice:
    """What the notice file says now.

    If the file cannot be read while the server runs, the last good one still applies,
    and the log says `notice.unreadable` once for each change.
    """

    def __init__(self, path: Path) -> None:
        """Reads the file; raises YamlFileError or NoticeError."""
        self._path = path
        self._seen = self._stamp()
        self._text, self._closed = self._read()

    @property
    def text(self) -> str:
        """What the pages show at the top; empty: nothing."""
        self._refresh()
        return self._text

    @property
    def closed(self) -> bool:
        """Whether typed messages go unanswered, emergencies excepted."""
        self._refresh()
        return self._closed

    def _refresh(self) -> None:
        if (stamp := self._stamp()) == self._seen:
            return
        self._seen = stamp
        try:
            self._text, self._closed = self._read()
            logger.info("notice.read closed=%s", self._closed)
        except ValueError as error:
            logger.error("notice.unreadable %s", type(error).__name__)

    def _stamp(self) -> tuple[int, ...] | None:
        """Changes with the file, even if a mount swaps one link for another."""
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> tuple[str, bool]:
        content: dict[str, Any] = yaml_files.read(self._path)
        text, closed = content.get("notice"), content.get("closed")
        if set(content) != {"notice", "closed"} or not isinstance(closed, bool):
            raise NoticeError(
                f'{self._path}: give `notice` (a text or "") and `closed` (true or '
                "false), and nothing else."
            )
        if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
            raise NoticeError(
                f"{self._path}: `notice` must be a text of at most {MOST_CHARACTERS} "
                "characters."
            )
        if slip := Lifelines.read().slip(text):
            raise NoticeError(
                f"{self._path}: `notice` holds {slip}, which is nearly a number of "
                "data/lifelines.yml, or a short one that is not there. Correct it."
            )
        return text.strip(), closed
