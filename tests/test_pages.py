"""The privacy page and the accessibility statement say what is true."""

from __future__ import annotations

import re

import pytest

from bot.pages.pages import WEB
from bot.talk.memory import IDLE_MINUTES
from bot.words.topics import Topics
from tests.conftest import assert_carries_the_numbers

PAGES = ["/privacy", "/accessibility"]
TELLING = r"abuse|sex|child|image|police|stop it now|helpline|chat"
SCRIPTS = [*(WEB / "static").glob("*.js"), *(WEB / "launcher").glob("*.js")]
STORAGE = r"document\.cookie|(local|session)Storage|indexedDB|caches\.|serviceWorker"
# A number of digits that a caller could dial, as an editor would type it.
NUMBER = r"\b(0\d{2,}|999|101|18000|18001|\d{3} \d{3})\b"


@pytest.fixture(params=PAGES)
def path(request) -> str:
    return request.param


@pytest.fixture
def page(server, path) -> str:
    answer = server.get(path)
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    return answer.body


def words(page: str) -> str:
    """What a visitor reads in the page, without its markup."""
    main = re.search(r"<main.*</main>", page, re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_it_carries_the_numbers_as_links(page):
    assert_carries_the_numbers(page)
    for number in ("999", "08081000900", "08001111"):
        assert f'href="tel:{number}"' in page


def test_its_title_says_nothing_about_why_somebody_came(page):
    [title] = re.findall("<title>(.*)</title>", page)

    assert "Advice and support" in title
    assert not re.search(TELLING, title, re.I)


SHARED = [
    *("/", "/kent", "/answers", "/answers/own_behaviour", "/answers/search"),
    *("/answers/own_behaviour/easy-read", "/widget?force=kent", *PAGES),
]


@pytest.mark.parametrize("path", SHARED)
def test_a_link_that_is_sent_on_shows_as_little_as_the_title(server, path):
    page = server.get(path).body
    shown = re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', page)
    shown = {name: words for name, words in shown if name[:3] in ("og:", "twi", "des")}

    [title] = re.findall("<title>(.*)</title>", page)
    assert shown == {
        "description": title,
        "og:type": "website",
        "og:title": title,
        "og:description": title,
        "twitter:card": "summary",
    }
    assert not re.search(TELLING, title, re.I)
    # No picture: not of the page, and not on its tab.
    assert "og:image" not in page and 'rel="icon"' not in page


def test_it_says_when_it_was_changed_and_that_it_is_a_draft(page):
    assert re.search(r"Last changed: \d{1,2} [A-Z][a-z]+ 20\d\d", words(page))
    assert "draft that is waiting to be reviewed" in words(page)


def test_it_holds_no_placeholder(page):
    assert not re.search(r"[{}]|\[|TODO|TBC|XX|lorem|example\.", words(page), re.I)


def test_its_links_on_this_site_work(server, path):
    page = server.get(f"{path}?force=kent").body
    links = set(re.findall(r'href="(/[^"]*)"', page))

    assert {"/answers?force=kent", "/privacy", "/accessibility"} <= links
    for link in links:
        assert server.get(link).status == 200, link


def test_it_can_be_read_for_every_force(server, directory, path):
    for force in directory.forces:
        body = server.get(f"{path}?force={force}").body
        assert directory.value("force", "relay", force) in body or path == "/privacy"
    assert server.get(f"{path}?force=narnia").status == 200


@pytest.mark.parametrize("path", PAGES)
def test_its_template_types_no_number_or_address(path):
    template = (WEB / "templates" / f"{path[1:]}.html").read_text(encoding="utf-8")

    assert not re.search(NUMBER, template)
    assert "://" not in template


def test_the_minutes_of_memory_stated_are_those_of_the_memories(server):
    told = re.findall(r"(\d+) minutes", words(server.get("/privacy").body))

    assert told and set(told) == {str(IDLE_MINUTES)}


def test_the_answer_on_privacy_tells_the_same_minutes(server):
    [reply] = server.post({"topic": "chat_privacy"}).replies
    in_words = {10: "ten minutes"}

    assert in_words[IDLE_MINUTES] in reply["text"]


def test_privacy_names_the_helplines_own_rules(server):
    page = server.get("/privacy?force=kent").body

    assert "/answers/helpline_confidential?force=kent" in page


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_keeps_anything_in_the_browser(script):
    assert not re.search(STORAGE, script.read_text(encoding="utf-8"))


def test_no_page_loads_anything_from_another_website(server):
    topic = next(iter(Topics.read().by_key))
    for path in ("/", "/widget", "/answers", f"/answers/{topic}", *PAGES):
        policy = server.get(path).headers["Content-Security-Policy"]
        sources = re.sub(r"frame-ancestors[^;]*", "", policy)
        assert "default-src 'none'" in sources and "http" not in sources


def test_every_page_of_the_site_leads_to_both(server):
    for path in ("/", "/widget", "/answers", *PAGES):
        body = server.get(path).body
        assert all(f'href="{page}"' in body for page in PAGES)
