"""Whatever fails, the numbers are shown and what was typed is still there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.steps import HELP, press, shows_the_numbers, type_question
from tests.conftest import Server


def broken(route: Route) -> None:
    route.fulfill(status=500, body="<h1>Internal error</h1>")


def empty(route: Route) -> None:
    route.fulfill(status=200, json={"session": "x", "replies": []})


def cut_off(route: Route) -> None:
    route.abort("connectionreset")


def keeps_what_was_typed(page: Page) -> None:
    shows_the_numbers(page, ".reply:last-child")
    expect(page.get_by_label("Your question")).to_have_value(HELP)
    expect(page.locator("[data-status]")).to_be_empty()
    expect(page.locator("[data-error]")).to_be_empty()


@pytest.mark.parametrize("fails", [broken, empty, cut_off])
def test_an_answer_that_is_none_shows_the_numbers(
    page: Page, fails: Callable[[Route], None]
):
    page.route("**/chat", fails)
    type_question(page, HELP)
    keeps_what_was_typed(page)

    page.unroute("**/chat")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reply").last).to_contain_text(
        "You do not have to give a name"
    )


def test_a_server_that_never_answers_is_waited_for_twelve_seconds(new_page, server):
    page = new_page()
    page.clock.install()
    page.goto(server.address)
    page.route("**/chat", lambda route: None)
    type_question(page, HELP)
    page.clock.fast_forward(11_000)
    expect(page.locator("[data-status]")).to_contain_text("Looking")
    page.clock.fast_forward(1_500)

    keeps_what_was_typed(page)


def test_without_a_connection_the_page_shows_the_numbers(page: Page):
    page.context.set_offline(True)
    type_question(page, HELP)

    keeps_what_was_typed(page)


def test_a_question_from_another_origin_is_refused_with_the_numbers(
    page: Page, server: Server
):
    def elsewhere(route: Route) -> None:
        headers = {**route.request.headers, "origin": "https://www.example.org"}
        route.fulfill(response=route.fetch(headers=headers))

    page.route("**/chat", elsewhere)
    with page.expect_response("**/chat") as answered:
        type_question(page, HELP)

    assert answered.value.status == 403
    keeps_what_was_typed(page)


def test_too_many_questions_and_then_no_server_show_the_numbers(new_page):
    server = Server(RATE_LIMIT="1")
    try:
        server.wait("/health/live", 30)
        page = new_page()
        page.goto(server.address)
        press(page, "I am under 18")
        with page.expect_response("**/chat") as answered:
            type_question(page, HELP)
        assert answered.value.status == 429
        keeps_what_was_typed(page)
    finally:
        server.stop()

    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reply")).to_have_count(3)
    keeps_what_was_typed(page)
