"""Which language the language gate hears, with what it has really learnt."""

from __future__ import annotations

import json

import pytest

from bot.languages.gate import (
    FILE,
    MOST_CHARACTERS,
    LanguageGate,
    LanguageGateError,
    _shortened,
)
from bot.words.directory import Directory
from bot.words.languages import Languages


@pytest.fixture(scope="module")
def gate() -> LanguageGate:
    return LanguageGate.read()


@pytest.mark.parametrize(
    "text",
    [
        "my husbnd was arested last week wot do i do",
        "im 12 n he keeps txting me",
        "wee bairn is greetin next door, whit dae ah dae",
        "mi bredda a beat mi pickney",
        "dem dey beat pikin for next door",
        "Siobhan and Krzysztof Nowak live at number 4, should I ring?",
        "is it ok 2 ring the helpline??",
        "hеlp mе plеasе",  # Cyrillic look-alikes
        "what does the alpha or β version of this chat keep",
        "plz",
        "h e l p m e",
        "ok thanks",
    ],
)
def test_english_is_heard_as_english_however_it_is_typed(gate, text):
    assert gate.judge(text).likely == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sąsiad krzyczy na córkę i rzuca talerzami", "pl"),
        ("sasiad krzyczy na corke i rzuca talerzami", "pl"),
        ("vecinul strigă la fata lui", "ro"),
        ("mój boże co mam robić", "pl"),
        ("nuk di kë të pyes për ndihmë", "sq"),
        ("kardeşim ağlıyor ne yapayım", "tr"),
        ("сосед кричит на дочку", "ru"),
        ("сусід кричить на доньку", "uk"),
        ("съседът крещи на детето си", "bg"),
        ("छिमेकी आफ्नी छोरीलाई कराइरहेको छ", "ne"),
        ("पड़ोसी अपनी बेटी पर चिल्ला रहा है", "hi"),
        ("পাশের বাসার লোক মেয়েকে বকছে", "bn"),
        ("ਗੁਆਂਢੀ ਆਪਣੀ ਧੀ ਨੂੰ ਝਿੜਕ ਰਿਹਾ ਹੈ", "pa"),
        ("پڑوسی اپنی بیٹی پر چیخ رہا ہے", "ur"),
        ("همسایه سر دخترش داد می‌زند", "fa"),
        ("الجار يصرخ على ابنته", "ar"),
        ("邻居在骂他女儿", "zh-Hans"),
        ("鄰居喺度鬧佢個女", "zh-Hant"),
        ("அயலவர் தன் மகளைத் திட்டுகிறார்", "ta"),
    ],
)
def test_a_language_is_named(gate, text, language):
    guess = gate.judge(text)

    assert guess.language == language
    assert guess.named and not guess.unsure


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("padosi apni beti ko daant raha hai", {"ur-Latn", "hi-Latn", "pa-Latn"}),
        ("chimeki le aafno chhori lai gali gardai cha", {"ne-Latn"}),
        ("pasher basar manush meye ke mardhor korche", {"bn-Latn"}),
        ("el jar 3am bysarrekh 3a bento", {"ar-Latn"}),
    ],
)
def test_south_asian_languages_and_arabic_are_heard_in_latin_letters(
    gate, text, languages
):
    assert gate.judge(text).language in languages


@pytest.mark.parametrize(
    "text",
    [
        "please help me, sąsiad bije córkę",
        "my neighbour is shouting, nie wiem co robić",
        "mera beta ghar nahi aaya and his phone is off, please what should I do",
        "I am scared. भाइ बाहिर छ",
    ],
)
def test_a_message_that_is_partly_english_is_heard_as_foreign(gate, text):
    assert gate.judge(text).likely


def test_both_parts_of_a_message_in_two_languages_are_to_be_read(gate):
    guess = gate.judge(
        "I am so worried about my sister and her children. siostra nie odbiera telefonu"
    )

    assert guess.language == "pl" and guess.mixed


@pytest.mark.parametrize(
    "text", ["", "   ", "999", "٩٩٩", "😭😭", "?!", "\u200f\u202e"]
)
def test_what_has_no_words_tells_nothing(gate, text):
    assert gate.judge(text).unsure


@pytest.mark.parametrize(
    "text", ["안녕하세요 도와주세요", "שלום אני צריך עזרה", "დამეხმარეთ", "ຊ່ວຍ​ດ້ວຍ"]
)
def test_a_script_that_no_language_here_is_written_in_is_not_taken_for_one(gate, text):
    spoken = Languages.read(Directory.read())

    assert gate.judge(text).likely
    assert gate.judge(text).language not in spoken


def test_direction_marks_in_a_message_change_nothing(gate):
    assert gate.judge("\u202bسوال\u202c: \u2067پڑوسی چیخ رہا ہے\u2069").language == "ur"


@pytest.mark.parametrize("between", ["a word ", "oneword"])
def test_of_a_very_long_message_the_beginning_and_the_end_are_judged(gate, between):
    pieces = "sąsiad krzyczy na córkę " * 200
    long = f"{pieces} {between * 20_000} {pieces}"

    assert gate.judge(long) == gate.judge(_shortened(long))
    assert len(_shortened(long)) <= MOST_CHARACTERS + 1
    assert gate.judge(long).language == "pl"


def test_what_it_has_learnt_speaks_of_every_language_that_is_spoken(gate):
    assert set(Languages.read(Directory.read())) <= set(gate.languages)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"english": {"bias": 0}}'])
def test_a_broken_file_is_named_with_the_remedy(tmp_path, content):
    file = tmp_path / "language_gate.json"
    file.write_text(content)

    with pytest.raises(LanguageGateError, match="language_gate.json.*make gate"):
        LanguageGate.read(file)


def test_a_file_that_is_missing_is_named_with_the_remedy(tmp_path):
    with pytest.raises(LanguageGateError, match="language_gate.json.*from git"):
        LanguageGate.read(tmp_path / "language_gate.json")


def test_what_was_learnt_holds_words_and_pieces_of_them_but_no_message():
    learnt = json.loads(FILE.read_text(encoding="utf-8"))

    assert not any(" " in term for term in learnt["english"]["terms"])
    assert not any(" " in term for term in learnt["languages"]["terms"])
