"""What a network, a filter or a host page can break leaves the numbers and the form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.steps import HELP, LAUNCHER, NUMBERS, ask, open_embed, press

HOST = "https://www.kent.police.uk"
CRUEL = """* { all: unset !important; display: none !important; color: red !important;
    direction: rtl !important; position: static !important; font-size: 2px !important }
  html, body, main { display: block !important }
  div, button, iframe { visibility: hidden !important; opacity: 0 !important }"""
SNIPPET = """<!doctype html><html lang="en-GB" {1}><head><title>Contact us</title>
<meta name="viewport" content="width=device-width"><style>{2}</style></head><body><main>
<a href="{0}/?force=kent">{3}</a>
<script src="{0}/embed.js" data-force="kent" async></script></main></body></html>"""


def usable(chat: Page | Frame) -> None:
    """The numbers are there, and the red button and the form work."""
    said = chat.locator("body").inner_text()
    assert [number for number in NUMBERS if number not in said] == []
    press(chat, "A child is in danger now")
    expect(chat.locator(".reply a[href='tel:999']").first).to_be_visible()
    ask(chat, HELP)
    expect(chat.get_by_role("log")).to_contain_text("You do not have to give a name")


@pytest.mark.parametrize(
    "lost", ["**/static/style.css*", "**/look.css*", "**/*.css*", "**/favicon.ico"]
)
@pytest.mark.parametrize("path", ["/", "/widget?force=kent"])
def test_without_a_style_sheet_or_an_icon_all_works(new_page, server, lost, path):
    page = new_page()
    page.route(lost, lambda route: route.abort())
    page.goto(server.address + path)

    usable(page)


@pytest.mark.parametrize("path", ["/", "/widget?force=kent"])
def test_with_the_scripts_blocked_the_form_works(new_page, server, path):
    page = new_page()
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(server.address + path)

    ask(page, HELP)
    expect(page.locator(".reply")).to_contain_text("You do not have to give a name")
    page.get_by_role("button", name="A child is in danger now").click()
    expect(page.locator(".reply.emergency a").first).to_have_attribute(
        "href", "tel:999"
    )


@pytest.mark.parametrize(
    ("how", "style"), [("", CRUEL), ('dir="rtl"', ""), ('dir="rtl"', CRUEL)]
)
def test_a_cruel_or_mirrored_host_page_changes_nothing(new_page, server, how, style):
    page = new_page()
    body = SNIPPET.format(server.address, how, style, LAUNCHER)
    page.route(
        f"{HOST}/**", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    page.goto(f"{HOST}/contact")
    button = page.get_by_role("button", name=LAUNCHER)
    expect(button).to_be_visible()
    expect(button).to_have_css("direction", "ltr")
    assert button.bounding_box()["height"] >= 44

    usable(open_embed(page))
