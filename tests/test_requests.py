"""Reading a request, and session tokens."""

from __future__ import annotations

import pytest

from bot.chat.asked import Asked, InvalidAsk, words_in
from bot.chat.sessions import PAGE, PROGRAM, Sessions

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


def test_a_session_is_good_for_its_holder_alone():
    sessions = Sessions()
    holders = (PAGE, PROGRAM, "https://www.kent.police.uk", "https://x.example")
    for holder in holders:
        token = sessions.issue(holder)
        assert [h for h in holders if sessions.is_issued(token, h)] == [holder]
        assert sessions.keep_or_issue(token, holder) == token


def test_a_session_tells_its_time_to_whoever_has_the_key_and_to_nobody_else():
    now = [1_800_000_000.0]
    sessions = Sessions(clock=lambda: now[0])
    tokens = [sessions.issue() for _ in range(40)]

    assert {sessions.issued_at(token) for token in tokens} == {now[0]}
    assert len({token[24:32] for token in tokens}) == 40
    other = Sessions(clock=lambda: now[0])
    assert {other.issued_at(token) for token in tokens} == {0.0}
    now[0] += 2 * 24 * 60 * 60
    for unknown in (tokens[0], "5e55" * 16, "a sender of their own", ""):
        assert sessions.issued_at(unknown) == 0.0


def test_sessions_differ():
    sessions = Sessions()

    assert len({sessions.issue() for _ in range(1000)}) == 1000
