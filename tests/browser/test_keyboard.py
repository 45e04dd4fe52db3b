"""The chat with only a keyboard: order, focus, the ways in and out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.steps import (
    DESKTOP,
    HELP,
    LAUNCHER,
    NARROW,
    PHONE,
    ZOOMED,
    ask,
    chat_frame,
)

# What holds the focus: its words, and whether a visitor can see that it does.
FOCUSED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const overlap = (other) => Math.max(0,
    Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top));
  const behind = [...document.querySelectorAll(".top, .always, .ask")]
    .filter((bar) => !bar.contains(element))
    .map((bar) => overlap(bar.getBoundingClientRect()));
  const outside = box.height - overlap({ top: 0, bottom: innerHeight });
  return {
    name: element.labels?.[0]?.innerText ?? element.innerText.trim(),
    body: element === document.body,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    hidden: Math.round(Math.max(outside, ...behind)),
  };
}"""


def tab_to(page: Page, wanted: Locator, most: int = 40) -> None:
    """Presses Tab until an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === e.getRootNode().activeElement"):
            return
    raise AssertionError(f"not reached by Tab: {wanted}")


def tab_through(page: Page) -> list[dict]:
    """What has the focus, press by press, until it leaves the page or starts again."""
    found: list[dict] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["body"] or (found and focused["name"] == found[0]["name"]):
            return found
        found.append(focused)
    raise AssertionError(f"no way out by Tab: {found[-5:]}")


def opened_by_keyboard(page: Page) -> Frame:
    tab_to(page, page.get_by_role("button", name=LAUNCHER))
    page.keyboard.press("Enter")
    frame = chat_frame(page)
    expect(frame.locator("h1")).to_be_focused()
    return frame


def leaves_for(page: Page, address: str) -> None:
    page.route(address, lambda route: route.fulfill(body="weather"))


def test_the_order_of_the_page_is_the_order_of_reading(page):
    names = [focused["name"] for focused in tab_through(page)]

    assert names[:4] == [
        "Skip to the content",
        "Leave this site",
        "Call 999",
        "A child is in danger now",
    ]
    form = names.index("Your question")
    assert names[form - 4 : form] == [
        "I am worried about myself",
        "I am worried about someone I know",
        "I am under 18",
        "I am asking because of my job",
    ]
    assert names[form + 1] == "Send"


@pytest.mark.parametrize("size", [PHONE, NARROW, ZOOMED])
def test_what_has_the_focus_is_seen(new_page, server, size):
    page = new_page(size, reduced_motion="reduce")
    page.goto(server.address)
    ask(page, HELP)
    page.evaluate("document.activeElement.blur()")

    found = tab_through(page)
    assert len(found) > 15
    assert [focused for focused in found if not focused["outlined"]] == []
    assert [focused for focused in found if focused["hidden"] > 1] == []


def test_the_first_tab_leads_past_the_bar(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_question_is_typed_and_sent_with_enter(page):
    field = page.get_by_label("Your question")
    tab_to(page, field)
    page.keyboard.type("is the helpline")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("anonymous")
    page.keyboard.press("Enter")

    expect(page.locator(".reply")).to_contain_text("You do not have to give a name")
    expect(page.locator(".asked")).to_contain_text("is the helpline\nanonymous")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_focus_follows_a_button_pressed_with_space_to_its_reply(page):
    tab_to(page, page.get_by_role("button", name="I am under 18"))
    page.keyboard.press("Space")

    expect(page.locator(".reply")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.reply')")


def test_the_launcher_opens_by_enter_and_closes_by_keyboard(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/embed-demo/kent")
    frame = opened_by_keyboard(page)

    tab_to(page, frame.get_by_role("button", name="Close"))
    page.keyboard.press("Enter")

    launcher = page.get_by_role("button", name=LAUNCHER)
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(frame.locator("h1")).to_be_focused()


@pytest.mark.parametrize(("size", "stays"), [(PHONE, False), (DESKTOP, True)])
def test_the_open_chat_is_no_trap_and_hides_no_focus(new_page, server, size, stays):
    page = new_page(size)
    page.goto(f"{server.address}/embed-demo/kent")
    frame = opened_by_keyboard(page)
    frame.get_by_label("Your question").fill("half a question")
    link = page.get_by_role("link", name="Kent Police")
    tab_to(page, link)

    expect(page.get_by_role("dialog")).to_be_visible(visible=stays)
    expect(link).to_be_focused()
    if not stays:
        page.get_by_role("button", name=LAUNCHER).click()
    expect(frame.get_by_label("Your question")).to_have_value("half a question")


def test_escape_closes_the_chat_and_gives_the_focus_back(new_page, server):
    page = new_page()
    page.route("**/demo.js*", lambda route: route.abort())  # it has no exit
    page.goto(f"{server.address}/embed-demo/kent")
    opened_by_keyboard(page)
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("mode", ["", "?mode=inline"])
def test_escape_reaches_the_exit_of_the_host_page(new_page, server, directory, mode):
    page = new_page()
    exit_address = directory.value("neutral_page", "site")
    leaves_for(page, exit_address)
    page.goto(f"{server.address}/embed-demo/kent{mode}")
    frame = chat_frame(page) if mode else opened_by_keyboard(page)
    frame.get_by_label("Your question").press("Escape")

    page.wait_for_url(exit_address)


@pytest.mark.parametrize("path", ["/", "/answers", "/answers/law_register"])
def test_shift_three_times_leaves_every_page(new_page, server, directory, path):
    page = new_page()
    neutral = directory.value("neutral_page", "site")
    leaves_for(page, neutral)
    page.goto(server.address + path)
    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url(neutral)


def test_shift_three_times_in_the_frame_leaves_the_host_page(
    new_page, server, directory
):
    page = new_page()
    neutral = directory.value("neutral_page", "site")
    leaves_for(page, neutral)
    page.goto(f"{server.address}/embed-demo/kent")
    opened_by_keyboard(page)
    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url(neutral)


def test_shift_for_capitals_does_not_leave(page):
    page.get_by_label("Your question").focus()
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")

    expect(page.get_by_label("Your question")).to_have_value("ABC")
