"""The checks of the content: nothing to find today, and each fault by its place."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot import DATA, ROOT
from bot.desk.checks import reading
from bot.desk.checks.run import find
from tests import checkout

TODAY = date(2026, 12, 1)
NUMBER = "{stop_it_now.phone}"


@pytest.fixture
def copy(tmp_path):
    return checkout.make(tmp_path)


def found(copy, today=TODAY) -> list[str]:
    return [f"{f.place}: {f.says}" for f in find(copy, copy / "data", today)]


def test_today_s_content_has_nothing_to_put_right():
    [unread] = find(ROOT, DATA, TODAY)

    assert unread.warning and unread.place == "data/languages"
    assert "languages still need a native speaker to read them" in unread.says


# A file, what is there, what an editor changes it to, and the remedy.
FAULTS = {
    "a phone number in a text": (
        "domain.yml", "free: {samaritans.phone}.", "free: 116 123.",
        "holds a phone number, “116 123”. Put it into data/serv",
    ),
    "a web address in a text": (
        "domain.yml", "The Lucy Faithfull Foundation: {lucy_faithfull.site}. For a",
        "The Lucy Faithfull Foundation: https://www.example.org/ . For a",
        "holds a web address, “https://www.example.org/",
    ),
    "an opening hour": (
        "domain.yml", "The line can be busy.", "The line is open until 9pm.",
        "holds an opening hour, “open until 9",
    ),
    "a number on a button": (
        "data/topics.yml", "title: Hello", "title: Call 0808 1000 900",
        "holds a phone number",
    ),
    "a word to avoid": (
        "domain.yml", "Behind every image is a real child", "Paedophiles hurt children",
        "Better: what the person did, not a name for the person.",
    ),
    "a contraction": (
        "domain.yml", "You do not have to be certain", "You don't have to be certain",
        "Better: the long form",
    ),
    "a placeholder that names nothing": (
        "domain.yml", NUMBER, "{stop_it_now.fax}",
        "add `fax` to `stop_it_now` in data/services.yml",
    ),
    "a placeholder that nothing fills": (
        "domain.yml", NUMBER, "{number}",
        "{number} is filled by nothing. Write {service.field}",
    ),
    "a brace too many": (
        "domain.yml", NUMBER, "{Stop It Now}",
        "holds a brace that belongs to no placeholder",
    ),
    "a source that nobody knows": (
        "domain.yml", "[press_release, silent_call, ", "[hearsay, silent_call, ",
        "['hearsay']. Correct the name, or add the source",
    ),
    "a point of law without a source on it": (
        "domain.yml",
        "[sexual_communication_act, protection_of_children_act, prosecutors]",
        "[helpline_page]",
        "a point of law, “against the law”, without a source",
    ),
    "a sentence too long": (
        "domain.yml", "It takes courage to ask.", "It takes courage to ask " * 6 + ".",
        "Make two of it; 25 are the limit",
    ),
    "hard words": (
        "domain.yml", "Trust what you have noticed. You do not have to be certain, or",
        "Comprehensive safeguarding responsibilities necessitate immediate "
        "organisational communication. Unsubstantiated apprehensions nevertheless "
        "constitute appropriate justification. Professional multidisciplinary "
        "consultation considerably facilitates proportionate intervention. And",
        "13 is the limit. Shorten sentences and choose shorter",
    ),
    "an answer too long": (
        "domain.yml", "Thank you for speaking up.", "Thank you. " * 50,
        "characters when shown; 700 are the limit",
    ),
    "an intent without a story": (
        "domain.yml", "- abusive\n", "- abusive\n- weather\n",
        "`weather` lacks a story in tests/test_stories.yml. Add it",
    ),
    "an intent without neighbours": (
        "data/nlu/law.yml", "\n- intent: law_is_it_illegal\n",
        "\n\n- intent: law_is_it_illegal\n",
        "`law_is_it_illegal` names no neighbour. Write in a comment right above it",
    ),
    "a topic that no button leads to": (
        "data/topics.yml", "related: [blackmail_adult, ", "related: [",
        "no button leads to `blackmail_adult`. Name it among the first 3 `related`",
    ),
    "a day yet to come": (
        "data/services.yml", "checked_on: null", 'checked_on: "2027-01-01"',
        "is in the future. Give the day of the check",
    ),
    "a rule without its intent": (
        "data/rules.yml", "- intent: harm\n", "- intent: harms\n",
        "`harm` lacks a rule in data/rules.yml. Add it",
    ),
    "a direction that does not fit the letters": (
        "data/languages/fa.yml", "dir: rtl", "dir: ltr",
        "`dir` is ltr, but Arabic letters run the other way. Write rtl",
    ),
    "letters of another script": (
        "data/languages/pl.yml", "send: Wyślij", "send: Wуślij",
        "`send` holds Cyrillic letters, “у”, in a language written in Latin ones",
    ),
    "a text that was left in English": (
        "data/languages/ar.yml", "send: أرسل", "send: Send",
        "`send` holds no Arabic letters. Translate it",
    ),
    "what is said to the operator, translated": (
        "data/languages/pl.yml", "„Police”\n", "„Policja”\n",
        "`lead` lacks “Police”, which stays as it is in English",
    ),
    "a name, translated": (
        "data/languages/uk.yml", "Thames Valley", "Долина Темзи",
        "`who_runs_it` lacks “Thames Valley”, which stays",
    ),
    "a title that no button holds": (
        "data/languages/pl.yml", "krzywdzi dzieci\n", "krzywdzi dzieci" * 4 + "\n",
        "70 are the limit of a button",
    ),
    "two languages of one name": (
        "data/languages/uk.yml", "own_name: Українська", "own_name: Русский",
        "`own_name` is also that of ru.yml",
    ),
    "two languages with one interpreter": (
        "data/languages/uk.yml", "say: Ukrainian", "say: Russian",
        "`say` is also that of ru.yml",
    ),
    "another interpreter for the same language in Latin letters": (
        "data/languages/ur-Latn.yml", "say: Urdu", "say: Hindustani",
        "`say` is Hindustani, but Urdu in ur.yml: one language, one interpreter",
    ),
    "a message in another language without an intent of ours": (
        "data/languages/messages/pl.yml", "{intent: how_common,", "{intent: weather,",
        "has the intent `weather`, which is not in domain.yml",
    ),
    "a message in another language without its meaning": (
        "data/languages/messages/pl.yml", 'en: "how much is a minute"', 'en: ""',
        "has no `en`. Write it, in quotes",
    ),
    "a message in another language given twice": (
        "data/languages/messages/pl.yml", "ile kosztuje minuta",
        "do której czynna jest infolinia i czy w niedzielę też",
        "is also in data/languages/messages/pl.yml, line ",
    ),
    "an Easy Read line that is long": (
        "data/easy_read.yml", "They listen. They do not judge you.",
        "They listen to all that you say and they do not judge you for any of it.",
        "has 17 words; 14 are the limit. Make two lines of it",
    ),
    "an Easy Read version that lacks what its topic must carry": (
        "data/easy_read.yml", "'It is confidential. That means private, with a limit.'",
        "'It is private.'",
        "`own_behaviour` lacks what data/topics.yml says an answer to it must carry",
    ),
    "an Easy Read version that says more than its answer": (
        "data/easy_read.yml", "It harms a real child.", "Call {nspcc.phone}.",
        "names {nspcc.phone}, which its answer in domain.yml does not",
    ),
    "an Easy Read line given twice": (
        "data/easy_read.yml", "Many people have stopped.",
        "It harms a real child.", "stands twice in `own_behaviour`. Take one out",
    ),
    "a number typed in Easy Read": (
        "data/easy_read.yml", "{samaritans.phone}", "116 123",
        "holds a phone number, “116 123”. Put it into data/serv",
    ),
    "a drawing that is not there": (
        "data/easy_read.yml", "symbol: lock", "symbol: padlock",
        "has the symbol `padlock`, and data/symbols has no such drawing",
    ),
    "a number typed on the poster": (
        "data/poster.yml", "{childline.phone}", "0800 1111",
        "holds a phone number, “0800 1111”. Put it into data/serv",
    ),
    "a placeholder of the poster that nothing fills": (
        "data/poster.yml", "{childline.phone}", "{childline.fax}",
        "add `fax` to `childline`",
    ),
    "an opening for readers that no answer has": (
        "data/topics.yml", "readers: [family, parent]", "readers: [family, uncles]",
        "uncles",
    ),
    "a section of /answers without a topic": (
        "data/topics.yml", "  survivor: If you", "  neighbour: If you live next door\n"
        "  survivor: If you", "no topic has the audience `neighbour`",
    ),
    "a line without a word": (
        "data/languages/words/pl.txt", "ty\n", "\n",
        "is empty. Remove the line",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_place_and_the_remedy(copy, fault):
    file, old, new, remedy = FAULTS[fault]
    lines = (copy / file).read_text().split(old)[0].count("\n") + 1
    checkout.change(copy, file, old, new)

    [said, *_] = [line for line in found(copy) if remedy in line]
    place = re.match(r"(.*), line (\d+): ", said)
    if file != "data/rules.yml":  # what lacks a rule is an intent of domain.yml
        assert place[1].endswith(file)
        # In the entry that was changed: at its start, its part or its metadata.
        assert abs(int(place[2]) - lines) < 20


def test_the_line_is_the_one_where_it_stands(copy):
    checkout.change(copy, "domain.yml", "The line can be busy.", "It opens at 9am.")
    lines = (copy / "domain.yml").read_text().splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "opens at 9am" in line)

    assert any(f"domain.yml, line {number}:" in line for line in found(copy))


def test_an_answer_that_loses_what_it_must_carry_is_named(copy):
    named = "Report Remove helps under 18s get a nude"
    checkout.change(copy, "domain.yml", named, "A service helps under 18s get a nude")

    said = "`utter_young_person_image` lacks"
    assert any(said in line for line in found(copy))


def test_what_is_overdue_warns_and_fails_when_strict(copy):
    late = find(copy, copy / "data", date(2028, 1, 1))
    entries = {finding.says for finding in late if finding.sum}

    assert len(entries) > 80 and all(finding.warning for finding in late)
    assert all("Check its facts, then set `checked_on`" in says for says in entries)


def test_the_command_is_calm_and_its_status_tells(copy):
    good = checkout.run(copy, "check")
    assert good.returncode == 0
    assert "0 errors, 1 warning." in good.stdout
    assert "Easy Read versions: 0 of 10." in good.stdout
    assert "Approved by all signatories: 0 of" in good.stdout
    assert "Languages approved by all signatories, besides English: 0 of" in good.stdout
    assert len(good.stdout.splitlines()) < 9

    path = copy / "domain.yml"
    path.write_text(path.read_text().replace("2027-02-23", "2020-01-01"))
    warned, strict = (
        checkout.run(copy, "check"),
        checkout.run(copy, "check", "--strict"),
    )
    assert warned.returncode == 0 and strict.returncode == 1
    for said in (warned.stdout, strict.stdout):
        assert "more are past their review date" in said
        assert len(said.splitlines()) < 18


def test_a_reason_in_the_metadata_excuses_hard_words(copy):
    file, old, new, *_ = FAULTS["hard words"]
    checkout.change(copy, file, old, new)
    before, after = (copy / file).read_text().split("Comprehensive safeguarding", 1)
    reason = "    metadata:\n      reading_age_exception: a quotation\n"
    after = after.replace("    metadata:\n", reason, 1)
    (copy / file).write_text(f"{before}Comprehensive safeguarding{after}")

    assert not any("reading age" in line for line in found(copy))


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Call 0808 1000 900, free.", "Call ten, free."),
        ("See https://www.example.org/a-b/c.", "See page."),
        (
            "In 2018 it was 4,393 or 69%.\n\nTell us",
            "In ten it was ten or ten.\nTell us.",
        ),
    ],
)
def test_numbers_and_addresses_do_not_count_as_words_of_their_length(text, prose):
    assert reading.plain_prose(text) == prose


def test_a_hard_text_is_for_older_readers_than_a_plain_one():
    plain = (
        "You can call us now. We will listen. You do not have to say who you are. " * 3
    )
    hard = "Organisations facilitate confidential multidisciplinary consultations. " * 5

    assert reading.age(plain) < 9 < 13 < reading.age(hard)
    assert reading.age("Too short to tell.") is None
