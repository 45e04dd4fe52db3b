"""Nothing is kept in the browser, asked of others, or run from within the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.steps import DANGER, HELP, ask, open_embed, press

KEPT = """async () => [
  document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(({ name }) => name), ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
].filter(Boolean)"""
WITHIN = """() => [
  ...document.querySelectorAll("style, [style], script:not([src]), base"),
  ...[...document.querySelectorAll("*")].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith("on"))),
].map((element) => element.outerHTML.slice(0, 90))"""
WATCH = """addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused: ${event.violatedDirective} ${event.blockedURI}`);
})"""


def on_the_page(page: Page) -> None:
    ask(page, HELP)
    press(page, "I am under 18")
    ask(page, DANGER)


def in_the_frame(page: Page) -> None:
    ask(open_embed(page), HELP)


@pytest.mark.parametrize(
    ("path", "talk"),
    [("/?force=kent", on_the_page), ("/embed-demo/kent", in_the_frame)],
)
def test_a_talk_leaves_nothing_and_tells_nobody(new_page, server, path, talk):
    page = new_page()
    asked: list[str] = []
    page.context.add_init_script(WATCH)  # what is refused fails the test
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.address + path)
    talk(page)

    assert asked
    assert [url for url in asked if not url.startswith(server.address)] == []
    assert page.context.cookies() == []
    for frame in page.frames:
        assert frame.evaluate(KEPT) == []
        assert frame.evaluate(WITHIN) == []


def test_what_is_typed_is_never_in_an_address(new_page, server):
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.address)
    ask(page, "is the helpline xylophone anonymous")

    assert asked[-1].endswith("/chat")
    assert not [url for url in asked if "xylophone" in url]
