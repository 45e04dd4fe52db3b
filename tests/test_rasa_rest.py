"""Rasa's REST protocol: off by default, and never silent when it is on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from bot.server.credentials import CredentialsError, check
from tests.conftest import (
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    copy_project,
    refused,
    serving,
)

PATH = "/webhooks/rest/webhook"
ELSEWHERE = "https://www.example.org"
QUESTION = "how long are you on the register"
# What is said in place of an answer that stands right above.
ANSWERED_ABOVE = "in the answer above"


@pytest.fixture(scope="module")
def speaking() -> Iterator[Server]:
    """A server that speaks the protocol."""
    with serving(RASA_REST="1") as running:
        running.wait_until_ready()
        yield running


def say(server: Server, body: object, **headers: str):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return server.send("POST", PATH, raw, Content_Type="application/json", **headers)


def messages(server: Server, **body: object) -> list[dict]:
    return json.loads(say(server, body).body)


def text_of(said: list[dict]) -> str:
    return "\n\n".join(message["text"] for message in said)


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


def test_a_name_is_replaced_by_one_of_ours(speaking):
    issued = messages(speaking, sender="my-own", message="hello")[0]["recipient_id"]

    assert issued != "my-own"
    again = messages(speaking, sender=issued, message="hello")
    assert {part["recipient_id"] for part in again} == {issued}


def test_whoever_sends_back_our_name_goes_on_with_the_conversation(speaking):
    issued = messages(speaking, sender="a", message=QUESTION)[0]["recipient_id"]

    assert ANSWERED_ABOVE in text_of(
        messages(speaking, sender=issued, message=QUESTION)
    )


def test_a_random_sender_goes_on_with_its_conversation(speaking):
    sender = str(uuid.uuid4())
    first = messages(speaking, sender=sender, message=QUESTION)
    then = messages(speaking, sender=sender, message=QUESTION)

    assert ANSWERED_ABOVE not in text_of(first)
    assert ANSWERED_ABOVE in text_of(then)
    assert {part["recipient_id"] for part in first + then} == {sender}


@pytest.mark.parametrize(
    "sender",
    ["user", "default", 7, "2026-11-29", "1764435600000",
     "11111111-1111-4111-8111-111111111111"],
)  # fmt: skip
def test_with_a_sender_that_others_can_guess_each_message_stands_alone(
    speaking, sender
):
    said = [messages(speaking, sender=sender, message=QUESTION) for _ in range(2)]

    assert ANSWERED_ABOVE not in text_of(said[1])
    assert said[0][0]["recipient_id"] != said[1][0]["recipient_id"]
    assert sender not in {said[0][0]["recipient_id"], said[1][0]["recipient_id"]}


def test_the_chat_itself_takes_no_sender(speaking):
    sender = str(uuid.uuid4())
    messages(speaking, sender=sender, message=QUESTION)
    answer = speaking.ask(QUESTION, session=sender)

    assert answer.session != sender
    assert ANSWERED_ABOVE not in answer.text


def test_from_another_website_a_sender_is_told_nothing_of_its_conversation(speaking):
    sender = str(uuid.uuid4())
    messages(speaking, sender=sender, message=QUESTION)
    body = {"sender": sender, "message": QUESTION}
    answer = say(speaking, body, Origin=ELSEWHERE)

    assert ANSWERED_ABOVE not in answer.body and "register" not in answer.body
    # Nor does it leave anything there.
    assert ANSWERED_ABOVE in text_of(messages(speaking, **body))


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


def test_the_switch_is_no_longer_in_rasa_s_file(tmp_path):
    root = copy_project(tmp_path / "checkout")
    (root / "credentials.yml").write_text("rest_drop_in:\n")

    said = refused(root)
    assert "RASA_REST=1" in said and "rest_drop_in" in said


@pytest.mark.parametrize(
    "content",
    ["rest:\n", "rest:\nsocketio:\n  user_message_evt: said\n", "", "# rest_drop_in:\n",
     "rasa:\n  url: http://localhost:5002/api\n", "- no channel\n"],
)  # fmt: skip
def test_whatever_else_rasa_s_file_holds_is_rasa_s(tmp_path, content):
    (tmp_path / "credentials.yml").write_text(content)

    check(tmp_path)


def test_rasa_s_file_may_be_missing(tmp_path):
    check(tmp_path)


@pytest.mark.parametrize("content", ["rest_drop_in:\n", "rest:\n'rest_drop_in' : {}\n"])
def test_the_old_switch_is_refused_with_the_remedy(tmp_path, content):
    (tmp_path / "credentials.yml").write_text(content)

    with pytest.raises(CredentialsError, match="RASA_REST=1"):
        check(tmp_path)
