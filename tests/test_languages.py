"""The files of data/languages: what is refused when they are read, and who signs."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from bot.chat.interpreter import Interpreter
from bot.languages.gate import Guess, LanguageGate
from bot.talk.memory import Memory
from bot.talk.messages import Decision
from bot.words.answers import Answers
from bot.words.languages import Languages, LanguagesError
from bot.words.sign_off import SignOff
from bot.words.spoken import CALLING, Spoken
from bot.words.yaml_files import YamlFileError
from tests import checkout
from tests.conftest import calls_999_first, serving, until

POLISH = "mój mąż ogląda zdjęcia dzieci w internecie, co mam zrobić"
UKRAINIAN = "мій чоловік дивиться фото дітей в інтернеті, що мені робити"
PL, UK, AR = (f"data/languages/{tag}.yml" for tag in ("pl", "uk", "ar"))

# A file, what is there, what to change it to, and what is said.
FAULTS = {
    "a text that is gone": (
        PL, "  send: Wyślij\n", "",
        r"pl\.yml, line \d+: `page` lacks send\. Translate from data/languages/en\.yml",
    ),
    "an empty text": (
        PL, "send: Wyślij", 'send: " "',
        r"pl\.yml, line \d+: `send` of `page` is empty\. Fill it",
    ),
    "a key that English lacks": (
        PL, "send: Wyślij", "send: Wyślij\n  sent: Wysłano",
        r"pl\.yml, line \d+: `page` has sent, which data/languages/en\.yml lacks",
    ),
    "an unknown entry": (
        PL, "say: Polish", "says: Polish",
        r"`says` of `language` is not known\. Did you mean `say`",
    ),
    "a direction that is none": (
        PL, "dir: ltr", "dir: left",
        r"pl\.yml, line \d+: `dir` of `language` must be one of ltr, rtl",
    ),
    "another placeholder": (
        PL, "{childline.phone}", "{childline.site}",
        r"pl\.yml, line \d+: `emergency_child` has the placeholders .*childline\.site",
    ),
    "a placeholder that is gone": (
        PL, "{say}", "polski",
        r"`lead` has the placeholders \['emergency\.phone'\], the English",
    ),
    "a number that is typed": (
        PL, "send: Wyślij", "send: Wyślij 999",
        r"pl\.yml, line \d+: `send` holds a number\. Write a placeholder",
    ),
    "a number in other digits": (
        AR, "send: أرسل", "send: أرسل ٩٩٩",
        r"ar\.yml, line \d+: `send` holds a number",
    ),
    "the age in other digits": (
        AR, "18", "١٨",
        r"ar\.yml, line \d+: `emergency_child` holds a number.*only 18 is typed",
    ),
    "a brace too many": (
        PL, "send: Wyślij", "send: Wyślij}",
        r"`send` holds a brace that belongs to no placeholder",
    ),
    "999 too late": (
        PL, "    Zadzwoń teraz pod {emergency.phone}.",
        f"    {'Proszę. ' * 13}Zadzwoń teraz pod {{emergency.phone}}.",
        r"`emergency_child` must say to call \{emergency\.phone\} in its first 100",
    ),
}  # fmt: skip


@pytest.fixture
def copy(tmp_path) -> Path:
    return checkout.make(tmp_path)


def read(folder: Path, only_approved: bool = False) -> Languages:
    answers = Answers.read(folder, folder / "data")
    return Languages.read(answers.directory, folder / "data", only_approved)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_its_file_key_and_remedy(copy, fault):
    file, old, new, said = FAULTS[fault]
    checkout.change(copy, file, old, new)

    with pytest.raises(LanguagesError) as refused:
        read(copy)
    assert re.search(said, str(refused.value)), refused.value


def test_18_may_be_typed_in_western_digits(copy):
    checkout.change(copy, PL, "send: Wyślij", "send: Wyślij 18")

    assert read(copy)["pl"].page["send"] == "Wyślij 18"


def test_a_half_filled_file_is_named_with_what_it_lacks(copy):
    path = checkout.own(copy, PL)
    path.write_text(path.read_text().split("\nopenings:")[0])

    with pytest.raises(LanguagesError) as refused:
        read(copy)
    assert str(refused.value).splitlines() == [
        f"{PL}: `openings` is missing. Add it.",
        f"{PL}: `topics` is missing. Add it.",
    ]


def test_the_faults_of_all_files_are_listed_at_once(copy):
    checkout.change(copy, PL, "send: Wyślij", "send: Wyślij 999")
    checkout.change(copy, UK, "  send: Надіслати\n", "")

    with pytest.raises(LanguagesError) as refused:
        read(copy)
    assert [line.split(",")[0] for line in str(refused.value).splitlines()] == [PL, UK]


@pytest.mark.parametrize("tag", ["en", "pl"])
def test_a_file_that_is_missing_is_named(copy, tag):
    checkout.own(copy, f"data/languages/{tag}.yml").unlink()

    with pytest.raises(LanguagesError, match=rf"/{tag}\.yml: is missing\. Restore it"):
        read(copy)


def test_half_an_english_file_is_named_before_the_others_are_compared(copy):
    path = checkout.own(copy, "data/languages/en.yml")
    path.write_text(path.read_text().split("\ntopics:")[0])

    with pytest.raises(LanguagesError, match=r"en\.yml: `topics` is missing"):
        read(copy)


def test_a_file_that_is_no_yaml_is_named_with_the_line(copy):
    checkout.change(copy, PL, "send: Wyślij", 'send: "Wyślij')

    with pytest.raises(YamlFileError, match=r"pl\.yml, line \d+: is not valid YAML"):
        read(copy)


def test_a_language_is_approved_when_all_have_signed_it(copy):
    assert not read(copy).approved("pl")
    checkout.sign(copy, "language_pl")

    assert read(copy).approved("pl") and not read(copy).approved("uk")


@pytest.mark.parametrize(
    ("old", "new", "approved"),
    [
        ("send: Wyślij", "send: Wysłać", False),
        ("say: Polish", "say: English", False),
        ("read_by: null", "read_by: a nurse whose first language it is", True),
    ],
)
def test_a_changed_text_loses_its_approval(copy, old, new, approved):
    checkout.sign(copy, "language_pl")
    checkout.change(copy, PL, old, new)

    assert read(copy).approved("pl") == approved


def test_a_changed_number_leaves_the_approval(copy):
    checkout.sign(copy, "language_pl")
    for file in ("services", "lifelines"):  # the number is in both
        checkout.change(copy, f"data/{file}.yml", "0808 1000 900", "0808 1000 901")

    assert read(copy).approved("pl")


def test_one_signature_too_few_approves_nothing(copy):
    wording = read(copy)["pl"].as_response()
    sign_off = SignOff.read(copy / "data")
    for who in sign_off.signatories[1:]:
        sign_off.sign("language_pl", wording, f"{who} lead", "2026-11-01")
    sign_off.write(copy / "data")

    assert not read(copy).approved("pl")


@pytest.fixture
def interpreter(copy) -> Interpreter:
    """One that may only speak what is approved: Ukrainian."""
    checkout.sign(copy, "language_uk")
    answers = Answers.read(copy, copy / "data")
    languages = Languages.read(answers.directory, copy / "data", only_approved=True)
    return Interpreter(LanguageGate.read(), Spoken(answers, languages))


def test_an_emergency_in_a_language_that_is_not_signed_is_answered_in_english(
    interpreter, answers
):
    decision = Decision(("immediate_risk",), False, (), Memory())
    english = [answers.reply("utter_immediate_risk")]

    said = interpreter.answer(Guess(("pl",), named=True), decision, english, None)
    assert [reply.topic for reply in said] == ["immediate_risk", CALLING]
    assert all(reply.lang is None for reply in said)
    assert calls_999_first(said[0].text) and "interpreter" in said[1].text


def test_an_emergency_in_a_language_that_is_signed_is_answered_in_it(
    interpreter, answers
):
    decision = Decision(("immediate_risk",), False, (), Memory())
    english = [answers.reply("utter_immediate_risk")]

    [said] = interpreter.answer(Guess(("uk",), named=True), decision, english, None)
    assert said.lang == "uk" and "999" in said.text[:100]
    assert calls_999_first(said.english)


@pytest.mark.parametrize("tag", ["ar", "ckb", "fa", "ps", "ur"])
def test_a_number_is_read_in_its_order_in_a_text_from_right_to_left(answers, tag):
    spoken = Spoken(answers, Languages.read(answers.directory))
    reply = spoken.emergency(tag, "immediate_risk", None, None)

    assert "\u20660808 1000 900\u2069" in reply.text
    assert "0808 1000 900" in reply.english and "\u2066" not in reply.english
    assert "\u2066" not in spoken.emergency("pl", "immediate_risk", None, None).text


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A copy in which all answers are approved, and of the languages Ukrainian."""
    folder = checkout.make(tmp_path_factory.mktemp("strict"))
    checkout.own(folder, PL)
    checkout.sign(folder)
    checkout.sign(folder, "language_uk")
    return folder


@pytest.fixture(scope="module")
def strict(folder):
    with serving(folder, engine=False, REQUIRE_SIGN_OFF="1") as running:
        yield running


def test_a_visitor_whose_language_is_not_signed_reads_999_and_the_interpreter_line(
    strict,
):
    first, *others = strict.ask(POLISH).replies

    assert calls_999_first(first["text"])
    assert "You can ask for an interpreter" in first["text"]
    assert all("lang" not in reply for reply in (first, *others))


def test_a_visitor_whose_language_is_signed_is_answered_in_it(strict):
    first = strict.ask(UKRAINIAN).replies[0]

    assert (first["lang"], first["dir"]) == ("uk", "ltr")
    assert "999" in first["text"][:100] and calls_999_first(first["english"])


def test_a_button_is_answered_in_a_language_only_if_it_is_signed(strict):
    in_polish, in_ukrainian = (
        strict.post({"topic": "harm", "lang": lang}).replies for lang in ("pl", "uk")
    )

    assert [reply.get("lang") for reply in in_polish] == [None]
    assert in_ukrainian[0]["lang"] == "uk"


def reload(running) -> str:
    """Asks the server to reload its content; returns the line that it logs."""
    before = len(running.said())
    os.kill(running.pid, signal.SIGHUP)

    def told() -> list[str]:
        return re.findall(r"(content\..*)\n", running.said()[before:])

    until(told)
    return told()[-1]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("  send: Надіслати\n", "", "LanguagesError"),
        ("send: Надіслати", 'send: "Надіслати', "YamlFileError"),
        ("{emergency.phone}", "998", "LanguagesError"),
    ],
)
def test_a_running_server_keeps_the_last_good_file(folder, strict, old, new, error):
    path = checkout.own(folder, UK)
    kept = path.read_text()
    checkout.change(folder, UK, old, new)
    try:
        assert reload(strict) == f"content.reload_refused {UK} {error}"
        assert strict.ask(UKRAINIAN).replies[0]["lang"] == "uk"
    finally:
        path.write_text(kept)
    assert reload(strict) == "content.reloaded"


def test_a_text_changed_after_it_was_signed_is_no_longer_said(folder, strict):
    path = checkout.own(folder, UK)
    kept = path.read_text()
    checkout.change(folder, UK, "send: Надіслати", "send: Відправити")
    try:
        assert reload(strict) == "content.reloaded"
        assert "lang" not in strict.ask(UKRAINIAN).replies[0]
    finally:
        path.write_text(kept)
    assert reload(strict) == "content.reloaded"
