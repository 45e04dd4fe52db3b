"""Rasa's REST protocol: off by default, and never silent when it is on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.server.credentials import CredentialsError, switched_on
from tests.conftest import (
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    copy_project,
    serving,
)

PATH = "/webhooks/rest/webhook"


@pytest.fixture(scope="module")
def speaking(tmp_path_factory) -> Iterator[Server]:
    """A server from a checkout whose credentials.yml switches the protocol on."""
    root = copy_project(tmp_path_factory.mktemp("checkout"))
    (root / "credentials.yml").write_text("rest_drop_in:\n")
    with serving(root) as running:
        running.wait_until_ready()
        yield running


def say(server: Server, body: object, **headers: str):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return server.send("POST", PATH, raw, Content_Type="application/json", **headers)


def test_it_is_off_by_default(server):
    answer = say(server, {"sender": "a", "message": "hello"})

    assert answer.status == 404
    assert_carries_the_numbers(answer.text)


def test_a_message_is_answered_in_rasas_form(speaking):
    [first, *_] = json.loads(
        say(
            speaking, {"sender": "a", "message": "how long are you on the register"}
        ).body
    )

    assert set(first) == {"recipient_id", "text", "buttons"}
    assert "30 months or more" in first["text"]


def test_a_button_can_be_sent_back(speaking):
    asked = {"sender": "a", "message": "asdf ghjkl qwer"}
    [menu] = json.loads(say(speaking, asked).body)
    button = menu["buttons"][0]

    [answer] = json.loads(say(speaking, {"message": button["payload"]}).body)
    assert "0808 1000 900" in answer["text"]


def test_the_identity_is_made_by_the_server(speaking):
    asked = {"sender": "my-own", "message": "hello"}
    issued = json.loads(say(speaking, asked).body)[0]["recipient_id"]

    assert issued != "my-own"
    asked = {"sender": issued, "message": "hello"}
    assert json.loads(say(speaking, asked).body)[0]["recipient_id"] == issued


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", {}, {"sender": "a"}, {"message": None}, {"message": ""},
     {"message": "topic:nothing"}, {"message": "/restart"}, {"message": "a" * 3000}],
)  # fmt: skip
def test_it_never_answers_with_nothing(speaking, body):
    answer = say(speaking, body)
    messages = json.loads(answer.body)

    assert answer.status == 200 and messages
    assert_carries_the_numbers(messages[0]["text"])


@pytest.mark.parametrize("origin", ["https://www.example.org", None])
def test_the_net_comes_first(speaking, origin):
    headers = {"Origin": origin} if origin else {}
    danger = {"message": "he is hurting my little girl in there right now"}

    assert calls_999_first(json.loads(say(speaking, danger, **headers).body)[0]["text"])


def test_a_listed_website_may_read_the_answer_and_no_other(speaking):
    def allowed(origin: str) -> str | None:
        answer = say(speaking, {"message": "hello"}, Origin=origin)
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed("https://www.kent.police.uk") == "https://www.kent.police.uk"
    assert allowed("https://www.example.org") is None
    asked = speaking.send("OPTIONS", PATH, None, Origin="https://www.kent.police.uk")
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"


@pytest.mark.parametrize("channel", ["rest", "socketio", "telegram"])
def test_a_channel_of_rasas_own_is_refused(tmp_path, channel):
    (tmp_path / "credentials.yml").write_text(f"{channel}:\n")

    with pytest.raises(CredentialsError, match="rest_drop_in"):
        switched_on(tmp_path)
