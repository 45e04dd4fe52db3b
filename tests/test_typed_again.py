"""Without JavaScript, what was typed but got no answer is back in the field."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from bot.words.topics import IN_DANGER
from tests.conftest import Server, serving

HALF = 'he said "come <in>" & shut the door'
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def post(server: Server, headers: dict[str, str] | None = None, **fields: str) -> str:
    """What is in the text field of the page that answers a form."""
    body = urlencode({"session": "", "force": "", **fields}).encode()
    page = server.send("POST", "/chat", body, **FORM, **(headers or {})).body
    [found] = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)
    return unescape(found)


@pytest.mark.parametrize(
    "pressed",
    [{"topic": IN_DANGER}, {"topic": "harm"}, {"opening": "young"}],
)
def test_a_button_leaves_what_was_half_typed(server, pressed):
    assert post(server, message=HALF, **pressed) == HALF


def test_what_was_answered_is_gone(server):
    assert post(server, message="is the helpline free") == ""


def test_what_is_too_long_can_be_shortened(server):
    long = "I am worried. " * 150

    assert post(server, message=long) == long


def test_what_was_refused_can_be_sent_again():
    with serving(engine=False, RATE_LIMIT="1") as server:
        assert post(server, topic="harm") == ""
        assert post(server, message=HALF) == HALF


def test_what_no_engine_could_answer_can_be_sent_again(young):
    assert post(young, message=HALF) == HALF


@pytest.mark.parametrize("pressed", [{}, {"topic": "harm"}, {"topic": IN_DANGER}])
def test_a_foreign_page_puts_nothing_into_the_field(server, pressed):
    foreign = {"Origin": "https://www.example.org"}

    assert post(server, foreign, message=HALF, **pressed) == ""
