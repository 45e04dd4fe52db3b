"""How a conversation starts: who is asking, and what that changes."""

from __future__ import annotations

import pytest

from bot.safety.plain_text import plain
from bot.words.topics import Topics
from tests.conftest import assert_carries_the_numbers, calls_999_first

OPENINGS = list(Topics.read().openings)
CHILDLINE, REPORT_REMOVE = "0800 1111", "childline.org.uk/remove"

SAYS_YOUNG = [
    "im 14 and scared", "I’m 15", "i am only 12", "I'm under 18", "im sixteen",
    "hi i'm 13 years old", "I am 17f", "im 16 is it illegal",
]  # fmt: skip
SAYS_NOT = [
    "im 14 months into my sentence", "i am 10 minutes away", "my son is 14",
    "she said im 15", "im 34", "im 16 stone", "he told me he is 14", "when i am 16",
    "im 11 weeks pregnant", "im 40", "im 12 years clean", "i'm 10 out of 10 scared",
]  # fmt: skip


@pytest.mark.parametrize("audience", OPENINGS)
def test_who_is_asking_leads_to_the_first_questions(server, topics, audience):
    answer = server.post({"opening": audience})
    [reply] = answer.replies

    assert answer.status == 200 and reply["kind"] == "fallback"
    assert [b["topic"] for b in reply["buttons"]] == list(
        topics.openings[audience].topics
    )
    assert_carries_the_numbers(reply["text"])


def test_a_page_begins_with_who_is_asking(server, topics):
    for path in ("/", "/widget?force=kent"):
        for opening in topics.openings.values():
            assert opening.title in server.get(path).body


def test_an_unknown_opening_is_refused_with_the_numbers(server):
    assert_carries_the_numbers(server.post({"opening": "narnia"}).text)


@pytest.mark.parametrize(
    "asked",
    [
        {"topic": "law_is_it_illegal"},
        {"topic": "young_person_image"},
        {"topic": "concern_adult"},
        {"message": "is the helpline anonymous"},
        {"message": "asdf ghjkl qwer"},
    ],
)
def test_under_18_an_answer_begins_with_childline_and_report_remove(server, asked):
    reply = server.post({**asked, "audience": "young"}).replies[0]
    calls = [link["href"] for link in reply["links"] if link["href"] != "tel:999"]

    assert calls[:3] == [
        "tel:08001111",
        "https://www.childline.org.uk/",
        next(href for href in calls if REPORT_REMOVE in href),
    ]
    assert CHILDLINE in reply["text"] and REPORT_REMOVE in reply["text"]
    assert reply["text"].count(REPORT_REMOVE) == 1


@pytest.mark.parametrize(
    "message",
    ["he is hurting me right now", "im 13, he is in my room and wont stop touching me"],
)
def test_under_18_an_emergency_still_begins_with_999(server, message):
    reply = server.post({"message": message, "audience": "young"}).replies[0]

    assert reply["kind"] == "emergency" and calls_999_first(reply["text"])
    assert CHILDLINE in reply["text"]


def test_what_an_adult_reads_stays_as_it_is(server):
    plain_answer = server.post({"topic": "law_is_it_illegal"}).replies

    for audience in ("self", "other", "professional", "narnia", 5):
        asked = {"topic": "law_is_it_illegal", "audience": audience}
        assert server.post(asked).replies == plain_answer


@pytest.mark.parametrize("text", SAYS_YOUNG)
def test_who_says_so_counts_as_under_18(topics, text):
    assert topics.says_young(plain(text))


@pytest.mark.parametrize("text", SAYS_NOT)
def test_a_number_that_is_no_age_of_the_writer_does_not(topics, text):
    assert not topics.says_young(plain(text))


def test_who_types_that_they_are_under_18_reads_of_childline_first(server):
    reply = server.ask("i am 15 and want to know if the helpline is free").replies[0]

    assert CHILDLINE in reply["text"].split("\n\n")[0]
