"""The answers as plain pages: all on one, by force, and what search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests import checkout
from tests.conftest import Server, serving

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def listed(topics) -> list[str]:
    return [k for k, topic in topics.by_key.items() if topic.audience != "unlisted"]


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> Iterator[Server]:
    """A server of a copy where one answer is signed and its facts are checked."""
    folder = checkout.make(tmp_path_factory.mktemp("signed"))
    checkout.sign(folder, "utter_harm", checked_on="2026-11-01")
    running = Server(root=folder)
    running.wait("/health/live", 30)
    yield running
    running.stop()


def structured(page: str) -> list[dict]:
    """What the page tells search engines; nothing when it tells them nothing."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return [json.loads(text) for text in found]


def test_all_answers_are_on_one_page_in_full(server, topics, answers, listed):
    page = server.get("/answers").body

    for key in listed:
        assert f'id="{key}"' in page and f'href="#{key}"' in page
    assert page.count('<article class="reply') == len(listed)
    assert "30 months or more" in page and "An arrest is not a conviction" in page


def test_the_contents_name_who_asks_and_every_section_leads_back(server, topics):
    page = server.get("/answers").body
    contents = re.findall(r'<nav class="sections".*?</nav>', page, re.S)[0]

    assert re.findall('href="#for-([a-z]+)"', contents) == list(topics.audiences)
    for audience, heading in topics.audiences.items():
        section = page.split(f'<section aria-labelledby="for-{audience}">')[1]
        section = section.split("</section>")[0]
        assert f'id="for-{audience}"' in section and f">{heading}</h2>" in section
        assert 'href="#contents"' in section
        asked = section.count("<h3 ")
        assert asked == len(topics.in_audience(audience))
        # From each answer back to the questions of its section.
        assert section.count(f'href="#for-{audience}"') == asked


def test_families_parents_and_survivors_have_sections_of_their_own(topics):
    for audience in ("self", "family", "parent", "young", "survivor", "report",
                     "professional"):  # fmt: skip
        assert topics.in_audience(audience)


def test_no_address_on_the_page_leads_nowhere(server):
    page = server.get("/answers").body
    places = set(re.findall(r'\bid="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= places
    assert page.count(' id="') == len(places)  # each stands once


def test_the_bsl_routes_are_those_of_the_directory_and_no_other(server, directory):
    page = server.get("/answers?force=kent").body
    [note] = re.findall(r'<section class="bsl".*?</section>', page, re.S)

    addresses = re.findall('href="([^"]+)"', note)
    assert addresses == [
        directory.value("bsl_999", "site"),
        directory.value("childline", "site"),
        "/answers/access_needs_deaf?force=kent",
    ]
    assert "101" not in note and "Stop It Now" not in note


@pytest.mark.parametrize("force", ["kent", "surrey", "sussex", "thames_valley"])
def test_the_page_of_a_force_has_its_routes(server, directory, force):
    page = server.get(f"/answers?force={force}").body

    assert directory.forces[force].site in page
    assert f"for {directory.value('force', 'area', force)}" in page
    assert 'aria-current="page"' in page


def test_search_engines_may_not_list_a_draft(server):
    for path in ("/answers", "/answers/harm"):
        assert structured(server.get(path).body) == []
        assert server.get(path).headers["X-Robots-Tag"] == "noindex"
    assert "<loc>" not in server.get("/sitemap.xml").body


def test_search_engines_may_list_a_signed_answer(signed):
    [found] = structured(signed.get("/answers/harm").body)
    [question] = found["mainEntity"]

    assert found["@type"] == "FAQPage"
    assert question["name"] == "Why looking harms children"
    assert "real child" in question["acceptedAnswer"]["text"]
    [all_found] = structured(signed.get("/answers").body)
    assert [q["name"] for q in all_found["mainEntity"]] == [question["name"]]


def test_the_sitemap_lists_what_is_signed_and_no_page_with_a_draft(signed):
    answer = signed.get("/sitemap.xml")
    found = [
        loc.text for loc in ElementTree.fromstring(answer.body).iter(f"{SITEMAP}loc")
    ]

    assert answer.headers["Content-Type"].startswith("application/xml")
    assert found == [f"{signed.address}/answers/harm"]
    assert signed.get("/answers").headers["X-Robots-Tag"] == "noindex"


def test_an_easy_read_version_is_listed_once_it_is_signed_and_checked(tmp_path):
    folder = checkout.make(tmp_path)
    checkout.change(folder, "data/easy_read.yml", "checked_on: null",
                    'checked_on: "2026-11-01"')  # fmt: skip
    checkout.sign(folder, "easy_read_own_behaviour")
    with serving(root=folder, engine=False) as running:
        page = running.get("/answers/own_behaviour/easy-read")
        draft = running.get("/answers/helpline_how/easy-read")
        listed = running.get("/sitemap.xml").body

    assert "Checked on 2026-11-01." in page.body
    assert page.headers["X-Robots-Tag"] == "all" and "noindex" not in page.body
    assert draft.headers["X-Robots-Tag"] == "noindex"
    assert re.findall(r"<loc>[^<]*(/answers[^<]*)</loc>", listed) == [
        "/answers/own_behaviour/easy-read"
    ]
