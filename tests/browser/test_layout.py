"""The page fits: narrow, zoomed, with wider text, for every finger and every eye."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame

from tests.browser.states import STATES
from tests.browser.steps import (
    DESKTOP,
    HELP,
    NARROW,
    PHONE,
    ZOOMED,
    ask,
    type_question,
)

SIZES = (NARROW, ZOOMED, PHONE, PHONE[::-1])
SHAPES = (
    "start",
    "answer",
    "two answers",
    "emergency",
    "nothing typed",
    "without script",
    "all answers",
    "one answer",
    "easy read",
    "found",
    "danger in the search",
    "other languages",
    "help in Polish",
    "help in Urdu",
    "talk in Arabic",
    "answer in Nepali",
    "embed in Urdu",
    "embed closed",
    "embed answer",
    "embed inline",
    "embed server gone",
)
# WCAG 1.4.12, at its limits.
WIDER_TEXT = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""
EVERY = """function* every(root, selector) {
  for (const element of root.querySelectorAll("*")) {
    if (element.matches(selector) && element.checkVisibility()) yield element;
    if (element.shadowRoot) yield* every(element.shadowRoot, selector);
  }
}"""
# Elements whose text is cut off at their own edge.
CLIPPED = f"""() => {{ {EVERY}
  const scrolls = "textarea, input, iframe";
  return [...every(document, `body *:not(.unseen, .unseen *, .if, ${{scrolls}})`)]
    .filter(({{ clientWidth, scrollWidth, clientHeight, scrollHeight }}) => clientWidth
      && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 4))
    .filter((element) => getComputedStyle(element).overflow !== "auto")
    .map((element) => element.outerHTML.slice(0, 90));
}}"""
# Targets under 24 pixels; a link within a sentence may be as high as its line.
SMALL = f"""() => {{ {EVERY}
  const inSentence = (link) => getComputedStyle(link).display === "inline"
    && link.parentElement.innerText.trim().length > link.innerText.trim().length;
  return [...every(document, "a[href], button, summary, textarea")]
    .filter((target) => !target.matches(".skip") && !inSentence(target))
    .map((target) => [target.innerText, target.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([text, box]) => `${{text}} ${{box.width}}x${{box.height}}`);
}}"""
UNBORDERED = f"""() => {{ {EVERY}
  return [...every(document, "button, textarea, .links a, .leave")]
    .filter((control) => getComputedStyle(control).borderTopStyle === "none")
    .map((control) => control.innerText);
}}"""


def too_wide(frame: Frame) -> bool:
    return frame.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.fixture
def in_state(new_page, server):
    def make(state: str, **settings):
        path, act = STATES[state]
        page = new_page(**settings)
        page.goto(server.address + path)
        act(page)
        return page

    return make


@pytest.mark.parametrize("state", SHAPES)
def test_nothing_is_cut_off_or_scrolls_sideways(in_state, state):
    page = in_state(state, bypass_csp=True)
    frames = [frame for frame in page.frames if frame.url.startswith("http")]
    faults = []

    def look(text: str) -> None:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for frame in frames:
                where = f"{text}, {width}x{height}, {frame.url}"
                faults.extend([f"{where}: sideways"] * too_wide(frame))
                faults.extend(f"{where}: {cut}" for cut in frame.evaluate(CLIPPED))

    look("plain")
    small = [target for frame in frames for target in frame.evaluate(SMALL)]
    for frame in frames:
        frame.add_style_tag(content=WIDER_TEXT)
    look("wider text")
    assert not faults
    assert not small


@pytest.mark.parametrize("size", [PHONE, NARROW])
def test_the_question_is_below_the_bar_when_the_reply_is_there(in_state, size):
    page = in_state("two answers", size=size, reduced_motion="reduce")
    bar = page.locator(".top").bounding_box()

    assert page.locator(".asked").bounding_box()["y"] >= bar["y"] + bar["height"]


def test_a_reply_starts_below_the_bar_with_text_twice_as_large(new_page, server):
    page = new_page(reduced_motion="reduce")
    line = page.context.new_cdp_session(page)
    line.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.goto(server.address)
    ask(page, HELP)

    bar = page.locator(".always").bounding_box()
    assert bar["y"] >= 0
    assert page.locator(".reply").bounding_box()["y"] >= bar["y"] + bar["height"]
    assert not too_wide(page.main_frame)
    field = page.get_by_label("Your question").bounding_box()
    assert field["width"] > PHONE[0] / 2


def test_the_desktop_shows_the_chat_beside_the_host_page(in_state):
    page = in_state("embed open", size=DESKTOP)
    box = page.get_by_role("dialog").bounding_box()

    assert box["width"] < DESKTOP[0] / 2
    assert box["y"] >= 0 and box["y"] + box["height"] <= DESKTOP[1]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_ask_for_less_motion(new_page, server, motion):
    page = new_page(reduced_motion=motion)
    page.route("**/chat", lambda route: None)
    page.goto(server.address)
    type_question(page, HELP)
    page.locator(".dots").wait_for()

    moving = page.evaluate("document.getAnimations().length")
    scrolls = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert (moving, scrolls) == ((0, "auto") if motion == "reduce" else (3, "smooth"))


@pytest.mark.parametrize("state", ["answer", "embed answer"])
def test_controls_keep_their_edges_in_forced_colours(in_state, state):
    page = in_state(state, forced_colors="active")

    for frame in page.frames:
        assert frame.evaluate("matchMedia('(forced-colors: active)').matches")
        assert frame.evaluate(UNBORDERED) == []
