"""Takes the pictures of docs/screens.md: each state of the page and the widget.

Usage: python -m tests.browser.screenshots [NAME ...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from bot import ROOT
from tests.browser.find_chromium import find
from tests.conftest import Server

FOLDER = ROOT / "docs" / "screens"
PHONE, NARROW, DESKTOP = (390, 844), (320, 640), (1280, 800)


def main() -> None:
    """Starts a server and takes the pictures that are named, or all."""
    named = sys.argv[1:] or list(STATES)
    FOLDER.mkdir(exist_ok=True)
    server = Server()
    try:
        server.wait("/health/ready", 180)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find(), args=["--no-sandbox"]
            )
            for name in named:
                sys.stderr.write(f"{name}\n")
                _take(browser, server.address, name)
            browser.close()
    finally:
        server.stop()


def _take(browser: Browser, address: str, name: str) -> None:
    path, size, settings, act = STATES[name]
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=settings.pop("color_scheme", "light"),
        **settings,
    )
    page.goto(address + path)
    act(page)
    page.wait_for_timeout(500)  # scrolling and the waiting dots come to rest
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def ask(page: Page | Frame, question: str) -> None:
    """Types a question and waits for the reply."""
    shown = page.locator(".reply").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".reply").nth(shown).wait_for()


def asks(*questions: str) -> Callable[[Page], None]:
    """What asks these questions on a page."""
    return lambda page: [ask(page, question) for question in questions] and None


def presses(name: str) -> Callable[[Page], None]:
    """What presses a button and waits for the reply."""

    def press(page: Page) -> None:
        page.get_by_role("button", name=name).click()
        page.locator(".reply").first.wait_for()

    return press


def opened(page: Page) -> Frame:
    """Opens the widget on a host page and waits for the chat."""
    page.get_by_role("button", name="Chat about worries").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your question").wait_for()
    return next(frame for frame in page.frames if "/widget" in frame.url)


def _goes_offline(page: Page) -> None:
    page.context.set_offline(True)
    asks("is anybody there")(page)


def _nothing(page: Page) -> None:
    pass


def _complains(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def _waits(page: Page) -> None:
    page.route("**/chat", lambda route: None)
    page.get_by_label("Your question").fill("is the helpline free")
    page.get_by_role("button", name="Send", exact=True).click()


def _embed_asks(question: str) -> Callable[[Page], None]:
    return lambda page: ask(opened(page), question)


def _server_is_gone(page: Page) -> None:
    page.route("**/widget*", lambda route: None)
    page.get_by_role("button", name="Chat about worries").click()
    page.wait_for_timeout(10_500)


DANGER = "he is hurting my son right now"
HELP = "is the helpline anonymous"
# name: path, size, settings of the browser, what is done
STATES: dict[str, tuple[str, tuple[int, int], dict, Callable[[Page], object]]] = {
    "page-start": ("/", PHONE, {}, _nothing),
    "page-desktop": ("/?force=kent", DESKTOP, {}, asks(HELP)),
    "page-answer": ("/", PHONE, {}, asks(HELP)),
    "page-answer-dark": ("/", PHONE, {"color_scheme": "dark"}, asks(HELP)),
    "page-emergency": ("/", PHONE, {}, asks(DANGER)),
    "page-emergency-dark": ("/", PHONE, {"color_scheme": "dark"}, asks(DANGER)),
    "page-narrow": ("/", NARROW, {}, asks("are ai pictures illegal")),
    "page-forced-colours": ("/", PHONE, {"forced_colors": "active"}, asks(HELP)),
    "page-young": ("/", PHONE, {}, presses("I am under 18")),
    "page-waiting": ("/", PHONE, {}, _waits),
    "page-nothing-typed": ("/", PHONE, {}, _complains),
    "page-offline": ("/", PHONE, {}, _goes_offline),
    "page-no-javascript": (
        "/widget?force=sussex",
        PHONE,
        {"java_script_enabled": False},
        asks(HELP),
    ),
    "embed-closed": ("/embed-demo/kent", DESKTOP, {}, _nothing),
    "embed-open": ("/embed-demo/kent", DESKTOP, {}, opened),
    "embed-answer": ("/embed-demo/surrey", DESKTOP, {}, _embed_asks(HELP)),
    "embed-phone": ("/embed-demo/sussex", PHONE, {}, opened),
    "embed-emergency": ("/embed-demo/thames_valley", PHONE, {}, _embed_asks(DANGER)),
    "embed-dark": (
        "/embed-demo/kent",
        DESKTOP,
        {"color_scheme": "dark"},
        _embed_asks(HELP),
    ),
    "embed-inline": ("/embed-demo/kent?mode=inline", DESKTOP, {}, _nothing),
    "embed-server-gone": ("/embed-demo/kent", PHONE, {}, _server_is_gone),
    "answers": ("/answers", PHONE, {}, _nothing),
    "answer": ("/answers/law_register?force=kent", PHONE, {}, _nothing),
}

if __name__ == "__main__":
    main()
