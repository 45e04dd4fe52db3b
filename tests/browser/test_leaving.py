"""Leaving: at once, and going back shows nothing of the talk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import HELP, PHONE, ask, open_embed

PAGES = (
    "/",
    "/widget?force=kent",
    "/answers",
    "/answers/law_register",
    "/privacy",
    "/transparency",
    "/accessibility",
    "/nowhere",
    "/embed-demo/kent",
)
TELLING = (
    *("sex", "child", "abus", "image", "porn", "police", "offen", "worr", "help"),
    *("stop it now", "report", "lucy", "crime", "illegal", "indecent", "arrest"),
)


@pytest.fixture
def away(new_page, server, directory) -> Page:
    """A page that was somewhere else before; the neutral page is ready."""
    page = new_page()
    neutral = directory.value("neutral_page", "site")
    page.route(neutral, lambda route: route.fulfill(body="weather"))
    page.route("**/before", lambda route: route.fulfill(body="before"))
    page.goto(f"{server.address}/before")
    return page


def by_link(page: Page) -> None:
    page.get_by_role("link", name="Leave this site").click()


def by_key(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def in_the_frame(page: Page) -> None:
    frame = open_embed(page)
    ask(frame, HELP)
    frame.get_by_role("link", name="Leave this site").click()


@pytest.mark.parametrize(
    ("path", "leave"),
    [("/", by_link), ("/", by_key), ("/answers", by_link), ("/embed-demo/kent", None)],
)
def test_leaving_replaces_the_page_and_going_back_does_not_show_it(
    away, server, directory, path, leave
):
    away.goto(server.address + path)
    if path == "/":
        ask(away, HELP)
        away.get_by_label("Your question").fill("half a question")
    length = away.evaluate("history.length")

    (leave or in_the_frame)(away)
    away.wait_for_url(directory.value("neutral_page", "site"))
    assert away.evaluate("history.length") == length
    away.go_back()
    assert away.url.endswith("/before")
    expect(away.locator("body")).to_have_text("before")


def test_coming_back_shows_the_beginning(away, server):
    away.goto(server.address)
    ask(away, HELP)
    away.get_by_label("Your question").fill("half a question")
    away.goto(f"{server.address}/answers")
    away.go_back()

    expect(away.get_by_label("Your question")).to_have_value("")
    expect(away.locator(".reply, .asked")).to_have_count(0)
    expect(away.get_by_role("button", name="I am under 18")).to_be_visible()


def test_a_page_that_the_browser_kept_in_memory_is_cleared_when_shown(page):
    ask(page, HELP)
    page.get_by_label("Your question").fill("half a question")
    page.evaluate(
        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )

    expect(page.locator(".reply, .asked")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_have_value("half a question")


@pytest.mark.parametrize("path", PAGES)
def test_no_title_tells_why_somebody_came(new_page, server, path):
    page = new_page()
    page.goto(server.address + path)

    title = page.title().lower()
    assert title
    assert [word for word in TELLING if word in title] == []


def test_the_title_and_the_address_stay_when_a_question_is_answered(page):
    before = (page.title(), page.url)
    ask(page, HELP)

    assert (page.title(), page.url) == before


def test_the_browser_is_asked_to_remember_nothing(page):
    expect(page.locator("form")).to_have_attribute("autocomplete", "off")
    field = page.get_by_label("Your question")
    expect(field).to_have_attribute("autocomplete", "off")
    expect(field).to_have_attribute("autocorrect", "off")
    expect(field).to_have_attribute("spellcheck", "false")
    expect(field).to_have_attribute("writingsuggestions", "false")


def test_the_way_out_is_in_reach_wherever_the_page_is_scrolled(page):
    ask(page, HELP)
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")

    box = page.get_by_role("link", name="Leave this site").bounding_box()
    assert 0 <= box["y"] and box["y"] + box["height"] <= PHONE[1]
