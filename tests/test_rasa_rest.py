"""Rasa's REST protocol: off by default, and never silent when it is on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from bot.chat.asked import Asked
from bot.chat.exchange import Exchange
from bot.server.credentials import CredentialsError, check
from bot.server.routes.rasa_rest import MOST_PARAGRAPHS, as_messages
from bot.words.reply import Reply
from tests.conftest import (
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    copy_project,
    refused,
    serving,
)

PATH = "/webhooks/rest/webhook"
KENT = "https://www.kent.police.uk"
ELSEWHERE = "https://www.example.org"
QUESTION = "how long are you on the register"
# What is said instead of an answer that is right above.
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
    first, *_, last = messages(speaking, sender="a", message=QUESTION)

    assert set(first) == {"recipient_id", "text"}
    assert set(last) == {"recipient_id", "text", "buttons"}
    assert all(set(button) == {"title", "payload"} for button in last["buttons"])


@pytest.mark.parametrize(
    "message", [QUESTION, "he is hurting my little girl in there right now", ""]
)
def test_each_paragraph_is_a_message_in_the_order_of_the_chat(speaking, message):
    said = messages(speaking, message=message)
    [reply] = speaking.ask(message).replies

    assert text_of(said) == reply["text"]
    assert all("\n" not in part["text"] for part in said)


def test_the_buttons_come_with_the_last_paragraph_of_an_answer(speaking):
    said = messages(speaking, message=QUESTION)
    [reply] = speaking.ask(QUESTION).replies

    with_buttons = [part for part in said if "buttons" in part]
    assert with_buttons == said[-1:]
    titles = [button["title"] for button in said[-1]["buttons"]]
    assert titles == [button["title"] for button in reply["buttons"]]


def test_no_answer_becomes_more_messages_than_a_client_can_show():
    long = "\n\n".join(f"Paragraph {n}." for n in range(MOST_PARAGRAPHS + 5))
    replies = [Reply("emergency", "immediate_risk", long), Reply("answer", "harm", "B")]
    said = as_messages(Exchange(Asked(), "token", replies, 200))

    assert len(said) == MOST_PARAGRAPHS + 1
    assert [said[0]["text"], said[-1]["text"]] == ["Paragraph 0.", "B"]
    assert text_of(said[:-1]).replace("\n\n", " ") == long.replace("\n\n", " ")


def test_every_answer_has_a_message_for_each_paragraph(answers):
    lead_and_both_for_young = 3
    longest = max(entry["text"].count("\n") for entry in answers.responses.values())

    assert longest + 1 + lead_and_both_for_young <= MOST_PARAGRAPHS


def test_a_button_can_be_sent_back(speaking):
    *_, menu = messages(speaking, sender="a", message="asdf ghjkl qwer")
    answer = messages(speaking, message=menu["buttons"][0]["payload"])

    assert "0808 1000 900" in text_of(answer)


def test_a_name_is_replaced_by_one_of_ours(speaking):
    issued = messages(speaking, sender="my-own", message="hello")[0]["recipient_id"]

    assert issued != "my-own"
    again = messages(speaking, sender=issued, message="hello")
    assert {part["recipient_id"] for part in again} == {issued}


def test_a_client_that_sends_back_our_name_continues_the_conversation(speaking):
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
def test_with_a_sender_that_others_can_guess_each_message_is_by_itself(
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


def test_from_another_website_a_sender_learns_nothing_of_its_conversation(speaking):
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
    said = json.loads(answer.body)

    assert answer.status == 200 and said
    assert_carries_the_numbers(text_of(said))


@pytest.mark.parametrize("origin", [ELSEWHERE, None])
def test_the_net_comes_first(speaking, origin):
    headers = {"Origin": origin} if origin else {}
    danger = {"message": "he is hurting my little girl in there right now"}

    assert calls_999_first(json.loads(say(speaking, danger, **headers).body)[0]["text"])


def preflight(server: Server, **headers: str):
    asked = {"Access_Control_Request_Method": "POST", **headers}
    return server.send("OPTIONS", PATH, None, **asked)


def test_a_listed_website_may_read_the_answer_and_no_other(speaking):
    def allowed(origin: str) -> str | None:
        answer = say(speaking, {"message": "hello"}, Origin=origin)
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed(KENT) == KENT
    assert allowed(ELSEWHERE) is None


def test_a_listed_website_may_send_json_and_a_token(speaking):
    asked = preflight(
        speaking,
        Origin=KENT,
        Access_Control_Request_Headers="authorization,content-type",
    )

    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Origin"] == KENT
    allowed = asked.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert allowed == ["authorization", "content-type"]


def test_a_token_changes_nothing(speaking):
    body = {"message": QUESTION}
    answer = say(speaking, body, Origin=KENT, Authorization="Bearer made-up")

    assert answer.status == 200
    assert text_of(json.loads(answer.body)) == text_of(messages(speaking, **body))


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://www.kent.police.uk"])
def test_another_website_is_refused_before_it_asks_with_the_numbers(speaking, origin):
    asked = preflight(speaking, Origin=origin)

    assert asked.status == 403
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert_carries_the_numbers(text_of(json.loads(asked.body)))


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
