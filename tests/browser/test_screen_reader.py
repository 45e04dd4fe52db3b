"""What the accessibility tree holds, for a screen reader to say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import STATES
from tests.browser.steps import DANGER, HELP, LAUNCHER, ask, type_question

NEW_TAB = "(opens in a new tab)"


def in_order(snapshot: str, *parts: str) -> None:
    rest = snapshot
    for part in parts:
        assert part in rest, f"not there, or too early: {part}\n{snapshot}"
        rest = rest.split(part, 1)[1]


def test_the_log_holds_question_and_reply_in_the_order_of_reading(page):
    ask(page, HELP)
    in_order(
        page.get_by_role("log", name="Answers").aria_snapshot(),
        f"You asked: {HELP}",
        "You do not have to give a name",
        'link "Call the Stop It Now helpline',
        "You can also ask:",
        "button",
        "Sources",
        'button "Copy this answer"',
    )


def test_the_page_has_landmarks_and_one_heading(page):
    in_order(
        page.locator("body").aria_snapshot(),
        "banner",
        'link "Leave this site"',
        "main",
        "heading",
        'region "Chat"',
        'log "Answers"',
        'textbox "Your question"',
        "contentinfo",
        'navigation "This site"',
    )


@pytest.mark.parametrize("state", ["answer", "without script", "embed answer"])
def test_a_link_says_that_it_opens_a_new_tab(new_page, server, state):
    path, act = STATES[state]
    page = new_page()
    page.goto(server.address + path)
    act(page)

    document = page.frames[-1]
    names = document.locator("a[target=_blank]").evaluate_all(
        "links => links.map(link => link.textContent)"
    )
    assert names
    assert [name for name in names if not name.endswith(NEW_TAB)] == []


def test_an_emergency_is_said_at_once(page):
    ask(page, DANGER)

    said = page.locator("[role=alert][data-alert]")
    expect(said).to_have_text(re.compile("^Call 999 now"))
    expect(page.get_by_role("log")).to_contain_text(said.inner_text())
    ask(page, HELP)
    expect(said).to_be_empty()


def test_waiting_is_said_and_the_field_keeps_the_focus(page):
    page.route("**/chat", lambda route: None)
    page.get_by_label("Your question").fill(HELP)
    page.keyboard.press("Enter")

    expect(page.locator("[data-status]")).to_have_role("status")
    expect(page.locator("[data-status]")).to_have_text("Looking for an answer…")
    expect(page.get_by_label("Your question")).to_be_focused()


@pytest.mark.parametrize(("path", "said"), [("/", "automated"), ("/help/pl", "czat")])
def test_the_field_is_described_once_and_in_its_language(new_page, server, path, said):
    page = new_page()
    page.goto(server.address + path)
    field = page.locator("#message")

    expect(field).to_have_accessible_description(re.compile(said))
    expect(field).not_to_have_accessible_description(re.compile("No person reads"))


def complaint(page: Page) -> str:
    field = page.get_by_label("Your question")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        re.compile(re.escape(page.locator("#error").inner_text()))
    )
    expect(page.locator("#error")).to_have_role("alert")
    return page.locator("#error").inner_text()


def test_an_error_belongs_to_the_field(page):
    type_question(page, "  ")

    assert "Please type a few words" in complaint(page)
    field = page.get_by_label("Your question")
    expect(field).to_be_focused()
    ask(page, HELP)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#error")).to_be_empty()


def test_the_field_says_in_words_what_is_too_long_to_send(page):
    page.get_by_label("Your question").fill("x" * 1_900)
    expect(page.locator("[data-count]")).to_have_text("100 characters left")

    page.get_by_label("Your question").fill("x" * 2_005)
    assert "too long by 5 characters" in complaint(page)


def test_the_embed_is_a_named_dialog_with_a_named_frame(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/embed-demo/kent")
    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()

    expect(page.get_by_role("dialog", name=LAUNCHER)).to_be_visible()
    expect(page.locator("iframe")).to_have_attribute("title", LAUNCHER)
