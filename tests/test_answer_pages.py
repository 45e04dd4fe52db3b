"""The answers as plain pages: all on one, by force, and what search engines read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests import checkout
from tests.conftest import Server

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
