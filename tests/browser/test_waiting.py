"""While a reply is awaited: all buttons work, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.steps import (
    DANGER,
    HELP,
    open_embed,
    shows_the_numbers,
    type_question,
)

RED = "A child is in danger now"
SECOND = "is the helpline free"


class Held:
    """The requests of a page to /chat; each waits until it is released."""

    def __init__(self, page: Page) -> None:
        """Holds what is asked from now on."""
        self.routes: list[Route] = []
        page.route("**/chat", lambda route: self.routes.append(route))

    @property
    def asked(self) -> list[str]:
        """What was asked, in words or by its topic."""
        bodies = [route.request.post_data_json for route in self.routes]
        return [b.get("message") or b.get("topic") or b["opening"] for b in bodies]

    def answer(self, number: int) -> None:
        self.routes[number].continue_()

    def fail(self, number: int) -> None:
        self.routes[number].fulfill(status=503, body="")


@pytest.fixture
def held(page: Page) -> Held:
    return Held(page)


def field(page: Page):
    return page.get_by_label("Your question")


def the_call(page: Page):
    return page.locator(".reply.emergency [data-first] a")


def in_the_log(page: Page) -> list[str]:
    """What is in the log, as `asked: ...`, or as the class of a reply."""
    return page.get_by_role("log").evaluate("""log => [...log.children].map(part =>
      part.matches(".asked")
        ? `asked: ${part.querySelector("[data-text]").textContent}`
        : part.className)""")[1:]


def until_asked(page: Page, held: Held, number: int) -> None:
    for _ in range(400):
        if len(held.routes) >= number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"asked only {held.asked}")


def test_the_red_button_answers_at_once_while_a_reply_is_awaited(page, held):
    type_question(page, HELP)
    page.get_by_role("button", name=RED).click()

    reply = page.locator(".reply.emergency")
    expect(reply).to_contain_text("Call 999 now")
    expect(reply).to_be_focused()
    shows_the_numbers(page, ".reply.emergency")
    expect(page.locator("[data-alert]")).to_contain_text("Call 999 now")


def test_the_reply_that_was_awaited_moves_no_emergency_out_of_reach(page, held):
    page.get_by_role("button", name="I am under 18").click()
    page.get_by_role("button", name=RED).click()
    call = the_call(page)
    page.wait_for_timeout(500)
    before = call.bounding_box()
    held.answer(0)
    page.locator(".reply").nth(1).wait_for()
    page.wait_for_timeout(500)

    assert in_the_log(page) == [
        "asked: I am under 18",
        "reply fallback",
        f"asked: {RED}",
        "reply emergency",
    ]
    assert abs(call.bounding_box()["y"] - before["y"]) <= 1
    expect(page.locator(".reply.emergency")).to_be_focused()


def test_the_red_button_needs_no_server(page):
    page.context.set_offline(True)
    page.get_by_role("button", name=RED).click()

    expect(page.locator(".reply")).to_have_class("reply emergency")
    shows_the_numbers(page, ".reply")


def test_the_red_button_of_the_embed_needs_no_server(new_page, server):
    page = new_page()
    page.goto(f"{server.address}/embed-demo/kent")
    frame = open_embed(page)
    page.context.set_offline(True)
    frame.get_by_role("button", name=RED).click()

    shows_the_numbers(frame, ".reply.emergency")


def test_the_red_button_says_what_the_server_says(page, browser, server):
    plain = without_script(browser, server.address)
    for shown in (page, plain):
        shown.get_by_role("button", name=RED).click()
        shown.locator(".reply.emergency").wait_for()
    # Its sources only come with the server's reply: everybody loads the page.
    parts = ".reply.emergency :is([data-text] p, [data-text] a, .links a)"
    own, served = (p.locator(parts).all_text_contents() for p in (page, plain))
    plain.context.close()

    assert own == served and len(own) > 10


def test_the_page_reports_a_press_of_the_red_button_once(page, held):
    page.get_by_role("button", name=RED).click()
    page.get_by_role("button", name=RED).click()
    until_asked(page, held, 1)

    assert held.asked == ["immediate_risk"]
    assert in_the_log(page) == [f"asked: {RED}", "reply emergency"]
    expect(page.locator("[data-status]")).to_be_empty()


def test_the_red_button_leaves_what_is_half_typed(page):
    field(page).fill("he came into my")
    page.get_by_role("button", name=RED).click()

    expect(page.locator(".reply.emergency")).to_be_visible()
    expect(field(page)).to_have_value("he came into my")


def test_a_second_message_waits_its_turn_in_sight_and_is_then_sent(page, held):
    type_question(page, HELP)
    type_question(page, DANGER)

    waiting = page.get_by_text("Waiting to be sent").filter(visible=True)
    expect(waiting).to_have_count(1)
    expect(page.locator(".asked").last).to_contain_text(DANGER)
    assert held.asked == [HELP]
    held.answer(0)
    until_asked(page, held, 2)
    expect(waiting).to_have_count(0)
    held.answer(1)
    expect(page.locator(".reply.emergency")).to_be_visible()

    assert held.asked == [HELP, DANGER]
    assert in_the_log(page) == [
        f"asked: {HELP}",
        "reply answer",
        f"asked: {DANGER}",
        "reply emergency",
    ]


def test_only_what_was_sent_leaves_the_field(page, held):
    type_question(page, HELP)
    expect(field(page)).to_have_value("")
    field(page).fill("half a question")
    held.answer(0)
    page.locator(".reply").wait_for()

    expect(page.locator("[data-status]")).to_be_empty()
    expect(field(page)).to_have_value("half a question")


def test_the_focus_stays_with_those_who_type_on(page, held):
    page.get_by_role("button", name="I am under 18").click()
    field(page).press_sequentially("some")
    held.answer(0)
    page.locator(".reply").wait_for()
    page.keyboard.type("one I know")

    expect(field(page)).to_have_value("someone I know")


def test_what_got_no_answer_comes_back_before_what_was_typed_since(page, held):
    for question in (HELP, SECOND):
        type_question(page, question)
    field(page).fill("half a question")
    held.fail(0)
    until_asked(page, held, 2)
    held.fail(1)

    expect(field(page)).to_have_value(f"{HELP}\n{SECOND}\nhalf a question")
    expect(page.locator(".reply.unavailable")).to_have_count(2)


def test_a_failure_holds_up_nothing_that_waits(page, held):
    type_question(page, HELP)
    type_question(page, DANGER)
    held.fail(0)
    until_asked(page, held, 2)
    held.answer(1)

    expect(page.locator(".reply.emergency")).to_be_visible()
    expect(field(page)).to_have_value(HELP)


def test_a_reply_that_the_page_cannot_show_holds_up_nothing_either(page, held):
    type_question(page, HELP)
    type_question(page, SECOND)
    held.routes[0].fulfill(json={"session": "x", "replies": [{"kind": "answer"}]})
    until_asked(page, held, 2)
    held.answer(1)

    expect(page.locator(".reply")).to_have_count(2)
    expect(field(page)).to_have_value(HELP)


def test_a_button_pressed_while_a_reply_is_awaited_has_its_turn_as_well(page, held):
    type_question(page, HELP)
    page.get_by_role("button", name="I am under 18").click()
    page.get_by_role("button", name="I am under 18").click()
    waiting = page.get_by_text("Waiting to be sent").filter(visible=True)
    expect(waiting).to_have_count(1)
    held.answer(0)
    until_asked(page, held, 2)
    held.answer(1)
    page.locator(".reply").nth(1).wait_for()

    assert held.asked == [HELP, "young"]


def test_send_pressed_twice_sends_once_and_complains_of_nothing(page, held):
    field(page).fill(HELP)
    page.get_by_role("button", name="Send", exact=True).dblclick()

    assert in_the_log(page) == [f"asked: {HELP}"]
    expect(page.locator("[data-error]")).to_be_empty()


def test_an_emergency_is_not_scrolled_away_by_the_answer_to_what_waited(page, held):
    type_question(page, DANGER)
    type_question(page, SECOND)
    held.answer(0)
    call = the_call(page)
    call.wait_for()
    until_asked(page, held, 2)
    before = call.bounding_box()
    held.answer(1)
    page.locator(".reply").nth(1).wait_for()
    page.wait_for_timeout(500)

    assert abs(call.bounding_box()["y"] - before["y"]) <= 1


def test_what_is_typed_while_the_page_is_loading_stays(new_page, server):
    page = new_page()
    waiting: list[Route] = []
    page.route("**/static/chat.js*", lambda route: waiting.append(route))
    with page.expect_request("**/static/chat.js*"):
        page.goto(server.address, wait_until="commit")
    field(page).fill("he is in the")
    for route in waiting:
        route.continue_()
    page.wait_for_load_state()

    expect(field(page)).to_have_value("he is in the")


def test_the_browsers_memory_gives_back_what_was_typed_and_not_answered(page, held):
    for question in (HELP, SECOND):
        type_question(page, question)
    field(page).fill("half a question")
    for moment in ("pagehide", "pageshow"):
        page.evaluate(
            f"dispatchEvent(new PageTransitionEvent('{moment}', {{ persisted: true }}))"
        )
    held.answer(0)

    expect(page.locator(".reply, .asked")).to_have_count(0)
    expect(page.locator("[data-status]")).to_be_empty()
    expect(field(page)).to_have_value(f"{HELP}\n{SECOND}\nhalf a question")


def without_script(browser, address: str) -> Page:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("button", [RED, "I am under 18"])
def test_without_javascript_a_button_leaves_what_is_half_typed(browser, server, button):
    page = without_script(browser, server.address)
    field(page).fill("\n <b>he</b> came & into my")
    page.get_by_role("button", name=button).click()

    page.locator(".reply").wait_for()
    expect(field(page)).to_have_value("\n <b>he</b> came & into my")
    page.context.close()


def test_without_javascript_what_is_too_long_comes_back_and_what_was_answered_not(
    browser, server
):
    page = without_script(browser, f"{server.address}/widget?force=kent")
    long = "I am worried. " * 150
    type_question(page, long)
    expect(page.locator(".reply")).to_contain_text("too long")
    expect(field(page)).to_have_value(long)
    type_question(page, HELP)

    expect(page.locator(".reply")).to_contain_text("You do not have to give a name")
    expect(field(page)).to_have_value("")
    page.context.close()
