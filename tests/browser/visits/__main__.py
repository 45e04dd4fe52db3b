"""Makes the visits of docs/visits.yml, and writes docs/visits.md.

Usage: python -m tests.browser.visits [PERSON ...]; of named people, only pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.browser.steps import DESKTOP, NARROW, PHONE
from tests.browser.visits.chromium import Chromium
from tests.browser.visits.firefox import FirefoxVisitor
from tests.browser.visits.slow import SlowLine
from tests.browser.visits.visit import PICTURES, Step, carry_out, plan
from tests.browser.visits.visitor import Visitor
from tests.browser.visits.written import DOCUMENT, document
from tests.conftest import Server
from tests.debian_packages import find

SIZES = {"phone": PHONE, "narrow": NARROW, "desktop": DESKTOP}


def main() -> None:
    """Starts a server and lets everybody visit it, or those who are named."""
    wanted = plan()
    named = sys.argv[1:] or [person["key"] for person in wanted["people"]]
    PICTURES.mkdir(exist_ok=True)
    server = Server()
    slow = SlowLine(int(server.address.rsplit(":", 1)[1]))
    made: dict[tuple[str, str], list[Step]] = {}
    try:
        server.wait("/health/ready", 180)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=find("chromium"), args=["--no-sandbox"]
            )
            for person in wanted["people"]:
                if person["key"] not in named:
                    continue
                for browser, how in person["visits"].items():
                    sys.stderr.write(f"{person['key']}, {browser}\n")
                    address = server.address
                    if how.get("slow"):
                        address = f"http://127.0.0.1:{slow.port}"
                    with _visitor(browser, how, chromium) as visitor:
                        steps = carry_out(visitor, person, browser, address)
                    made[person["key"], browser] = steps
    finally:
        slow.stop()
        server.stop()
    if len(named) == len(wanted["people"]):
        DOCUMENT.write_text(document(wanted, made), encoding="utf-8")


@contextmanager
def _visitor(browser: str, how: dict, chromium: Browser) -> Iterator[Visitor]:
    size = SIZES[how["size"]]
    if browser == "chromium":
        visitor: Visitor = Chromium(chromium, size, how)
    else:
        visitor = FirefoxVisitor(find("firefox-esr"), size, how)
    try:
        yield visitor
    finally:
        visitor.close()


if __name__ == "__main__":
    main()
