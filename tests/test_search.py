"""Search in the answers: without JavaScript, without a trace, and with 999 first."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from bot.chat.search import MOST_FOUND, Search, words
from tests import checkout
from tests.conftest import (
    Answer,
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    serving,
)

FORM = "application/x-www-form-urlencoded"
SECRET = "qwertzuiop"


@pytest.fixture(scope="module")
def search(answers) -> Search:
    return Search(answers)


def look_for(server: Server, typed: str, **fields: str) -> Answer:
    """Sends the form as a browser does from a page of this site."""
    body = urlencode({"message": typed, **fields}).encode()
    return server.send(
        "POST", "/answers/search", body, Content_Type=FORM, Accept="text/html",
        Origin=server.address,
    )  # fmt: skip


def found(page: Answer) -> list[str]:
    """The topics that were found, in order."""
    [listed] = re.findall(r"may fit</h2>\s*<ul.*?</ul>", page.body, re.S) or [""]
    return re.findall(r'href="/answers/([a-z_0-9]+)', listed)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("bail", "law_police_process_bail"), ("is the helpline confidential",
      "helpline_confidential"), ("Sarah’s Law", "concern_adult_sarahs_law"),
     ("how long is an investigation", "law_police_process_how_long"),
     ("BSL", "access_needs_deaf"), ("courses", "own_behaviour_courses"),
     ("ｂａｉｌ", "law_police_process_bail"), ("s o l i c i t o r",
      "law_police_process_solicitor"), ("OCD", "own_thoughts_ocd"),
     ("telling the children", "family_support_tell_children"),
     ("report a website", "report_content")],
)  # fmt: skip
def test_the_words_of_an_answer_find_it(search, typed, topic):
    assert search.find(typed)[0].key == topic


@pytest.mark.parametrize("typed", ["", " ", "?!", "xyzzy", "weather in london", "a"])
def test_other_words_find_nothing(search, typed):
    assert search.find(typed) == []


def test_a_common_word_finds_those_that_have_it_in_their_title(search):
    for topic in search.find("police"):
        assert "police" in topic.title.lower()


def test_nothing_is_found_that_has_no_page(search, topics):
    for key in ("smalltalk", "seeking_material", "abusive", "evading_police"):
        for typed in (topics.by_key[key].title, topics.by_key[key].about):
            assert key not in [topic.key for topic in search.find(typed)]


def test_only_so_much_is_read_and_so_many_are_found(search):
    assert search.find("x" * 200 + " bail") == []
    assert len(search.find("police help child law")) <= MOST_FOUND
    assert words("Looked, looking and LOOKS: the look’s") == ["look", "and", "the"]


def test_the_form_needs_no_script_and_puts_nothing_into_the_address(server):
    page = server.get("/answers?force=kent").body
    [form] = re.findall(r'<form class="search".*?</form>', page, re.S)

    assert 'method="post" action="/answers/search"' in form
    assert 'name="force" value="kent"' in form and 'maxlength="200"' in form
    assert 'autocomplete="off"' in re.findall("<form[^>]*>", form)[0]
    assert 'autocomplete="off"' in re.findall('<input id="search"[^>]*>', form)[0]


def test_what_was_found_leads_to_the_answers_of_the_force(server):
    page = look_for(server, "bail", force="kent")

    assert page.status == 200 and found(page)[0] == "law_police_process_bail"
    assert 'href="/answers/law_police_process_bail?force=kent"' in page.body
    assert_carries_the_numbers(page.body)


def test_the_same_words_can_be_sent_to_the_chat(server):
    page = look_for(server, "bail")

    assert 'value="bail"' in page.body
    assert 'formaction="/chat#log"' in page.body
    asked = server.send("POST", "/chat", b"message=bail&force=", Content_Type=FORM,
                        Origin=server.address)  # fmt: skip
    assert asked.status == 200


def test_without_a_result_there_is_still_help(server):
    page = look_for(server, "xyzzy")

    assert "We found no answer with these words" in page.body
    assert_carries_the_numbers(page.body)
    assert found(page) == []


def test_danger_in_the_search_is_led_by_999(server):
    page = look_for(server, "he is hurting my son right now")
    main = page.body.split("<main")[1]

    assert '<article class="reply emergency"' in main
    text = re.findall(r"<div data-text>(.*?)</div>", main, re.S)[0]
    assert calls_999_first(re.sub("<[^>]+>", "", text))
    assert main.index('Call <a href="tel:999"') < main.index('class="search"')


def test_danger_in_another_language_is_led_by_999_in_it(server):
    main = look_for(server, "ktoś krzywdzi moje dziecko teraz").body.split("<main")[1]

    assert 'lang="pl"' in main and "999" in main.split('class="search"')[0]


@pytest.mark.parametrize(
    "body", [b"force=he+is+hurting+my+son+right+now", b"message=" + b"x" * 300 +
             b"+he+is+hurting+my+son+right+now"],
)  # fmt: skip
def test_danger_is_found_anywhere_in_what_was_sent(server, body):
    page = server.send("POST", "/answers/search", body, Content_Type=FORM)

    assert '<article class="reply emergency"' in page.body


@pytest.mark.parametrize("path", ["/answers/search", "/answers/search?force=kent"])
def test_its_address_alone_shows_an_empty_form(server, path):
    page = server.get(path)

    assert page.status == 200 and "Type a word or two" in page.body


def test_without_a_word_it_asks_for_one(server):
    for typed in ("", "   "):
        assert "Type a word or two" in look_for(server, typed).body


def test_its_page_is_for_nobody_else(server):
    page = look_for(server, "bail")

    assert "<title>Questions and answers</title>" in page.body
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert 'value="bail"' in page.body.replace("og:", "")
    assert not re.search(r'(?:href|action|content)="[^"]*=bail', page.body)


def test_what_another_website_posted_is_not_shown_as_the_visitor_s(server):
    page = server.send(
        "POST", "/answers/search", f"message={SECRET}".encode(), Content_Type=FORM,
        Origin="https://example.org",
    )  # fmt: skip

    assert page.status == 200 and SECRET not in page.body


def test_what_is_typed_is_neither_logged_nor_repeated_as_html(server):
    page = look_for(server, f"<b>{SECRET}</b>")

    assert f"<b>{SECRET}" not in page.body
    assert SECRET not in server.said()


def test_too_many_searches_are_refused_with_the_numbers_and_danger_is_not():
    with serving(RATE_LIMIT="1", engine=False) as running:
        look_for(running, "bail")
        page = look_for(running, "bail")
        danger = look_for(running, "he is hurting my son right now")

    assert page.status == 429 and found(page) == []
    assert_carries_the_numbers(page.body)
    assert '<article class="reply emergency"' in danger.body


def test_where_only_signed_answers_are_shown_no_other_is_found(tmp_path):
    folder = checkout.make(tmp_path)
    checkout.sign(folder)
    checkout.change(folder, "domain.yml", "Behind every image", "Behind each image")
    with serving(root=folder, engine=False, REQUIRE_SIGN_OFF="1") as running:
        assert "harm" not in found(look_for(running, "why looking harms children"))
        assert found(look_for(running, "bail"))[0] == "law_police_process_bail"
