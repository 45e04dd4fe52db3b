"""The plain pages in a real browser: read aloud, without JavaScript, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.steps import DANGER, NARROW, PHONE
from tests.browser.test_screen_reader import in_order

EASY_READ = "/answers/own_behaviour/easy-read"
# Texts for which the page names no language: a screen reader would have to guess.
UNMARKED = """() => [...document.body.querySelectorAll("*")]
  .filter((element) => !element.closest("[lang]")).length"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .map((heading) => Number(heading.tagName[1]))"""


@pytest.fixture
def at(new_page, server):
    """Opens a page of the server."""

    def open_page(path: str, **settings):
        page = new_page(**settings)
        page.goto(server.address + path)
        return page

    return open_page


def test_an_answer_is_read_aloud_in_its_order(at):
    snapshot = at("/answers/own_behaviour?force=kent").locator("body").aria_snapshot()

    in_order(
        snapshot,
        "banner",
        'link "Leave this site"',
        "main",
        'heading "I want to stop what I am doing" [level=1]',
        'link "Read this in Easy Read"',
        "article",
        "Stop It Now listens without judging",
        'link "Call the Stop It Now helpline"',
        "You can also ask:",
        "Sources",
        'link "All answers"',
        "contentinfo",
        'navigation "This site"',
    )


def test_easy_read_is_read_aloud_as_a_list_without_its_drawings(at):
    page = at(EASY_READ)
    snapshot = page.locator("main").aria_snapshot()

    in_order(
        snapshot,
        "Easy Read",
        'heading "I want to stop what I am doing" [level=1]',
        "list",
        "listitem",
        "Many people have stopped.",
        'link "0808 1000 900"',
        'link "The full answer',
    )
    assert "img" not in snapshot
    shown = page.locator(".symbol")
    assert shown.count() == page.locator(".easy-lines > li").count()
    expect(shown.first).to_be_visible()


@pytest.mark.parametrize(
    "path",
    ["/answers", "/answers/law_register?force=kent", EASY_READ, "/answers/search",
     "/answers/law_register?lang=ne"],
)  # fmt: skip
def test_every_word_has_its_language_and_no_heading_is_skipped(at, path):
    page = at(path)
    levels = page.evaluate(HEADINGS)

    assert page.evaluate(UNMARKED) == 0
    assert page.locator("html").get_attribute("lang") in ("en-GB", "ne")
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_the_contents_fit_a_phone_and_every_section_leads_back_to_them(at, topics):
    page = at("/answers", reduced_motion="reduce")
    contents = page.get_by_role("navigation", name="Contents")
    bar = page.locator(".top").bounding_box()["height"]

    for width, height in (PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        box = contents.bounding_box()
        assert box["width"] <= width
        if height == PHONE[1]:
            assert box["height"] <= height - bar
    contents.get_by_role("link", name="The law in England and Wales").click()
    heading = page.get_by_role("heading", name="The law in England and Wales")
    expect(heading).to_be_in_viewport()
    section = page.get_by_role("region", name="The law in England and Wales")
    section.get_by_role("link", name="Back to the contents").click()
    expect(page.get_by_role("heading", name="Contents")).to_be_in_viewport()
    assert section.get_by_role("link", name="Back to the questions").count() == len(
        topics.in_audience("law")
    )


def test_searching_needs_no_javascript_and_changes_no_address_but_its_own(at, server):
    page = at("/answers?force=kent", java_script_enabled=False)
    field = page.get_by_label("Search the answers")
    expect(field).to_have_accessible_description(
        "One or two words are enough. We do not keep what you type."
    )
    field.fill("bail")
    field.press("Enter")

    page.wait_for_url(f"{server.address}/answers/search")
    assert page.title() == "Questions and answers"
    page.get_by_role("link", name="Police bail and its conditions").click()
    page.wait_for_url("**/answers/law_police_process_bail?force=kent")


def test_danger_in_the_search_gets_999_before_all_else(at):
    page = at("/answers", java_script_enabled=False)
    page.get_by_label("Search the answers").fill(DANGER)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label("Words to search for").wait_for()

    in_order(
        page.locator("main").aria_snapshot(),
        'link "Call 999"',
        "now and ask for the police",
        'search "Answers"',
        "0808 1000 900",
        "0800 1111",
    )


def test_the_chat_answers_the_same_words_without_javascript(at):
    page = at("/answers", java_script_enabled=False)
    page.get_by_label("Search the answers").fill("bail")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Ask the chat this question").click()

    page.wait_for_url("**/chat#log")
    expect(page.get_by_role("log", name="Answers")).to_contain_text("bail")


def test_easy_read_can_be_printed(at):
    page = at(EASY_READ)
    page.emulate_media(media="print")

    expect(page.locator(".easy-lines")).to_contain_text("0808 1000 900")
    expect(page.locator(".symbol").first).to_be_visible()
    expect(page.locator("footer")).to_be_hidden()
