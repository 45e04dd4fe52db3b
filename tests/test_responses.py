"""Single responses of domain.yml: what is in them, and which are refused."""

from __future__ import annotations

import re

import pytest

from bot import DATA, ROOT
from bot.words import yaml_files
from bot.words.reply import MOST_LINKS, combine
from bot.words.responses import AnswersError, Responses
from tests import checkout


@pytest.mark.parametrize("topic", ["seeking_material", "evading_police"])
def test_a_refusal_names_the_law_the_harm_and_the_help(answers, topic):
    text = answers.reply(f"utter_{topic}").text

    assert "I will not help with that." in text
    assert re.search("illegal|against the law", text)
    assert "harmed again" in text and "0808 1000 900" in text


def test_the_force_changes_the_route(answers):
    kent = answers.reply("utter_report_person", "kent").text

    assert "https://www.kent.police.uk/" in kent and "sussex" not in kent
    assert "https://www.sussex.police.uk/" in answers.reply("utter_report_person").text


def test_the_force_is_named(answers):
    assert "Call Surrey Police" in answers.reply("utter_report_person", "surrey").text
    assert "Call your police force" in answers.reply("utter_report_person").text
    relay = answers.reply("utter_access_needs", "kent").text
    assert "calls to Kent Police" in relay and "18001 101" in relay


def test_a_field_that_a_force_lacks_comes_from_the_national_route(answers):
    kent = links_of(answers, "kent")
    surrey = links_of(answers, "surrey")

    assert any("information-for-family-members" in link for link in kent)
    assert any(link.startswith("https://www.stopitnow.org.uk/") for link in surrey)


def links_of(answers, force):
    return [link["href"] for link in answers.reply("utter_family_support", force).links]


def test_the_nearest_route_takes_the_place_of_the_last_link(answers):
    answer, route = (
        answers.reply("utter_report_person"),
        answers.reply("utter_report_route", "sussex"),
    )

    [reply] = combine([answer, route])
    assert len(answer.links) == len(reply.links) == MOST_LINKS
    assert reply.links[:-1] == answer.links[:-1]
    assert reply.links[-1]["title"] == "Sussex Police"


def test_a_paragraph_that_two_answers_have_is_said_once(answers):
    names = ("utter_law_sentence", "utter_law_register_partner")
    sentence, partner = (answers.reply(name, together=True) for name in names)
    help_ = sentence.text.split("\n\n")[-1]
    assert "0808 1000 900" in help_ and partner.text.endswith(help_)

    first, second = combine([sentence, partner])
    assert first == sentence
    assert second.text == partner.text.removesuffix(f"\n\n{help_}")
    assert second.links == partner.links


def test_four_websites_are_read_but_no_link_is_made_of_them(answers):
    reply = answers.reply("utter_media_donate")

    assert "https://www.surrey.police.uk/" in reply.text
    assert not [link for link in reply.links if "police.uk" in link["href"]]


def test_a_link_to_a_force_s_page_has_the_force_s_name(answers):
    titles = [
        link["title"] for link in answers.reply("utter_family_support", "kent").links
    ]

    assert "Kent Police" in titles and not any("http" in title for title in titles)


def test_every_link_of_an_answer_can_be_pressed(answers):
    links = answers.reply("utter_suicidal").links

    hrefs = {link["title"]: link["href"] for link in links}
    assert hrefs["Call 999"] == "tel:999"
    assert hrefs["Call Samaritans"] == "tel:116123"
    assert hrefs["Text Shout"] == "sms:85258"


def test_a_placeholder_that_names_nothing_is_refused_with_its_name(answers):
    broken = dict(answers.responses["utter_harm"], text="Call {stop_it_now.fax}.")

    with pytest.raises(AnswersError, match="stop_it_now.fax"):
        Responses(
            {"utter_harm": [broken]},
            answers.directory,
            answers.topics,
            answers.sources,
        )


def test_a_response_without_sources_is_refused_with_its_name(answers):
    broken = {"text": "Help is there.", "metadata": {}}

    with pytest.raises(AnswersError, match="utter_harm"):
        Responses({"utter_harm": [broken]}, answers.directory, answers.topics, {})


def test_a_response_that_nobody_wrote_is_refused_with_its_name(answers):
    with pytest.raises(AnswersError, match="utter_harmm"):
        answers.reply("utter_harmm")


def test_a_value_that_no_action_gave_is_refused_with_its_name(answers):
    with pytest.raises(AnswersError, match="utter_helpline_open.*closes"):
        answers.reply("utter_helpline_open")


def test_the_press_release_s_own_figures_are_given(answers):
    told = "".join(
        answers.reply(f"utter_{topic}").text
        for topic in ("how_common", "campaign_impact", "campaign_about")
    )

    figures = ("50,000", "80,000", "383", "4,393", "69%", "three times", "£600,000")
    for figure in figures:
        assert figure in told


def test_every_source_service_and_phrase_is_used(answers, directory):
    told = "".join(
        " ".join([r["text"], *(f"{{{x}}}" for x in r["metadata"].get("links", []))])
        for r in answers.responses.values()
    )
    templates = ROOT / "bot" / "pages" / "templates"
    pages = "".join(p.read_text() for p in templates.glob("*.html"))
    rules = yaml_files.read(DATA / "safety_rules.yml")
    named = {n for r in answers.responses.values() for n in r["metadata"]["sources"]}
    needed = {
        g for r in rules["net_rules"] for g in [*r["needs"], *r.get("unless", [])]
    }

    assert set(yaml_files.read(DATA / "sources.yml")) == named
    assert set(rules["groups"]) == needed
    for name in directory.services:
        assert f"{{{name}." in told or f"at('{name}'" in pages, name


def test_what_rasa_alone_knows_may_be_in_the_domain(tmp_path):
    folder = checkout.make(tmp_path)
    further = "entities: []\nforms: {}\nsession_config:"
    checkout.change(folder, "domain.yml", "session_config:", further)

    assert Responses.read(folder, folder / "data")
