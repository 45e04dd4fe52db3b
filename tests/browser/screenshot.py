"""Takes the screenshot of the README: a question and its answer on a phone.

Usage: python -m tests.browser.screenshot [FILE] [QUESTION] [dark|light] [WIDTH]
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from bot import ROOT
from tests.conftest import Server
from tests.debian_packages import find


def main() -> None:
    """Starts a server, asks, and writes the picture."""
    given = dict(enumerate(sys.argv[1:]))
    file = given.get(0, str(ROOT / "docs" / "screenshot.png"))
    server = Server()
    try:
        server.wait("/health/ready", 180)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(
                viewport={"width": int(given.get(3, 420)), "height": 900},
                color_scheme=given.get(2, "light"),
                device_scale_factor=1.5,
            )
            page.goto(server.address)
            question = given.get(1, "is the helpline anonymous")
            if question:
                page.get_by_label("Your question").fill(question)
                page.get_by_role("button", name="Send").click()
                page.locator(".reply").first.wait_for()
                page.wait_for_timeout(400)
            page.screenshot(path=file)
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
