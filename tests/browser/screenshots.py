"""Takes the pictures of docs/screens.md: each state of the page and the widget.

Usage: python -m tests.browser.screenshots [NAME ...]
"""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, sync_playwright

from bot import ROOT
from tests.browser.states import STATES
from tests.browser.steps import DESKTOP, NARROW, PHONE
from tests.conftest import Server
from tests.debian_packages import find

FOLDER = ROOT / "docs" / "screens"
DARK, FORCED = {"color_scheme": "dark"}, {"forced_colors": "active"}
# name of the file: state, size, settings of the browser
PICTURES: dict[str, tuple[str, tuple[int, int], dict]] = {
    "page-start": ("start", PHONE, {}),
    "page-start-narrow": ("start", NARROW, {}),
    "page-rest": ("rest opened", PHONE, {}),
    "page-long-question": ("long question", PHONE, {}),
    "page-paper": ("on paper", PHONE, {}),
    "page-desktop": ("answer", DESKTOP, {}),
    "page-answer": ("answer", PHONE, {}),
    "page-answer-dark": ("answer", PHONE, DARK),
    "page-emergency": ("emergency", PHONE, {}),
    "page-emergency-dark": ("emergency", PHONE, DARK),
    "page-narrow": ("two answers", NARROW, {}),
    "page-forced-colours": ("answer", PHONE, FORCED),
    "page-young": ("under 18", PHONE, {}),
    "page-waiting": ("waiting", PHONE, {}),
    "page-nothing-typed": ("nothing typed", PHONE, {}),
    "page-offline": ("offline", PHONE, {}),
    "page-no-javascript": ("without script", PHONE, {}),
    "embed-closed": ("embed closed", DESKTOP, {}),
    "embed-open": ("embed open", DESKTOP, {}),
    "embed-answer": ("embed answer", DESKTOP, {}),
    "embed-phone": ("embed open", PHONE, {}),
    "embed-emergency": ("embed emergency", PHONE, {}),
    "embed-dark": ("embed answer", DESKTOP, DARK),
    "embed-inline": ("embed inline", DESKTOP, {}),
    "embed-server-gone": ("embed server gone", PHONE, {}),
    "answers": ("all answers", PHONE, {}),
    "answers-found": ("found", NARROW, {}),
    "answers-danger": ("danger in the search", PHONE, {}),
    "answers-desktop": ("all answers of a force", DESKTOP, {}),
    "answer": ("one answer", PHONE, {}),
    "easy-read": ("easy read", PHONE, {}),
    "easy-read-dark": ("easy read in an emergency", NARROW, DARK),
}


def main() -> None:
    """Starts a server and takes the named pictures, or all of them."""
    named = sys.argv[1:] or list(PICTURES)
    FOLDER.mkdir(exist_ok=True)
    server = Server()
    try:
        server.wait("/health/ready", 180)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find("chromium"), args=["--no-sandbox"]
            )
            for name in named:
                sys.stderr.write(f"{name}\n")
                _take(browser, server.address, name)
            browser.close()
    finally:
        server.stop()


def _take(browser: Browser, address: str, name: str) -> None:
    state, (width, height), settings = PICTURES[name]
    path, act = STATES[state]
    page = browser.new_page(viewport={"width": width, "height": height}, **settings)
    page.goto(address + path)
    act(page)
    page.wait_for_timeout(500)  # until scrolling and the waiting dots stop
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
