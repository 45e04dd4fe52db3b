"""What somebody does with a page, whichever the browser; and how long they wait."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import playwright.sync_api

LOOKING = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
PATIENCE = 120  # seconds, on a slow line and on a busy machine
SETTLES = 0.8  # until what moves has come to rest
NOT_NOW = (playwright.sync_api.Error, RuntimeError)
AT_MOST = 150  # presses of Tab


class Visitor(ABC):
    """A person with a browser."""

    keyboard = False

    @abstractmethod
    def open(self, address: str) -> None:
        """Opens an address."""

    @abstractmethod
    def evaluate(self, expression: str) -> list[Any]:
        """What an expression yields in the page and in each of its frames."""

    @abstractmethod
    def click(self, name: str) -> None:
        """Clicks what begins with a name, with a pointer."""

    @abstractmethod
    def key(self, name: str) -> None:
        """Presses `Tab`, `Shift+Tab` or `Enter`."""

    @abstractmethod
    def write(self, text: str) -> None:
        """Types a text where the focus is."""

    @abstractmethod
    def picture(self) -> bytes:
        """What is in sight, as a PNG."""

    @abstractmethod
    def close(self) -> None:
        """Ends the visit."""

    def press(self, name: str) -> None:
        """Presses a button or a link, or puts the cursor into a field."""
        if not self.keyboard:
            self.click(name)
            return
        self._tab_to(name, "Shift+Tab")  # from the field up into the reply
        self.key("Enter")

    def ask(self, question: str, field: str, send: str) -> None:
        """Types a question and sends it."""
        if self.keyboard:
            self._tab_to(field, "Tab")
            self.write(question)
            self.key("Enter")
        else:
            self.click(field)
            self.write(question)
            self.click(send)

    def look(self, call: str, *given: str) -> list[Any]:
        """What a function of looking.js yields in each frame."""
        listed = ", ".join(json.dumps(each) for each in given)
        return self.evaluate(f"{LOOKING.strip()}.{call}({listed})")

    def text(self) -> str:
        """The words of the page and its frames."""
        return "\n".join(self.look("text"))

    def said(self) -> str:
        """How the newest answer begins."""
        return next((said for said in self.look("said") if said), "")

    def wait(self, text: str, before: str) -> None:
        """Waits for a text, on a page that is not what it was before.

        Raises:
            TimeoutError: Not there in time; the message holds what is.
        """
        until = time.monotonic() + PATIENCE
        shown = ""
        while time.monotonic() < until:
            time.sleep(0.3)
            try:
                shown = self.text()
                if text in shown and shown != before and not any(self.look("waits")):
                    time.sleep(SETTLES)
                    return
            except NOT_NOW:  # between two pages there is nothing to look at
                continue
        raise TimeoutError(f"{text!r} is not in: {shown}")

    def _tab_to(self, name: str, key: str) -> None:
        for _ in range(AT_MOST):
            if any(f.startswith(name) for f in self.look("focused") if f):
                return
            self.key(key)
        raise LookupError(f"the keyboard does not reach {name!r}")
