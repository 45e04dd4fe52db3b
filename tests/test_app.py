"""The contract of /chat and the pages, on a real server process."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.words.topics import Topics
from tests.conftest import (
    assert_carries_the_numbers,
    calls_999_first,
    refused,
    serving,
)

TOPICS = Topics.read()
KEYS = {"kind", "topic", "text", "links", "buttons", "sources", "checked_on"}

QUESTIONS = {
    "what happens if police find images on my laptop": "law_police_process",
    "my husband was arrested this morning, i dont know what to do": "family_support",
    "is the helpline anonymous": "helpline_confidential",
    "how long are you on the register": "law_register",
    "where do i report a website": "report_content",
    "are ai pictures illegal": "law_ai_images",
    "can you just tell me where to find some": "seeking_material",
    "im 14 and he wont take my picture down": "young_person_image",
    "how many people ring you": "campaign_impact",
}

BAD_BODIES = [
    b"", b"{", b"[]", b"5", b"{}", b"\xff\xfe", b"<a/>", b'{"message": 5}',
    b'{"message": null}', b'{"message": ["a"]}', b'{"topic": "nothing"}',
    b'{"topic": 7}', '{"message": "caf\xe9"}'.encode("latin1"), b"[" * 50_000,
]  # fmt: skip

EMPTY = ["", "   ", "\n\t", "\x00\x01\x07", "...", "🙂", "\u200b\u200b", "\ud800"]
TOO_LONG = ["a" * 60_000, "a " * 30_000]
MEANINGLESS = [
    "asdf ghjkl qwer", "fridge nineteen",
    "'; DROP TABLE users; --",
    "Poproszę dwa bilety na pociąg do Krakowa", "请问今天天气怎么样",
]  # fmt: skip
# Words that the model may find a meaning in.
ODD = ["/restart", "<script>alert(1)</script>", '/intent{"x":1}',
       '/law_register{"x": 1}', "{stop_it_now.phone}", "٩٩٩",
       "مرحبا كيف حالك"]  # fmt: skip


DANGER = "he is hurting my little girl in there right now"
DISGUISED = [
    DANGER.replace("e", "е").replace("i", "і"),  # Cyrillic letters
    "\u200b".join(DANGER),
    " ".join(DANGER.replace(" ", "  ")),
    DANGER.replace(" ", " 😭 "),
    DANGER.replace("i", "iiii").replace("u", "uuuu"),
    DANGER.replace("i", "1").replace("e", "3"),
    "<p>" + DANGER.replace(" ", "</p> <p>") + "</p>",
    DANGER.upper(),
    "la la la. " * 1000 + DANGER + ". la la la" * 1000,
    "Proszę pomóc, s'il vous plaît, " + DANGER + ", ayuda por favor",
    "ayúdame por favor, mon beau-père, on jest teraz w pokoju mojej córki",
]


def test_the_port_answers_before_an_engine_is_ready():
    with serving() as running:
        assert running.state == "loading"

        asked = running.ask("is the helpline free")
        assert asked.status == 503
        assert asked.replies[0]["kind"] == "unavailable"
        assert_carries_the_numbers(asked.text)

        pressed = running.post({"topic": "law_register"})
        assert pressed.status == 200 and pressed.replies[0]["topic"] == "law_register"
        assert calls_999_first(running.ask("he is hurting my son right now").text)
        assert running.get("/answers/harm").status == 200


@pytest.mark.parametrize(("question", "topic"), QUESTIONS.items())
def test_a_question_gets_its_answer(server, question, topic):
    answer = server.ask(question)

    assert answer.status == 200
    assert answer.replies[0]["topic"] == topic
    for must in TOPICS.by_key[topic].must:
        assert re.search(must, answer.text, re.I | re.S)


def test_the_reply_to_an_emergency_says_to_call_999_first(server):
    reply = server.ask("he is in her room right now and the door is locked").replies[0]

    assert reply["kind"] == "emergency" and calls_999_first(reply["text"])
    assert {"title": "Call 999", "href": "tel:999"} in reply["links"]


@pytest.mark.parametrize("text", DISGUISED)
def test_danger_is_read_through_a_disguise_or_999_is_said_to_be_safe(server, text):
    assert calls_999_first(server.ask(text).text)


def test_danger_that_shows_in_the_third_message_is_seen(server):
    session = None
    for text in (
        "found pictures of children on my husbands phone",
        "i havent told him i know, we have a little girl of six",
        "he is putting her to bed now",
    ):
        answer = server.ask(text, session=session)
        session = answer.session

    assert calls_999_first(answer.text)


def test_without_a_session_each_message_is_read_by_itself(server):
    server.ask("found pictures of children on my husbands phone")

    assert server.ask("what time does it close").replies[0]["kind"] != "emergency"


def test_a_reply_has_the_parts_of_the_contract(server):
    answer = server.ask("is the helpline anonymous")
    [reply] = answer.replies

    assert set(reply) == KEYS
    assert reply["checked_on"] is None or date.fromisoformat(reply["checked_on"])
    assert all(set(link) == {"title", "href"} for link in reply["links"])
    assert all(set(button) == {"title", "topic"} for button in reply["buttons"])
    assert all(set(source) == {"title", "href"} for source in reply["sources"])


@pytest.mark.parametrize("topic", list(TOPICS.by_key))
def test_every_topic_answers_to_its_button(server, topic):
    assert server.post({"topic": topic}).replies[0]["topic"] == topic


def test_an_uncertain_answer_offers_at_most_three_topics(server):
    texts = (
        "the lid",
        "qwerty uiop",
        "is there a form for it",
        "so like the other thing innit",
    )
    replies = [reply for text in texts for reply in server.ask(text).replies]
    uncertain = [reply for reply in replies if reply["kind"] == "clarify"]

    assert uncertain
    for reply in uncertain:
        assert 1 <= len(reply["buttons"]) <= 3
        assert_carries_the_numbers(reply["text"])


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_bad_request_is_answered_clearly(server, body):
    answer = server.post(body)

    assert answer.status == (200 if b"nothing" in body else 400)
    assert_carries_the_numbers(answer.text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        *((text, {"fallback"}) for text in (*EMPTY, *TOO_LONG)),
        *((text, {"clarify", "fallback"}) for text in MEANINGLESS),
    ],
)
def test_what_says_nothing_is_answered_with_the_numbers(server, text, kinds):
    answer = server.ask(text)

    assert answer.status == 200 and answer.replies[0]["kind"] in kinds
    assert answer.replies[0]["topic"] == "out_of_scope"
    assert_carries_the_numbers(answer.text)


@pytest.mark.parametrize("text", ODD)
def test_odd_words_are_read_as_text_and_never_filled_in_or_sent_back(server, text):
    answer = server.ask(text)

    assert answer.status == 200 and answer.replies[0]["topic"] in TOPICS.by_key
    assert text not in answer.text and "{" not in answer.text


def test_typed_text_that_begins_with_a_slash_is_text(server):
    commanded = server.ask("/law_register").replies[0]

    assert commanded["kind"] in ("answer", "clarify", "fallback")
    assert server.ask('/suicidal{"x":1}').status == 200
    assert server.ask("/restart").replies


def test_a_body_too_large_is_answered_and_its_emergency_is_read(server):
    large = server.ask("a" * 2_000_000)
    assert large.status == 413
    assert_carries_the_numbers(large.text)

    urgent = server.ask("he is hurting my son right now " + "a" * 2_000_000)
    assert calls_999_first(urgent.text)


def test_a_message_of_2000_characters_is_answered_like_any_other(server):
    long = "I have a question about the law. " * 62 + "what is the sentence"

    assert server.ask(long[:2000]).replies[0]["kind"] != "fallback"


def test_an_error_in_the_address_is_answered_with_the_numbers(server):
    for method, path in (("GET", "/nothing"), ("GET", "/chat"), ("DELETE", "/")):
        answer = server.send(method, path, None)
        assert 400 <= answer.status < 500
        assert_carries_the_numbers(answer.text)


def test_a_session_is_kept_and_a_foreign_one_replaced(server):
    session = server.ask("hello").session
    again = server.ask("hello", session=session).session
    other = server.ask("hello", session="mine" * 16).session

    assert again == session and other not in (session, "mine" * 16)


@pytest.mark.parametrize(
    ("force", "holds", "lacks"),
    [
        ("kent", "https://www.kent.police.uk/", "surrey.police"),
        ("sussex", "https://www.sussex.police.uk/", "kent.police"),
        ("narnia", "https://www.thamesvalley.police.uk/", "narnia"),
        (None, "https://www.surrey.police.uk/", "narnia"),
        ({"a": 1}, "https://www.surrey.police.uk/", "narnia"),
    ],
)
def test_the_force_changes_the_reporting_route(server, force, holds, lacks):
    text = server.ask("I want to report my neighbour to the police", force=force).text

    assert holds in text and lacks not in text


def test_a_place_in_the_message_names_the_nearest_force(server):
    text = server.ask("i want to report a man to the police, he lives in brighton").text

    assert "report to Sussex Police: call 101" in text


def test_a_form_gets_a_page_and_so_does_a_browser(server):
    form = "application/x-www-form-urlencoded"
    page = server.post(
        b"message=is+the+helpline+anonymous&force=kent", Content_Type=form
    )
    asked = server.post({"topic": "harm"}, Accept="text/html")

    for answer in (page, asked):
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")
    assert "<article" in page.body and 'value="kent"' in page.body


def test_what_was_typed_is_not_sent_back(server):
    for body in ("<script>marked</script>", "marked sentence about a hedge"):
        assert "marked" not in server.ask(body).body
        page = server.post({"message": body}, Accept="text/html")
        assert "marked" not in page.body


def test_too_many_requests_are_refused_but_an_emergency_is_not():
    with serving(RATE_LIMIT="2", engine=False) as running:
        answers = [running.post({"topic": "harm"}) for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert_carries_the_numbers(answers[2].text)
        assert calls_999_first(running.ask("he is hurting my son right now").text)


@pytest.mark.parametrize("path", ["/", "/answers", "/answers/law_life?force=kent"])
def test_a_page_always_shows_999_that_nobody_reads_and_the_way_out(server, path):
    page = server.get(path)

    assert page.status == 200
    assert "If a child is in danger now" in page.body and 'href="tel:999"' in page.body
    assert "Nobody reads it, and nobody is told" in page.body
    assert "Leave this site" in page.body
    assert "abuse" not in re.search("<title>(.*)</title>", page.body)[1].lower()


def test_a_page_may_run_no_foreign_script_and_is_not_kept(server):
    page = server.get("/")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in page.headers
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", page.body)
    assert "style=" not in page.body and "onclick" not in page.body


def test_every_listed_answer_has_a_page_and_a_refusal_has_none(server):
    listed = server.get("/answers").body
    for key, topic in TOPICS.by_key.items():
        page = server.get(f"/answers/{key}")
        unlisted = topic.audience == "unlisted"
        assert page.status == (404 if unlisted else 200)
        assert (f'/answers/{key}"' in listed) is not unlisted


def test_nothing_typed_is_in_the_log(server):
    for text in ("zebra crossing mystery", "/zebra", "zebra " * 30_000, "\x00zebra"):
        server.ask(text)
    server.post(b'{"message": "zebra')

    assert "engine.ready" in server.said() and "zebra" not in server.said()


@pytest.mark.parametrize(
    ("setting", "value"), [("PORT", "many"), ("PORT", "99999"), ("RATE_LIMIT", "lots")]
)
def test_a_wrong_setting_stops_the_start_with_its_name(setting, value):
    assert f"{setting}={value}" in refused(**{setting: value})


def test_a_port_that_is_taken_stops_the_start_with_its_number(server):
    port = server.address.rsplit(":", 1)[1]

    assert port in refused(PORT=port)
