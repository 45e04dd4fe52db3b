"""How earlier messages in the conversation change an answer."""

from __future__ import annotations

import pytest

from bot.chat.in_context import PART_MISSING, SAID_ALREADY, instead
from bot.talk.memory import Memory
from bot.talk.messages import Decision
from tests.conftest import assert_carries_the_numbers, calls_999_first

VAGUE = ("vague_plea",)


def said(topics, intents, audience=None, after=None, offered=(), partial=False):
    decision = Decision(tuple(intents), False, tuple(offered), Memory())
    return instead(decision, audience, after, topics, partial)


@pytest.mark.parametrize("audience", ["self", "other", "young", "professional"])
def test_a_vague_plea_is_answered_by_who_the_visitor_said_they_are(topics, audience):
    found = said(topics, VAGUE, audience=audience)

    assert found.response == f"utter_vague_plea_{audience}"
    assert found.offered == topics.openings[audience].topics
    # A visitor without the widget only names the conversation.
    assert said(topics, VAGUE, after=f"opening_{audience}") == found


@pytest.mark.parametrize(
    ("after", "read_by"),
    [
        ("own_behaviour", "self"),
        ("family_support", "other"),
        ("child_disclosure", "young"),
        ("professional", "professional"),
        ("law_sentence", "after"),
    ],
)
def test_after_an_answer_it_is_answered_for_its_readers(topics, after, read_by):
    found = said(topics, VAGUE, after=after)

    assert found.response == f"utter_vague_plea_{read_by}"
    assert found.offered == topics.by_key[after].related


@pytest.mark.parametrize("read_by", ["self", "other", "after"])
def test_a_plea_of_an_adult_who_may_not_go_on_names_samaritans(answers, read_by):
    text = answers.reply(f"utter_vague_plea_{read_by}").text

    assert "cannot go on" in text and "116 123" in text


@pytest.mark.parametrize("after", [None, "smalltalk", "vague_plea", "no_topic"])
def test_alone_or_after_nothing_that_helps_it_is_asked_what_it_is_about(topics, after):
    found = said(topics, VAGUE, after=after)

    assert found.response == "utter_vague_plea"
    assert found.offered == topics.by_key["vague_plea"].related


def test_the_answer_right_above_is_not_given_again(topics):
    offered = ("law_register_end", "harm")
    found = said(topics, ["law_register"], after="law_register", offered=offered)

    assert found.response == SAID_ALREADY
    assert found.offered[:2] == offered
    assert set(found.offered[2:]) < set(topics.by_key["law_register"].related)


@pytest.mark.parametrize("again", ["immediate_risk", "suicidal", "smalltalk"])
def test_an_emergency_or_a_greeting_may_be_said_again(topics, again):
    assert said(topics, [again], after=again) is None


def test_another_answer_and_two_answers_are_left_unchanged(topics):
    assert said(topics, ["harm"], after="law_register") is None
    assert said(topics, ["harm", "law_register"], after="harm") is None
    assert said(topics, [], after="harm") is None


@pytest.mark.parametrize("intents", [[], VAGUE])
def test_what_is_not_understood_with_half_a_talk_is_asked_for_again(topics, intents):
    found = said(topics, intents, after="harm", offered=("harm",), partial=True)

    assert found.response == PART_MISSING and found.offered == ("harm",)


def test_an_answer_that_is_sure_needs_no_whole_talk(topics):
    assert said(topics, ["harm"], after="law_register", partial=True) is None


def test_who_is_asked_to_tell_again_reads_999_first(answers):
    reply = answers.reply(PART_MISSING, lead=True)

    assert reply.kind == "clarify" and calls_999_first(reply.text)
    assert_carries_the_numbers(reply.text)


def test_every_wording_that_may_be_chosen_is_there(answers, topics):
    names = {f"utter_vague_plea_{key}" for key in (*topics.openings, "after")}

    assert {*names, "utter_vague_plea", SAID_ALREADY} <= set(answers.responses)
