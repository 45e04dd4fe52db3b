"""In a real browser: no page of another website puts a token into a visitor's chat."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.steps import HELP, ask, type_question
from tests.conftest import Server

FOREIGN = "http://foreign.example"
FORM = """<form method=post action="{action}" enctype="{kind}" target="{target}">
<input name='{name}' value='{value}'><input name=session value='{token}'></form>
<iframe name=inner></iframe><script>document.forms[0].submit()</script>"""
TOKEN = '[name="session"]'


@pytest.fixture
def foreign(new_page, server) -> Callable[..., Page]:
    """A page of another website that submits a form to the chat, with a token."""

    def visit(
        token: str, kind: str, target: str = "_self", policy: str = "origin"
    ) -> Page:
        page = new_page(allowed="frame-ancestors")
        name, value = "message", HELP
        if kind == "text/plain":  # a form whose body reads as JSON
            name = f'{{"message": "{HELP}", "session": "{token}", "x": "'
            value = '"}'
        body = FORM.format(
            action=f"{server.address}/chat", kind=kind, target=target,
            name=name, value=value, token=token,
        )  # fmt: skip
        headers = {"Content-Type": "text/html", "Referrer-Policy": policy}

        def answer(route: Route) -> None:
            route.fulfill(body=body, headers=headers)

        page.route(f"{FOREIGN}/**", answer)
        with page.expect_response(lambda told: "/chat" in told.url) as told:
            page.goto(f"{FOREIGN}/")
        assert told.value.status == 403
        return page

    return visit


def token_of(server: Server) -> str:
    """A token that somebody has fetched for a page."""
    return re.search(r'name="session" value="(\w{64})"', server.get("/").body)[1]


@pytest.mark.parametrize("policy", ["origin", "no-referrer", "unsafe-url"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_foreign_form_leads_to_a_chat_with_a_token_of_its_own(
    foreign, server, kind, policy
):
    planted = token_of(server)
    page = foreign(planted, kind, policy=policy)

    page.locator(TOKEN).wait_for(state="attached")
    assert page.locator(TOKEN).input_value() not in ("", planted)
    ask(page, HELP)  # and continues with that one
    assert page.locator(TOKEN).input_value() != planted


def test_a_page_that_was_refused_stays_so_when_it_is_loaded_again(foreign, server):
    planted = token_of(server)
    page = foreign(planted, "application/x-www-form-urlencoded")
    page.locator(TOKEN).wait_for(state="attached")
    page.reload()

    assert page.locator(TOKEN).input_value() not in ("", planted)


def test_no_foreign_frame_shows_the_chat_with_it(foreign, server):
    kind = "application/x-www-form-urlencoded"
    page = foreign(token_of(server), kind, target="inner")

    inner = page.frames[1]
    assert inner.name == "inner" and not inner.locator(TOKEN).count()


def test_a_page_without_javascript_goes_on_with_its_own(new_page, server):
    page = new_page(java_script_enabled=False)
    page.goto(server.address)
    token = page.locator(TOKEN).input_value()
    for _ in range(2):
        type_question(page, HELP)
        page.locator(".reply").wait_for()
        assert page.locator(TOKEN).input_value() == token
    page.reload()  # the form is sent again
    assert page.locator(TOKEN).input_value() == token


def test_anyone_who_comes_back_to_a_page_starts_a_new_conversation(page):
    ask(page, HELP)
    token = page.locator(TOKEN).input_value()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert page.locator(TOKEN).input_value() == ""

    ask(page, HELP)
    assert page.locator(TOKEN).input_value() not in ("", token)


def test_a_page_that_opened_the_chat_has_no_hold_on_it(new_page, server):
    page = new_page()
    page.route(f"{FOREIGN}/**", lambda route: route.fulfill(body="<p>another website"))
    page.goto(f"{FOREIGN}/")
    with page.context.expect_page() as opened:
        page.evaluate(f"chat = window.open('{server.address}', 'chat'); 0")
    opened.value.get_by_label("Your question").wait_for()

    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("window.name") == ""
    assert page.evaluate("chat.closed") is True  # as far as it can tell
