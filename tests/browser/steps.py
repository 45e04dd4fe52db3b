"""What a visitor does, step by step, for the tests and the screenshots."""

from __future__ import annotations

from playwright.sync_api import Frame, Page, expect

PHONE, NARROW, DESKTOP = (390, 844), (320, 640), (1280, 800)
# 320 x 256 CSS pixels: a window of 1280 x 1024 at 400 % zoom.
ZOOMED = (320, 256)
DANGER = "he is hurting my son right now"
HELP = "is the helpline anonymous"
TWO = "how long would i be on the register, and would i lose my job over it?"
# Its answer is folded on a phone.
LONG = "what is prison like"
NUMBERS = ("999", "0808 1000 900", "0800 1111")
LAUNCHER = "In danger now? Call 999. Chat about worries online"


def type_question(page: Page | Frame, question: str) -> None:
    """Types a question and sends it."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Send", exact=True).click()


def ask(page: Page | Frame, question: str) -> None:
    """Types a question, sends it and waits for the reply."""
    shown = page.locator(".reply").count()
    type_question(page, question)
    page.locator(".reply").nth(shown).wait_for()


def press(page: Page | Frame, name: str) -> None:
    """Presses a button of the chat and waits for the reply."""
    shown = page.locator(".reply").count()
    page.get_by_role("button", name=name).click()
    page.locator(".reply").nth(shown).wait_for()


def offer(page: Page, topic: str) -> None:
    """Presses a button of the page that asks about a topic, as if it were offered."""
    button = page.locator(".opening button").first
    button.evaluate(
        "(button, topic) => Object.assign(button, { name: 'topic', value: topic })",
        topic,
    )
    button.click()


def open_embed(page: Page) -> Frame:
    """Opens the widget on a host page and waits for the chat."""
    page.get_by_role("button", name=LAUNCHER).click()
    return chat_frame(page)


def chat_frame(page: Page) -> Frame:
    """The frame of the widget, once the chat is there."""
    page.locator("[data-ready] iframe").wait_for()
    return next(frame for frame in page.frames if "/widget" in frame.url)


def shows_the_numbers(page: Page | Frame, where: str) -> None:
    """Waits until the text of an element holds the three numbers."""
    for number in NUMBERS:
        expect(page.locator(where)).to_contain_text(number)
