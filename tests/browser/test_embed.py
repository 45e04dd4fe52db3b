"""The embed on a website with another origin and its own strict policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.pages.embed import integrity
from tests.browser.steps import (
    DESKTOP,
    HELP,
    LAUNCHER,
    NUMBERS,
    ask,
    chat_frame,
    open_embed,
)

KENT, UNLISTED = "https://www.kent.police.uk", "https://www.example.org"
# What docs/embedding.md asks of a website, and nothing else.
POLICY = (
    "default-src 'none'; script-src {0}; frame-src {0}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="en-GB"><head><title>Contact us</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Contact us</h1>{}</main></body></html>"""
LINK = f'<a href="{{0}}/?force=kent">{LAUNCHER}</a>'


def tag(options: str = "") -> str:
    """The script of the snippet in docs/embedding.md, with options."""
    return f'\n<script src="{{0}}/embed.js" data-force="kent" {options} async></script>'


@pytest.fixture
def host(new_page, server):
    """Opens a host page with a snippet; `{0}` in it is the chat's server."""

    def make(snippet: str = LINK + tag(), origin: str = KENT, **settings) -> Page:
        page = new_page(**settings)
        body = PAGE.format(snippet.format(server.address))
        policy = {"Content-Security-Policy": POLICY.format(server.address)}
        page.route(
            f"{origin}/**",
            lambda route: route.fulfill(
                body=body, content_type="text/html", headers=policy
            ),
        )
        page.goto(f"{origin}/contact")
        return page

    return make


def launcher(page: Page):
    return page.get_by_role("button", name=LAUNCHER)


def test_the_chat_works_on_the_website_of_a_force(host):
    page = host()
    expect(page.get_by_role("link", name=LAUNCHER)).to_be_hidden()
    frame = open_embed(page)
    ask(frame, HELP)

    expect(frame.get_by_role("log")).to_contain_text("You do not have to give a name")
    expect(frame.locator("h1")).to_contain_text("Kent Police")
    assert page.title() == "Contact us"


def test_the_frame_is_loaded_on_the_first_press_only(host):
    page = host()
    expect(launcher(page)).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert len(page.frames) == 1


def test_on_an_unlisted_website_the_launcher_shows_the_numbers(host, server):
    page = host(origin=UNLISTED, allowed="frame-ancestors")
    page.clock.install()
    page.reload()
    launcher(page).click()
    dialog = page.get_by_role("dialog")
    for number in NUMBERS:
        expect(dialog).to_contain_text(number)
    page.clock.fast_forward(10_500)

    expect(dialog).to_contain_text("cannot be reached")
    expect(dialog.locator("iframe")).to_be_hidden()
    dialog.get_by_role("button", name="Close").click()
    expect(launcher(page)).to_be_focused()


def test_a_chat_that_could_not_be_reached_is_tried_again_when_it_is_opened_again(host):
    page = host()
    page.clock.install()
    page.reload()
    page.route("**/widget*", lambda route: route.abort())
    launcher(page).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("loading")
    page.clock.fast_forward(10_500)
    expect(dialog).to_contain_text("cannot be reached")
    dialog.get_by_role("button", name="Close").click()
    page.unroute("**/widget*")

    ask(open_embed(page), HELP)


def test_with_the_script_blocked_the_link_leads_to_the_chat(host, server):
    page = host(snippet=LINK)  # as when a filter takes the script away

    page.get_by_role("link", name=LAUNCHER).click()
    page.wait_for_url(f"{server.address}/?force=kent")
    expect(page.get_by_label("Your question")).to_be_visible()


def test_without_javascript_the_link_leads_to_the_chat(host, server):
    page = host(java_script_enabled=False)

    expect(launcher(page)).to_have_count(0)
    page.get_by_role("link", name=LAUNCHER).click()
    page.wait_for_url(f"{server.address}/?force=kent")


def test_a_link_in_a_paragraph_is_upgraded_too(host):
    page = host(f"<p>{LINK}</p>" + tag())

    expect(launcher(page)).to_be_visible()
    expect(page.get_by_role("link", name=LAUNCHER)).to_be_hidden()


@pytest.mark.parametrize(
    ("corner", "left", "top"),
    [
        ("top-left", 30, 40),
        ("top-right", None, 40),
        ("bottom-left", 30, None),
        ("bottom-right", None, None),
    ],
)
def test_the_launcher_is_in_its_corner(host, corner, left, top):
    page = host(LINK + tag(f'data-corner="{corner}" data-offset="30 40"'))
    box, (width, height) = launcher(page).bounding_box(), (390, 844)

    assert box["x"] == (left or width - 30 - box["width"])
    assert box["y"] == (top or height - 40 - box["height"])


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#ffd500", "rgb(0, 0, 0)"),
        ("#1f3a5f", "rgb(255, 255, 255)"),
        ("#c8102e", "rgb(255, 255, 255)"),
        ("#00a3ad", "rgb(0, 0, 0)"),
    ],
)
def test_the_launcher_takes_a_colour_and_stays_legible(host, colour, ink):
    page = host(LINK + tag(f'data-colour="{colour}" data-label="Worried? Chat here"'))
    button = page.get_by_role("button", name="Worried? Chat here")

    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    expect(button).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    expect(button).to_have_css("color", ink)


@pytest.mark.parametrize(
    ("option", "bad"),
    [
        ("data-corner", "middle"),
        ("data-offset", "wide"),
        ("data-offset", "-5 10"),
        ("data-colour", "red"),
    ],
)
def test_an_option_that_is_not_understood_is_reported_and_replaced(host, option, bad):
    said: list[str] = []
    plain = launcher(host()).bounding_box()
    page = host(LINK + tag(f'{option}="{bad}"'))
    page.on("console", lambda line: said.append(line.text))
    page.reload()

    assert launcher(page).bounding_box() == plain
    expect(launcher(page)).to_have_css("background-color", "rgb(11, 74, 90)")
    assert [line for line in said if option in line and "docs/embedding.md" in line]


def test_inline_the_chat_replaces_the_link_in_the_page(host):
    page = host(LINK + tag('data-mode="inline"') + "<p id=after>After</p>")
    frame = chat_frame(page)

    expect(page.get_by_role("region", name=LAUNCHER)).to_be_visible()
    expect(frame.get_by_role("button", name="Close")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.body")
    box = page.locator("iframe").bounding_box()
    assert box["y"] + box["height"] <= page.locator("#after").bounding_box()["y"]


def test_it_is_beside_the_bubble_of_another_chat(new_page, server):
    page = new_page(DESKTOP)
    page.goto(f"{server.address}/embed-demo/thames_valley")
    bubble = page.locator(".other-bubble").bounding_box()

    for box in (launcher(page).bounding_box(), open_panel(page)):
        apart = box["y"] + box["height"] <= bubble["y"]
        assert apart or box["x"] + box["width"] <= bubble["x"]


def open_panel(page: Page) -> dict:
    open_embed(page)
    return page.get_by_role("dialog").bounding_box()


def test_a_copy_with_its_hash_runs_and_a_changed_one_does_not(host, server):
    right = integrity(server.get("/embed.js").body)
    wrong = integrity("another script")

    page = host(LINK + tag(f'integrity="{right}" crossorigin'))
    expect(launcher(page)).to_be_visible()
    page = host(LINK + tag(f'integrity="{wrong}" crossorigin'), allowed="integrity")
    expect(launcher(page)).to_have_count(0)
    expect(page.get_by_role("link", name=LAUNCHER)).to_be_visible()


def test_of_two_snippets_on_one_page_the_second_stays_a_link(host):
    page = host((LINK + tag()) * 2)
    page.wait_for_load_state("networkidle")
    expect(launcher(page)).to_have_count(1)
    frame = open_embed(page)
    ask(frame, HELP)

    expect(frame.locator(".reply")).to_have_count(1)
    expect(page.get_by_role("link", name=LAUNCHER)).to_have_count(1)


@pytest.fixture
def frame_says(host):
    """Opens a host page whose frame, as if taken over, sends any messages it likes."""

    def make(*messages: str) -> Page:
        page = host()
        sent = "".join(f"parent.postMessage({message}, '*');" for message in messages)
        page.route(
            "**/widget*",
            lambda route: route.fulfill(
                body=f"<script>{sent}</script>", content_type="text/html"
            ),
        )
        launcher(page).click()
        page.locator("[data-ready]").wait_for()
        return page

    return make


@pytest.mark.parametrize(
    "href",
    [
        "'javascript:document.title=1'",
        "' javascript:document.title=1'",
        "'JavaScript:document.title=1'",
        "'java\\nscript:document.title=1'",
        "['javascript:document.title=1']",
        "'data:text/html,hello'",
        "'http://www.example.org/'",
        "'//www.example.org/'",
        "{}",
        "undefined",
    ],
)
def test_a_frame_can_send_the_host_page_to_no_address_but_https(frame_says, href):
    page = frame_says(
        f"{{ signposting: 'leave', href: {href} }}", "{ signposting: 'ready' }"
    )

    expect(page.locator("h1")).to_have_text("Contact us")
    assert page.url == f"{KENT}/contact" and page.title() == "Contact us"


def test_a_frame_that_says_nothing_or_nonsense_is_let_be(frame_says):
    page = frame_says(
        "null",
        "'leave'",
        "7",
        "{ signposting: { leave: 1 } }",
        "{ signposting: 'ready' }",
    )

    expect(page.locator("h1")).to_have_text("Contact us")


def test_a_frame_takes_no_focus_while_the_chat_is_closed(host):
    page = host('<input id="own">' + LINK + tag())
    frame = open_embed(page)
    frame.get_by_role("button", name="Close").click()
    page.locator("#own").focus()
    frame.evaluate("parent.postMessage({ signposting: 'close' }, '*')")
    frame.evaluate("parent.postMessage({ signposting: 'ready' }, '*')")
    page.wait_for_timeout(200)

    expect(page.locator("#own")).to_be_focused()


def test_the_host_page_cannot_be_driven_by_messages_from_elsewhere(host):
    page = host()
    open_embed(page)
    page.evaluate("postMessage({ signposting: 'leave', href: 'https://example.org' })")
    page.evaluate("postMessage({ signposting: 'close' })")
    page.evaluate("postMessage(null)")

    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url == f"{KENT}/contact"
