"""Reading a request, and session tokens."""

from __future__ import annotations

import pytest

from bot.chat.asked import Asked, InvalidAsk, words_in
from bot.chat.sessions import Sessions

FORM = "application/x-www-form-urlencoded"


def test_a_message_is_read_from_json_and_from_a_form():
    by_json = Asked.read(
        b'{"message": "hi there", "force": "kent"}', "application/json"
    )
    by_form = Asked.read(b"message=hi+there&force=kent", FORM)

    assert by_json == by_form == Asked(message="hi there", force="kent")


def test_a_topic_goes_before_a_message():
    assert Asked.read(b"message=&topic=harm", FORM).topic == "harm"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"{}", b'{"message": 5}', b'{"message": null}',
     b'{"message": ["a"]}', b'{"topic": ""}', b"\xff", b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_request_is_refused(body):
    with pytest.raises(InvalidAsk):
        Asked.read(body, "application/json")


def test_the_words_in_a_broken_request_can_still_be_read():
    assert "my son is missing" in words_in(b'{"message": "my son is missing')
    assert "my son is missing" in words_in(b"message=my+son+is+missing")


def test_a_session_is_kept_only_where_it_was_issued():
    sessions = Sessions()
    token = sessions.issue()

    assert sessions.keep_or_issue(token) == token
    for foreign in (None, "", "a" * 64, Sessions().issue(), token[:-1] + "?", {"a": 1}):
        assert sessions.keep_or_issue(foreign) != foreign


def test_sessions_differ():
    sessions = Sessions()

    assert len({sessions.issue() for _ in range(1000)}) == 1000
