"""One browser for all tests, the pages in it, and the figures they report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.steps import PHONE
from tests.conftest import Server
from tests.debian_packages import find

FIGURES = pytest.StashKey[list[str]]()
# A page of the internet may not call a server on this machine without asking first;
# the tests take the place of both ends.
SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-features=LocalNetworkAccessChecks",
]
# Chromium's word for every status of 400 and up; the tests look at the page instead.
NO_FAULT = "Failed to load resource"
# Playwright's five seconds are not enough on a busy machine.
expect.set_options(timeout=20_000)


# Only for this package: the tests in other folders have their own event loops.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = find("chromium")
    assert path, "no Chromium: run `make test`, or install Debian's chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages with browser settings; none may report a fault.

    What it returns takes the size in CSS pixels; `allowed`, part of a console line that
    a test provokes; and settings of Playwright's browser context.
    """
    opened: list[Page] = []
    faults: list[str] = []

    def make(size=PHONE, allowed: str = NO_FAULT, **settings) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        page = browser.new_page(viewport=viewport, **settings)
        page.set_default_timeout(15_000)

        def note(text: str) -> None:
            if NO_FAULT not in text and allowed not in text:
                faults.append(text)

        page.on("pageerror", lambda error: note(str(error)))
        page.on("console", lambda said: said.type == "error" and note(said.text))
        opened.append(page)
        return page

    yield make
    for page in opened:
        page.context.close()
    assert not faults


@pytest.fixture
def page(new_page: Callable[..., Page], server: Server) -> Page:
    """The campaign page on a phone."""
    page = new_page()
    page.goto(server.address)
    return page


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Keeps a line for the end of the test output."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Prints the figures, even if every test passes."""
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("What a visitor downloads")
        for line in lines:
            terminalreporter.write_line(line)
