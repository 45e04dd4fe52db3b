"""A visitor with Chromium, driven by Playwright."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Frame

from tests.browser.visits.visitor import LOOKING, Visitor


class Chromium(Visitor):
    """One visit, with nothing left from any other."""

    def __init__(self, browser: Browser, size: tuple[int, int], how: dict) -> None:
        """Opens a window.

        Args:
            browser: A running Chromium.
            size: Of the window, in CSS pixels.
            how: The conditions: `script`, `text`, `keyboard`.
        """
        self.keyboard = how.get("keyboard", False)
        self._page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=how.get("script", True),
        )
        self._page.set_default_timeout(40_000)
        if "large_text" in how:
            size_of_text = {"standard": 16 * how["large_text"] // 100}
            line = self._page.context.new_cdp_session(self._page)
            line.send("Page.setFontSizes", {"fontSizes": size_of_text})

    def open(self, address: str) -> None:
        self._page.goto(address)

    def evaluate(self, expression: str) -> list[Any]:
        return [frame.evaluate(expression) for frame in self._frames()]

    def click(self, name: str) -> None:
        for frame in self._frames():
            found = frame.evaluate_handle(
                f"name => {LOOKING.strip()}.reach(name)", name
            )
            if element := found.as_element():
                element.click()
                return
        raise LookupError(f"nothing is called {name!r}")

    def key(self, name: str) -> None:
        self._page.keyboard.press(name)

    def write(self, text: str) -> None:
        self._page.keyboard.type(text, delay=5)

    def picture(self) -> bytes:
        return self._page.screenshot()

    def close(self) -> None:
        self._page.close()

    def _frames(self) -> list[Frame]:
        return [f for f in self._page.frames if f.url.startswith("http")]
