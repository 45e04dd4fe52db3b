"""Reading a request, and session tokens."""

from __future__ import annotations

import json
import time

import pytest

from bot.chat import words
from bot.chat.asked import Asked, InvalidAsk
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


TYPED = "my son is missing"
ESCAPED = r"\u006dy son\nis\tmissing"
PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\nhello\r\n'
    b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n\r\n%s\r\n--x--\r\n'
)
MULTIPART = "multipart/form-data; boundary=x"


def read(body: bytes, kind: str, query: str = "") -> tuple[Asked, list[str]]:
    """What is answered, and what the net reads beside it."""
    try:
        asked = Asked.read(body, kind)
    except InvalidAsk:
        asked = Asked()
    return asked, words.beside(asked, body, kind, query)


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (b'{"message": "my son is missing', "", ""),
        (b'{"message": "' + ESCAPED.encode(), "", ""),
        (b"message=my+son+is+missing", "", ""),
        (b'{"message": "hi", "note": "my son is missing"}', "", ""),
        (b'{"message": "hi", "a": [{"b": ["my son is missing"]}]}', "", ""),
        (b'{"message": "hi", "my son is missing": 1}', "", ""),
        (b'{"message": ["my son is missing"]}', "", ""),
        (b'{"message": {"text": "my son is missing"}}', "", ""),
        (b'["my son is missing"]', "", ""),
        (b'"my son is missing"', "", ""),
        (b'{"topic": "harm", "session": "my son is missing"}', "", ""),
        (b'{"topic": "harm", "force": "my son is missing"}', "", ""),
        (b'{"topic": "harm", "message": "x", "message": "my son is missing"}', "", ""),
        (b'{"message": "hi"}', FORM, "message=my+son+is+missing"),
        (b'{"message": "hi"}', "", "q=my%20son%20is%20missing"),
        (b'{"message": "my son is missing"}', FORM, ""),
        (b"message=hi&note=my+son+is+missing", FORM, ""),
        (b"message=hi&my+son+is+missing=1", FORM, ""),
        (b"&".join([b"a=b"] * 30) + b"&message=my+son+is+missing", FORM, ""),
        (PARTS % (b"note", b"X: y", TYPED.encode()), MULTIPART, ""),
        (PARTS % (b"note", b"X: y", TYPED.encode()), "multipart/form-data", ""),
        (PARTS % (b"note", b"Content-Transfer-Encoding: base64",
                  b"bXkgc29uIGlzIG1pc3Npbmc="), MULTIPART, ""),
        (PARTS % (b"note", b"Content-Type: text/plain; charset=utf-16le",
                  TYPED.encode("utf-16le")), MULTIPART, ""),
        (TYPED.encode("utf-16"), "text/plain; charset=utf-16", ""),
        (f'{{"a": "{TYPED}"'.encode("utf-16le"), "", ""),
    ],
)  # fmt: skip
def test_the_net_reads_all_that_may_be_words(body, kind, query):
    asked, beside = read(body, kind, query)

    told = " ".join([asked.message or "", *beside]).split()
    assert TYPED in " ".join(told)


@pytest.mark.parametrize(
    "body",
    [b'{"message": "hello", "session": "0a1b", "force": "kent", "view": "widget"}',
     b'{"topic": "suicidal", "session": "0a1b", "message": ""}',
     b'{"message": "topic:suicidal"}', b'{"message": "hello", "message": "hello"}'],
)  # fmt: skip
def test_what_is_answered_and_the_names_in_a_request_are_not_read_twice(body):
    assert read(body, "application/json")[1] == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b'{"message": "is it free", "message": "who answers"}', "application/json"),
     (b"message=is+it+free&message=who+answers", FORM),
     (b"message=is+it+free&message=&message=who+answers", FORM),
     (PARTS.replace(b"hello", b"is it free") % (b"message", b"X: y", b"who answers"),
      MULTIPART)],
)  # fmt: skip
def test_of_several_messages_all_are_answered_and_each_is_read_by_itself(body, kind):
    asked, beside = read(body, kind)

    assert asked.message == "is it free\nwho answers"
    assert {"is it free", "who answers"} <= set(beside)


def test_of_two_topics_or_sessions_none_is_meant():
    two = b'{"topic": "harm", "topic": "law", "session": "a", "session": "b"%s}'

    with pytest.raises(InvalidAsk):
        Asked.read(two % b"", "application/json")
    typed = Asked.read(two % b', "message": "hi"', "application/json")
    assert typed == Asked(message="hi")
    assert Asked.read(b"topic=harm&topic=harm", FORM).topic == "harm"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16le", "iso-8859-1"])
def test_a_form_in_another_charset_is_read(charset):
    sent = "message=caf\u00e9 is+it+free".encode(charset)

    asked = Asked.read(sent, f"{FORM}; charset={charset}")

    assert asked.message == "caf\u00e9 is it free"


def test_a_form_in_parts_is_read_like_any_other():
    sent = PARTS % (b"force", b"X: y", b"kent")

    assert Asked.read(sent, MULTIPART) == Asked(message="hello", force="kent")


def test_many_texts_take_no_longer_than_one():
    many = [f"a {number}" for number in range(5_000)]
    body = json.dumps({"a": many}).encode()

    assert len(read(body, "application/json")[1]) <= words.MOST_APART + 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"message": "hello", "session": "%s"}', "application/json"),
        (b'{"topic": "harm", "x": "a:%s"}', "application/json"),
        (b"%s", "text/plain"),
        (b"message=hello&x=%s", FORM),
        (PARTS % (b"a%s", b"X: y", b"b"), MULTIPART),
        (PARTS % (b"a", b"X: y", b"%s"), MULTIPART),
    ],
)
@pytest.mark.parametrize("unit", [b"a", b"1", b"_", b"\xc3\xa9", b";", b"; a=b"])
def test_time_grows_with_the_length_of_a_word_and_not_faster(body, kind, unit):
    """One long word in a separate field once held up a front for ten seconds."""

    def seconds(length: int) -> float:
        best = []
        for _ in range(3):
            started = time.thread_time()
            read(body.replace(b"%s", unit * (length // len(unit))), kind)
            best.append(time.thread_time() - started)
        return min(best)

    assert seconds(32_000) < 8 * seconds(8_000) + 0.05


def test_a_header_of_a_part_that_is_very_long_is_read_by_the_net_alone():
    long = b'--x\r\nContent-Disposition: form-data; name="message"%s\r\n\r\n%s\r\n--x--'
    with_marks = long % (b"; a" * 1000, TYPED.encode())

    assert read(with_marks, MULTIPART)[0] == Asked()
    assert TYPED in " ".join(read(with_marks, MULTIPART)[1])
    assert read(long % (b"", TYPED.encode()), MULTIPART)[0].message == TYPED
    kind = MULTIPART + "; a" * 1000
    assert TYPED in " ".join(read(long % (b"", TYPED.encode()), kind)[1])


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


def test_a_session_tells_its_time_only_to_somebody_with_the_key():
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
