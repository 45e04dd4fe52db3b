"""What visitors are shown, with what bot/checks cannot see: actions, leads, links."""

from __future__ import annotations

import re

import pytest

from bot import DATA, ROOT, yaml_files
from bot.answers import Answers, AnswersError, Reply
from bot.conversation import Conversation
from bot.engine import Engine
from bot.topics import Topics
from tests.conftest import assert_carries_the_numbers, calls_999_first

TOPICS = list(Topics.read().by_key)
RESPONSES = list(Answers.read().responses)
FORCES = [None, "kent", "surrey", "sussex", "thames_valley", "narnia"]
LONGEST_REPLY = 900  # with what an action adds
# What an action fills in.
SAMPLE = {"opens": "Tuesday 24 November at 9am", "closes": "9pm"}


@pytest.fixture(scope="module")
def conversation(answers, net):
    return Conversation(answers, net, Engine())


async def pressed(conversation: Conversation, topic: str, force: str | None) -> Reply:
    [reply] = (await conversation.answer_topic(topic, force)).replies
    return reply


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("force", FORCES)
async def test_an_answer_carries_what_its_topic_must(
    conversation, topics, topic, force
):
    reply = await pressed(conversation, topic, force)
    known = topics.by_key[topic]

    for must in known.must:
        assert re.search(must, reply.text, re.I | re.S), f"lacks {must}"
    for banned in (*known.must_not, *topics.every_reply_must_not):
        assert not re.search(banned, reply.text, re.I | re.S), f"holds {banned}"


@pytest.mark.parametrize("topic", TOPICS)
async def test_an_answer_begins_as_its_topic_says(conversation, topics, topic):
    reply = await pressed(conversation, topic, None)
    lead = topics.by_key[topic].lead

    if lead == "emergency":
        assert reply.kind == "emergency" and calls_999_first(reply.text)
    if lead == "sentence":
        assert reply.text.startswith("If a child is in danger right now, call 999.")
    if lead == "none":
        assert reply.kind == "answer" and not calls_999_first(reply.text)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("force", FORCES)
async def test_an_answer_is_short_enough_to_read(conversation, topic, force):
    assert len((await pressed(conversation, topic, force)).text) <= LONGEST_REPLY


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_shown_without_a_gap(answers, name):
    for brief in (False, True):
        text = answers.reply(name, None, brief=brief, **SAMPLE).text

        assert "{" not in text and "}" not in text
        assert "  " not in text


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("force", FORCES)
def test_a_short_form_links_to_the_whole(answers, topics, topic, force):
    known = topics.by_key[topic]
    if known.lead == "emergency":
        return  # an emergency has no short form
    reply = answers.reply(
        f"utter_{topic}", force, lead=known.lead == "sentence", brief=True
    )

    links = "".join(link["href"] for link in reply.links)
    assert "narnia" not in links
    assert (f"/answers/{topic}" in links) == (known.audience != "unlisted")


@pytest.mark.parametrize("name", RESPONSES)
def test_what_is_said_when_nothing_was_understood_carries_the_numbers(answers, name):
    reply = answers.reply(name, None, **SAMPLE)

    if reply.kind in ("clarify", "fallback", "unavailable"):
        assert_carries_the_numbers(reply.text)


@pytest.mark.parametrize(
    "name",
    [name for name in RESPONSES if "immediate_risk" in name] + ["utter_suicidal"],
)
def test_an_emergency_says_who_is_not_told_and_how_to_call_without_a_voice(
    answers, name
):
    text = answers.reply(name).text

    assert text.startswith("Call 999 now")
    assert (
        "automated" in text and "Nobody is reading it and nobody has been told" in text
    )
    for route in ("press 55", "18000", "text 999", "https://999bsl.co.uk"):
        assert route in text
    assert "0800 1111" in text


@pytest.mark.parametrize("topic", [t for t in TOPICS if t.startswith("law_")])
def test_an_answer_on_the_law_says_which_country_it_is_for(answers, topic):
    assert "England and Wales" in answers.reply(f"utter_{topic}").text


@pytest.mark.parametrize("topic", ["seeking_material", "evading_police"])
def test_a_refusal_names_the_law_the_harm_and_the_help(answers, topic):
    text = answers.reply(f"utter_{topic}").text

    assert "I will not help with that." in text
    assert re.search("illegal|against the law", text)
    assert "harmed again" in text and "0808 1000 900" in text


def test_the_force_changes_the_route(answers):
    assert (
        "https://www.kent.police.uk/"
        in answers.reply("utter_report_person", "kent").text
    )
    assert "sussex" not in answers.reply("utter_report_person", "kent").text
    assert "https://www.sussex.police.uk/" in answers.reply("utter_report_person").text


def test_the_force_is_named(answers):
    assert "Tell Surrey Police" in answers.reply("utter_report_person", "surrey").text
    assert "Tell your police force" in answers.reply("utter_report_person").text
    relay = answers.reply("utter_access_needs", "kent").text
    assert "calls to Kent Police" in relay and "18001 101" in relay


def test_a_field_that_a_force_lacks_comes_from_the_national_route(answers):
    kent = answers.reply("utter_family_support", "kent").text
    surrey = answers.reply("utter_family_support", "surrey").text

    assert "information-for-family-members" in kent
    assert "https://www.stopitnow.org.uk/" in surrey


def test_every_link_of_an_answer_can_be_pressed(answers):
    links = answers.reply("utter_suicidal").links

    hrefs = {link["title"]: link["href"] for link in links}
    assert hrefs["Call 999"] == "tel:999"
    assert hrefs["Call Samaritans"] == "tel:116123"
    assert hrefs["Text Shout"] == "sms:85258"


def test_a_placeholder_that_names_nothing_is_refused_with_its_name(answers):
    broken = dict(answers.responses["utter_harm"], text="Call {stop_it_now.fax}.")

    with pytest.raises(ValueError, match="stop_it_now.fax"):
        Answers(
            {"utter_harm": [broken]},
            answers.directory,
            answers.topics,
            yaml_files.read(DATA / "sources.yml"),
        )


def test_a_response_without_sources_is_refused_with_its_name(answers):
    broken = {"text": "Help is there.", "metadata": {}}

    with pytest.raises(AnswersError, match="utter_harm"):
        Answers({"utter_harm": [broken]}, answers.directory, answers.topics, {})


def test_the_press_release_s_own_figures_are_told(answers):
    told = "".join(
        answers.reply(f"utter_{topic}").text
        for topic in ("how_common", "campaign_impact", "campaign_about")
    )

    for figure in (
        "50,000",
        "80,000",
        "383",
        "4,393",
        "69%",
        "three times",
        "£600,000",
    ):
        assert figure in told


def test_every_source_service_and_phrase_is_used(answers, directory):
    told = "".join(response["text"] for response in answers.responses.values())
    pages = "".join(p.read_text() for p in (ROOT / "bot/web/templates").glob("*.html"))
    rules = yaml_files.read(DATA / "safety_rules.yml")
    named = {n for r in answers.responses.values() for n in r["metadata"]["sources"]}
    needed = {g for r in rules["rules"] for g in [*r["needs"], *r.get("unless", [])]}

    assert set(yaml_files.read(DATA / "sources.yml")) == named
    assert set(rules["groups"]) == needed
    for name in directory.services:
        assert f"{{{name}." in told or f"at('{name}'" in pages, name
