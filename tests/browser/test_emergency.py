"""In an emergency the call comes first, on every screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.steps import (
    DANGER,
    DESKTOP,
    HELP,
    NARROW,
    PHONE,
    ZOOMED,
    ask,
    open_embed,
    press,
    type_question,
)

LOW, SIDEWAYS = (390, 500), PHONE[::-1]
SIZES = (PHONE, NARROW, DESKTOP, LOW, SIDEWAYS, ZOOMED)
# Whether an element can be seen and pressed where it is: nothing covers it.
IN_REACH = """element => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const points = [[left + 9, top + 9], [right - 9, bottom - 9]];
  return points.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
}"""
LONG = f"{DANGER}, and i do not know what to do. " * 20
Opened = tuple[Page, Page | Frame]


def in_the_page(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def in_the_embed(page: Page, address: str) -> Frame:
    page.goto(f"{address}/embed-demo/thames_valley")  # the longest name
    return open_embed(page)


def in_a_frame_of_its_own(page: Page, address: str) -> Page:
    page.goto(f"{address}/widget?force=kent")
    return page


@pytest.fixture
def opened(new_page, server) -> Callable[..., Page | Frame]:
    """Opens the page or the embed in a window of a size."""

    def make(place: Callable, size: tuple[int, int], **settings) -> Page | Frame:
        page = new_page(size, reduced_motion="reduce", **settings)
        return place(page, server.address)

    return make


def the_call(chat: Page | Frame):
    return chat.locator(".reply.emergency a").first


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [in_the_page, in_the_embed])
@pytest.mark.parametrize("question", [DANGER, LONG], ids=["short", "long"])
def test_a_typed_emergency_shows_the_call_before_all_text(
    opened, place, size, question
):
    chat = opened(place, size)
    ask(chat, HELP)
    ask(chat, question)

    expect(the_call(chat)).to_have_text("Call 999")
    expect(the_call(chat)).to_have_attribute("href", "tel:999")
    assert the_call(chat).evaluate(IN_REACH)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [in_the_page, in_the_embed])
def test_the_red_button_shows_the_call(opened, place, size):
    chat = opened(place, size)
    press(chat, "A child is in danger now")

    assert the_call(chat).evaluate(IN_REACH)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", [in_the_page, in_a_frame_of_its_own])
def test_without_javascript_the_page_opens_at_the_call(opened, place, size):
    chat = opened(place, size, java_script_enabled=False)
    type_question(chat, DANGER)
    the_call(chat).wait_for()
    box, (width, height) = the_call(chat).bounding_box(), size
    bar = chat.locator(".top" if height > 544 else ".always").bounding_box()
    form = chat.locator(".ask").bounding_box()

    assert bar["y"] + bar["height"] <= box["y"]
    assert box["y"] + box["height"] <= min(form["y"], height)
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("size", [NARROW, LOW, SIDEWAYS, ZOOMED])
@pytest.mark.parametrize("place", [in_the_page, in_the_embed, in_a_frame_of_its_own])
def test_999_and_the_way_out_stay_in_reach_however_low_the_window(opened, place, size):
    chat = opened(place, size)
    ask(chat, HELP)
    for end in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        chat.evaluate(f"scrollTo({{ top: {end}, behavior: 'instant' }})")
        for name in ("call 999", "Leave this site"):
            link = chat.locator(".always").get_by_role("link", name=name)
            assert link.evaluate(IN_REACH), (end, name)
    bar = chat.locator(".always").evaluate("bar => bar.getBoundingClientRect().height")
    assert bar <= size[1] / 3


def test_the_numbers_in_a_reply_can_be_pressed(opened):
    page = opened(in_the_page, PHONE)
    ask(page, DANGER)

    pressed = page.locator(".reply [data-text] a").evaluate_all(
        "links => links.map((link) => [link.textContent, link.getAttribute('href')])"
    )
    assert ["999", "tel:999"] in pressed
    assert ["0800 1111", "tel:08001111"] in pressed
    assert ["0808 1000 900", "tel:08081000900"] in pressed
    # "text 999 if registered" is for those who cannot hear or speak.
    assert ["999", "sms:999"] in pressed
    # Not numbers to call: one is pressed in a silent call, one is for a textphone.
    assert not {"55", "18000"} & {shown for shown, _ in pressed}
