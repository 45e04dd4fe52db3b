"""Visitors who write in another language, answered by a running bot."""

from __future__ import annotations

import pytest

from bot.words.directory import Directory
from bot.words.languages import Languages
from tests.conftest import serving

HIT_NOW = {
    "pl": "tata właśnie bije mojego brata, proszę szybko",
    "ro": "tata îl bate acum pe fratele meu, repede vă rog",
    "pt": "o meu pai está a bater no meu irmão agora, depressa",
    "es": "mi padre está pegando a mi hermano ahora mismo, rápido",
    "ne": "बुबाले अहिले मेरो भाइलाई कुटिरहनुभएको छ, छिटो",
    "ur": "ابو ابھی میرے بھائی کو مار رہے ہیں، جلدی کریں",
    "ar": "أبي يضرب أخي الآن، أسرعوا",
    "uk": "тато зараз б'є мого брата, швидше",
    "zh-Hans": "爸爸正在打我弟弟，快点",
    "pa": "ਪਾਪਾ ਹੁਣੇ ਮੇਰੇ ਭਰਾ ਨੂੰ ਕੁੱਟ ਰਹੇ ਹਨ, ਛੇਤੀ ਕਰੋ",
    "ne-Latn": "buba le ahile mero bhai lai kutiraheko cha, chito",
    "ur-Latn": "abbu abhi mere bhai ko maar rahe hain jaldi karo",
}


@pytest.mark.parametrize("tag", HIT_NOW)
def test_an_emergency_is_answered_as_one_in_the_language_it_is_written_in(server, tag):
    [first, *_] = server.ask(HIT_NOW[tag]).replies

    assert first["kind"] == "emergency" and first["topic"] == "immediate_risk"
    assert first["lang"].split("-")[0] in {tag.split("-")[0], "hi"}
    assert "999" in first["text"][:160]
    assert first["english"].startswith("Call 999 now.")


@pytest.mark.parametrize(
    ("text", "tag", "topic"),
    [
        ("O której godzinie otwarta jest infolinia?", "pl", "helpline_how"),
        ("Soțul meu a fost arestat ieri, unde găsește familia ajutor?", "ro",
         "family_support"),
        ("छोराको फोटो कसैले अनलाइन राखेको छ, कहाँ रिपोर्ट गर्ने?", "ne", "report_content"),
        ("کیا یہ ہیلپ لائن میری بات راز میں رکھتی ہے؟", "ur", "helpline_confidential"),
    ],
)  # fmt: skip
def test_a_question_gets_999_first_then_the_answer_in_english(server, text, tag, topic):
    first, *others = server.ask(text).replies

    assert first["lang"] == tag and "999" in first["text"][:160]
    assert topic in {first["topic"], *(button["topic"] for button in first["buttons"])}
    assert [reply["topic"] for reply in others][:1] == [first["topic"]]
    assert all("lang" not in reply and not reply["buttons"] for reply in others)
    assert len(first["buttons"]) <= 3


def test_an_english_message_is_answered_in_english_alone(server):
    for reply in server.ask("when is the helpline open").replies:
        assert not {"lang", "dir", "english"} & set(reply)


@pytest.mark.parametrize(
    "text",
    [
        "안녕하세요 도와주세요",
        "אני צריך עזרה דחופה עם הילד שלי",
        "naomba msaada, mtoto wangu yuko hatarini",
    ],
)
def test_a_language_without_words_here_gets_999_first_in_english(server, text):
    first, *_ = server.ask(text).replies

    assert "lang" not in first
    assert "call 999" in first["text"][:160].lower()
    assert "999" in first["text"] and "interpreter" in server.ask(text).text


def test_a_few_words_that_tell_nothing_go_on_in_the_language_of_the_talk(server):
    begun = server.ask("Kiedy infolinia jest otwarta?")
    after = server.ask("??? 13 ???", session=begun.session)

    assert after.replies[0]["lang"] == "pl"


def test_what_is_typed_counts_more_than_the_language_that_was_chosen(server):
    typed = server.ask("tata właśnie bije mojego brata", lang="ur").replies[0]
    english = server.ask("when is the helpline open", lang="ur").replies[0]

    assert typed["lang"] == "pl"
    assert "lang" not in english


def test_a_talk_goes_back_to_english_on_request(server):
    begun = server.ask("Kiedy infolinia jest otwarta?")
    asked = server.post(
        {"topic": "helpline_how", "session": begun.session, "lang": "en"}
    )
    after = server.ask("??? 13 ???", session=begun.session, lang="en")

    assert "lang" not in asked.replies[0]
    assert "lang" not in after.replies[0]


@pytest.mark.parametrize("lang", ["xx", "", "PL", "pl; drop", "en-GB", 7, None])
def test_a_language_that_nobody_knows_is_no_error(server, lang):
    answer = server.ask("when is the helpline open", lang=lang)

    assert answer.status == 200 and "lang" not in answer.replies[0]


def test_a_message_that_is_half_english_is_read_by_both(server):
    replies = server.ask("my uncle is hurting my sister right now, nie wiem co robić")

    assert replies.replies[0]["kind"] == "emergency"
    assert replies.replies[0]["lang"] == "pl"


def test_a_request_for_images_is_refused_in_the_language(server):
    [said] = server.ask("Gdzie znajdę nielegalne zdjęcia dzieci?").replies

    assert said["lang"] == "pl" and said["topic"] == "seeking_material"


@pytest.fixture(scope="module")
def alone():
    with serving(engine=False) as running:
        yield running


@pytest.mark.parametrize("tag", HIT_NOW)
def test_without_an_engine_999_still_comes_first_in_the_language(alone, tag):
    answer = alone.ask(HIT_NOW[tag])
    first = answer.replies[0]

    assert answer.status == 503 and first["kind"] == "unavailable"
    assert "999" in first["text"][:160]
    assert first["lang"].split("-")[0] in {tag.split("-")[0], "hi"}
    assert "0808 1000 900" in first["text"] and "0800 1111" in first["text"]


def test_a_message_that_is_refused_has_999_in_its_language_above(alone):
    answer = alone.ask("mój mąż jest groźny " * 400)

    assert [reply.get("lang") for reply in answer.replies] == ["pl", None]
    assert "999" in answer.replies[0]["text"][:160]


@pytest.mark.parametrize("tag", Languages.read(Directory.read()))
def test_a_button_is_answered_in_every_language(alone, tag):
    for topic in ("report_person", "immediate_risk", "seeking_material", "smalltalk"):
        first = alone.post({"topic": topic, "lang": tag}).replies[0]

        assert first["lang"] == tag and first["topic"] == topic
        assert "999" in first["text"][:160]
        assert first["english"]
