"""What pages count: presses on help, a wrong answer, leaving; never words."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest

from tests.browser.steps import type_question as ask
from tests.conftest import READY_WITHIN_SECONDS, Server

MARKED = "zebra umbrella. is the helpline anonymous"


@pytest.fixture
def counted_server():
    running = Server()
    running.wait("/health/ready", READY_WITHIN_SECONDS)
    yield running
    running.forget()


def test_a_press_is_counted_by_its_topic_and_force_and_no_word_of_it(
    new_page, counted_server
):
    page = new_page()
    page.route("**/weather", lambda route: route.fulfill(body="weather"))
    page.goto(f"{counted_server.address}/?force=kent")
    ask(page, MARKED)
    reply = page.locator(".reply").first
    reply.wait_for()
    # The press counts; the call itself is not made.
    page.evaluate(
        "addEventListener('click', (e) => e.target.closest('[href^=tel]')"
        " && e.preventDefault())"
    )
    reply.get_by_role("link", name="Call the Stop It Now helpline").click()
    reply.get_by_role("button", name="Not right?").click()
    page.get_by_text("noted that this answer was wrong").wait_for()
    page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url("**/weather")

    counted_server.stop(keep=True)
    file = counted_server.counts_file
    rows = sqlite3.connect(file).execute("SELECT * FROM daily_counts").fetchall()
    found = Counter({row[1:4]: row[4] for row in rows})
    topic = "helpline_confidential"
    assert found["call", topic, "kent"] == found["wrong", topic, "kent"] == 1
    assert found["left", "", "kent"] == 1
    assert b"zebra" not in file.read_bytes()


@pytest.mark.parametrize("path", ["/answers/harm?force=kent", "/privacy?force=kent"])
def test_leaving_a_page_without_a_chat_is_counted(new_page, counted_server, path):
    page = new_page()
    page.route("**/weather", lambda route: route.fulfill(body="weather"))
    page.goto(f"{counted_server.address}{path}")
    with page.expect_request("**/count") as sent:
        page.get_by_role("link", name="Leave this site").click()
    page.wait_for_url("**/weather")

    assert sent.value.headers["origin"] == counted_server.address
    counted_server.stop(keep=True)
    rows = sqlite3.connect(counted_server.counts_file).execute(
        "SELECT event, force, number FROM daily_counts"
    )
    assert rows.fetchall() == [("left", "kent", 1)]


def test_a_connection_that_breaks_once_is_tried_again(page):
    broken = []

    def break_once(route):
        if broken:
            return route.continue_()
        broken.append(route)
        return route.abort("connectionreset")

    page.route("**/chat", break_once)
    ask(page, "is the helpline free")

    reply = page.locator(".reply")
    reply.first.wait_for()
    assert broken and reply.count() == 1
    assert "reply answer" in reply.get_attribute("class")
