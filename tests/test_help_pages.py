"""The pages of help in other languages, and the questions and answers in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest

from bot.words.directory import Directory
from bot.words.languages import Languages, signed_as
from bot.words.sign_off import SignOff
from bot.words.spoken import Spoken
from tests import checkout
from tests.conftest import (
    READY_WITHIN_SECONDS,
    Server,
    assert_carries_the_numbers,
    calls_999_first,
)

FORM = "application/x-www-form-urlencoded"
LANGUAGES = sorted(Languages.read(Directory.read()))


@pytest.fixture(scope="module")
def spoken(answers) -> Spoken:
    return Spoken(answers, Languages.read(answers.directory))


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> Iterator[Server]:
    """A server that says only what is signed: every answer, and Polish."""
    folder = checkout.make(tmp_path_factory.mktemp("signed"))
    checkout.sign(folder)
    answers = checkout.Answers.read(folder, folder / "data")
    polish = Languages.read(answers.directory, folder / "data")["pl"]
    sign_off = SignOff.read(folder / "data")
    for who in sign_off.signatories:
        entry = polish.as_response()
        sign_off.sign(signed_as("pl"), entry, f"{who} lead", "2026-11-01")
    sign_off.write(folder / "data")
    running = Server(root=folder, engine=False, REQUIRE_SIGN_OFF="1")
    running.wait("/health/live", READY_WITHIN_SECONDS)
    yield running
    running.stop()


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_of_help_says_what_to_do_in_its_language(server, spoken, lang):
    answer, own = server.get(f"/help/{lang}"), spoken.languages[lang]
    shown = words(answer.body)

    assert answer.status == 200
    assert f'<html lang="{lang}" dir="{own.dir}">' in answer.body
    assert_carries_the_numbers(shown)
    for name in ("title", "who_runs_it", "emergency_heading", "send", "danger"):
        assert own.page[name] in shown
    for text in (*own.openings.values(), own.texts["start"], own.texts["chat"]):
        assert text in shown
    assert f'name="lang" value="{lang}"' in answer.body
    for key in spoken.questions(lang):
        assert f'href="/answers/{key}?lang={lang}"' in answer.body


def test_the_emergency_comes_first_and_has_its_english_below(server):
    page = server.get("/help/pl").body
    main = words(page[page.index("<main") :])

    places = [main.index(said) for said in ("Zadzwoń teraz pod", "Call 999 now", "101")]
    assert places == sorted(places)
    assert '<div class="english" lang="en-GB" dir="ltr" data-english>' in page


def test_a_number_keeps_the_order_of_its_digits_from_right_to_left(server):
    page = server.get("/help/ar").body

    assert '<a href="tel:08081000900" dir="ltr">0808 1000 900</a>' in page
    grouped = re.findall(r"<a href=\"tel:[^>]*>\d+ [\d ]+</a>", page)
    assert grouped and [number for number in grouped if 'dir="ltr"' not in number] == []


def test_the_page_says_no_word_of_why_somebody_came_in_its_address_or_title(server):
    [title] = re.findall("<title>(.*)</title>", server.get("/help/pl").body)

    assert title == "Pomoc po polsku"


def test_a_language_without_words_has_no_page(server):
    for path in ("/help/xx", "/help/en", "/languages/xx.json", "/help/pl/x"):
        answer = server.get(path)
        assert answer.status == 404
        assert_carries_the_numbers(answer.body)


def test_an_address_copied_in_capital_letters_leads_there_too(server):
    assert '<html lang="ur-Latn"' in server.get("/help/UR-LATN").body


def test_a_draft_is_not_for_search_engines(server):
    for path in ("/help/pl", "/answers?lang=pl", "/answers/harm?lang=pl"):
        answer = server.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "hreflang" not in answer.body
    assert "/help/" not in server.get("/sitemap.xml").body


def test_the_frame_keeps_its_look_and_its_force(server):
    answer = server.get("/help/pl?view=widget&force=kent")

    assert 'class="widget"' in answer.body and "data-close" in answer.body
    assert 'name="view" value="widget"' in answer.body
    assert 'href="/answers/harm?force=kent&amp;lang=pl"' in answer.body
    assert "kent.police.uk" in answer.headers["Content-Security-Policy"]
    assert (
        "ancestors 'none'" in server.get("/help/pl").headers["Content-Security-Policy"]
    )
    assert (
        'href="/help/ur?force=kent&amp;view=widget"'
        in server.get("/widget?force=kent").body
    )


def test_every_language_is_offered_in_its_own_name(server, spoken):
    for path in ("/", "/help", "/help?view=widget"):
        page = server.get(path).body
        for own in spoken.languages.values():
            named = f'lang="{own.tag}" dir="{own.dir}">{own.own_name}</a>'
            assert named in page, own.tag


def test_the_questions_are_in_the_language_that_is_asked_for(server, spoken):
    page = server.get("/answers?lang=ur&force=kent").body

    for key, title in spoken.questions("ur").items():
        link = f'<a href="/answers/{key}?force=kent&amp;lang=ur">{title}</a>'
        assert link in page
    assert "All answers" in server.get("/answers?lang=xx").body


def test_an_answer_begins_in_the_language_and_goes_on_in_english(server, spoken):
    page = server.get("/answers/law_register?lang=ur").body
    first, second = re.findall(r"<article[^>]*>", page)

    assert 'lang="ur" dir="rtl"' in first and 'lang="en-GB" dir="ltr"' in second
    assert spoken.languages["ur"].topics["law_register"] in page
    assert spoken.languages["ur"].texts["english_below"] in page


def test_an_emergency_as_a_page_calls_999_in_the_language(server):
    page = server.get("/answers/immediate_risk?lang=pl").body
    said = re.search(r"<div data-text>(.*?)</div>", page, re.S)[1]

    assert "999" in words(said)[:60] and 'class="reply emergency"' in page


@pytest.mark.parametrize("view", ["", "help", "widget"])
def test_without_javascript_the_talk_goes_on_in_the_language_of_the_answer(
    server, view
):
    form = f"message=&opening=young&lang=ur&view={view}".encode()
    page = server.post(form, Content_Type=FORM).body

    assert 'name="lang" value="ur"' in page and f'name="view" value="{view}"' in page
    assert ">بھیجیں</button>" in page and ">یہ صفحہ چھوڑ دیں</a>" in page
    assert ('<html lang="ur" dir="rtl">' in page) is (view == "help")
    assert '<article class="reply answer" lang="ur" dir="rtl"' in page


def test_what_was_typed_in_another_language_brings_the_page_into_it(server):
    typed = "message=كيف أحصل على مساعدة لأنني خائف".encode()
    page = server.post(typed, Content_Type=FORM).body

    assert 'name="lang" value="ar"' in page


def test_a_page_asked_for_in_no_known_language_stays_english(server):
    page = server.post(b"topic=harm&lang=%3Cb%3E&view=help", Content_Type=FORM).body

    assert 'name="lang" value=""' in page and ">Send</button>" in page


@pytest.mark.parametrize("lang", [*LANGUAGES, "en"])
def test_the_words_of_a_page_come_with_what_the_red_button_says(server, lang):
    answer = server.get(f"/languages/{lang}.json")
    said = json.loads(answer.body)

    assert answer.headers["Cache-Control"].startswith("public")
    assert {"send", "danger", "leave", "your_question", "in_english", "hint"} <= set(
        said["words"]
    )
    assert (
        said["danger"]["kind"] == "emergency" and "999" in said["danger"]["text"][:160]
    )
    english = said["danger"]["text"] if lang == "en" else said["danger"]["english"]
    assert calls_999_first(english)


def test_where_all_must_be_signed_only_signed_languages_are_offered(signed):
    start = signed.get("/").body
    assert 'href="/help/pl"' in start and 'href="/help/ur"' not in start

    page = signed.get("/help/ur")
    assert page.status == 200 and '<html lang="en-GB">' in page.body
    assert "interpreter" in words(page.body) and "call 999" in words(page.body)
    assert signed.get("/languages/ur.json").status == 404
    assert 'lang="ur"' not in signed.get("/answers/harm?lang=ur").body


def test_search_engines_are_led_to_the_languages_that_are_signed(signed):
    page = signed.get("/help/pl")

    assert page.headers["X-Robots-Tag"] == "all" and "noindex" not in page.body
    address = f"{signed.address}/help/pl"
    assert f'<link rel="alternate" hreflang="pl" href="{address}">' in page.body
    assert f"<loc>{address}</loc>" in signed.get("/sitemap.xml").body
