"""Requests and messages that nobody thought of: the visitor always gets a safe reply.

Hypothesis and Schemathesis invent them, the same ones on every run.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from bot import ROOT
from bot.chat import words
from bot.chat.asked import Asked, InvalidAsk
from bot.safety.net import SafetyNet
from bot.words.topics import Topics
from tests.conftest import Server, calls_999_first

DESCRIPTION = ROOT / "docs" / "openapi.yml"
SCHEMA = schemathesis.openapi.from_path(DESCRIPTION)
# The contract lets a refused emergency, an unknown force or session through with 200,
# so `negative_data_rejection` does not hold and is not among these.
HOLDS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    positive_data_acceptance,
]
NET = SafetyNet.read()
DANGER = "he is hurting my little girl in there right now"
FORM = "application/x-www-form-urlencoded"
# Not in any answer, so that it can only come from what was typed.
MARK = "qzvxkjq"

FIELDS = st.sampled_from(
    ["message", "topic", "opening", "session", "force", "audience", "view", "lang"]
    + ["other"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode())
CONTENT_TYPES = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data",
     "text/plain; charset=utf-16", "form", ""]
)  # fmt: skip
ACCEPTS = st.sampled_from(["", "*/*", "text/html", "application/json", "q=;;"])


def few(examples: int) -> settings:
    """This many inventions, always the same, with no clock and no memory."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@SCHEMA.parametrize()
@few(150)
def test_every_request_of_the_description_gets_an_answer_of_the_description(
    case, server
):
    response = case.call(base_url=server.address)

    case.validate_response(response, checks=HOLDS)


def test_the_description_names_the_audiences_of_the_data():
    described = yaml.safe_load(DESCRIPTION.read_text())
    audiences = described["components"]["schemas"]["Audience"]["enum"]

    assert audiences == list(Topics.read().openings)


@given(body=st.binary(max_size=300) | JSON, content_type=CONTENT_TYPES, accept=ACCEPTS)
@few(150)
def test_any_bytes_get_a_reply(server: Server, body, content_type, accept):
    answer = server.post(body, Content_Type=content_type, Accept=accept)

    assert answer.status in (200, 400)
    assert "Traceback" not in answer.body
    # Now and then such a text is a greeting, and gets one back.
    assert "999" in answer.body or '"kind":"answer"' in answer.body
    if not answer.headers["Content-Type"].startswith("text/html"):
        assert answer.replies[0]["text"]


@given(before=st.text(max_size=60), after=st.text(max_size=60))
@few(150)
def test_any_text_is_answered_and_never_sent_back(server: Server, before, after):
    answer = server.ask(f"{before} {MARK} {after}")

    assert answer.status == 200 and answer.replies[0]["text"].strip()
    assert MARK not in answer.body


@given(
    name=st.sampled_from(
        ["law_register", "suicidal", "immediate_risk", "restart", "session_start",
         "back", "intent"]
    ),
    rest=st.sampled_from(["", '{"force":"kent"}', "@1.0", '{"x": [', " now", "/harm"]),
    slashes=st.integers(1, 3),
)  # fmt: skip
@few(40)
def test_text_that_begins_with_a_slash_is_read_as_text(
    server: Server, name, rest, slashes
):
    commanded = server.ask("/" * slashes + name + rest)
    typed = server.ask(name + rest)

    assert commanded.status == 200 and commanded.replies == typed.replies


@given(body=st.binary(max_size=400), content_type=st.sampled_from(["form", "json", ""]))
@few(300)
def test_a_body_is_read_or_refused_and_its_words_can_always_be_looked_at(
    body, content_type
):
    try:
        assert Asked.read(body, content_type) != Asked()
    except InvalidAsk:
        pass
    for text in words.beside(Asked(), body, content_type, "a=%ff&"):
        assert isinstance(text, str)


@given(before=st.text(max_size=80), after=st.text(max_size=80))
@few(300)
def test_danger_is_found_between_any_other_words(before, after):
    assert NET.judge(f"{before}. {DANGER}. {after}")


@given(cut=st.integers(0, 300), session=st.text(max_size=20))
@few(100)
def test_danger_is_found_in_a_body_that_broke_off(cut, session):
    whole = json.dumps({"message": DANGER, "session": session, "force": "kent"})
    start = len('{"message": "') + len(DANGER)
    broken = whole[: start + cut].encode()

    form = urlencode({"x": session, "message": DANGER}).encode()
    for body in (broken, form):
        assert any(map(NET.judge, words.beside(Asked(), body, "", "")))


@given(
    before=st.text("<>&;#/3 lgt", max_size=12),
    after=st.text("<>&;#/3 lgt", max_size=12),
)
@few(300)
def test_danger_is_found_between_brackets_that_are_no_tags(before, after):
    assert NET.judge(f"{before} {DANGER} {after}")


TWICE = '{"message": "is it free", "message": "DANGER"}'
URGENT_FORM = urlencode({"message": DANGER})


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (TWICE, "application/json", ""),
        ('{"message": "DANGER", "message": "is it free"}', "application/json", ""),
        ('{"topic": "harm", "topic": "DANGER"}', "application/json", ""),
        ('{"message": "is it free", "text": [{"a": "DANGER"}]}', "", ""),
        ('{"message": {"text": "DANGER"}}', "application/json", ""),
        ('{"message": "is it free"}', "application/json", URGENT_FORM),
        ("", "", URGENT_FORM),
        (f"message=is+it+free&{URGENT_FORM}", FORM, ""),
        (f"{URGENT_FORM}&message=is+it+free", FORM, ""),
        (f"topic=harm&{URGENT_FORM.replace('message', 'x')}", FORM, ""),
    ],
)
def test_danger_anywhere_in_a_request_is_answered_first(server, body, kind, query):
    answer = server.send(
        "POST",
        f"/chat?{query}",
        body.replace("DANGER", DANGER).encode(),
        Content_Type=kind,
        Accept="application/json",
    )

    assert answer.status == 200
    assert answer.replies[0]["kind"] == "emergency"
    assert calls_999_first(answer.text)


def test_several_messages_are_answered_as_one(server):
    twice = b'{"message": "is the helpline free", "message": "how do i report a site"}'

    asked = {reply["topic"] for reply in server.post(twice).replies}
    assert asked == {
        reply["topic"]
        for reply in server.ask("is the helpline free\nhow do i report a site").replies
    }


@pytest.mark.parametrize("pressed", [{"topic": "law_register"}, {"opening": "self"}])
def test_danger_typed_beside_a_pressed_button_is_answered_before_it(server, pressed):
    first, second = server.ask(DANGER, **pressed).replies

    assert first["kind"] == "emergency" and calls_999_first(first["text"])
    assert second == server.post(pressed).replies[0]
