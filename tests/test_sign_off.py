"""Who approved which wording, and what a server shows of it."""

from __future__ import annotations

import re

import pytest

from bot.words.answers import Answers
from bot.words.sign_off import SignOff, SignOffError, hash_of, is_required
from tests import checkout
from tests.conftest import Server, assert_carries_the_numbers, calls_999_first

BY, ON = "Kent Police safeguarding lead", "2026-11-02"


@pytest.fixture
def copy(tmp_path):
    return checkout.make(tmp_path)


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A server that serves only approved wordings: all but two are."""
    folder = checkout.make(tmp_path_factory.mktemp("strict"))
    checkout.sign(folder)
    checkout.change(folder, "domain.yml", "Behind every image", "Behind each image")
    checkout.change(
        folder, "domain.yml", "Going by those hours, the phone line is", "It is"
    )
    checkout.change(
        folder, "domain.yml", "Going by those hours, the phone line sh", "It sh"
    )
    running = Server(root=folder, REQUIRE_SIGN_OFF="1")
    running.wait("/health/live", 30)
    yield running
    running.stop()


def read(folder) -> tuple[Answers, SignOff]:
    return Answers.read(folder, folder / "data"), SignOff.read(folder / "data")


def test_an_answer_is_approved_when_all_five_have_signed(copy):
    answers, sign_off = read(copy)
    response = answers.responses["utter_harm"]
    for signed, who in enumerate(sign_off.signatories):
        assert len(sign_off.missing("utter_harm", response)) == 5 - signed
        sign_off.sign("utter_harm", response, f"{who} content lead", ON)
    sign_off.write(copy / "data")

    answers, _ = read(copy)
    approved = [name for name in answers.responses if answers.responses.approved(name)]
    assert approved == ["utter_harm"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Behind every image is", "Behind each image is"),
        ("A child who seems to smile", "A child who smiles"),
        ("and again each time somebody looks", "and each time"),
    ],
)
def test_a_changed_wording_loses_its_approval(copy, old, new):
    checkout.sign(copy, "utter_harm")
    checkout.change(copy, "domain.yml", old, new)

    answers, sign_off = read(copy)
    assert not answers.responses.approved("utter_harm")
    assert sign_off.signed("utter_harm", answers.responses["utter_harm"]) == {}


def test_a_changed_number_and_new_line_ends_leave_the_approval(copy):
    checkout.sign(copy, "utter_harm")
    for file in ("services", "lifelines"):  # the number is in both
        checkout.change(copy, f"data/{file}.yml", "0808 1000 900", "0808 1000 901")
    checkout.change(
        copy, "domain.yml", "Behind every image is", "Behind every\n      image is"
    )

    answers, _ = read(copy)
    assert answers.responses.approved("utter_harm")
    assert "0808 1000 901" in answers.reply("utter_harm").text


def test_links_are_part_of_the_wording(answers):
    response = answers.responses["utter_harm"]
    other = {**response, "metadata": {**response["metadata"], "links": []}}
    assert hash_of(other) != hash_of(response)
    dated = {**response, "metadata": {**response["metadata"], "owner": "somebody"}}
    assert hash_of(dated) == hash_of(response)


def test_the_command_says_what_was_signed_and_who_is_missing(copy):
    before = (copy / "data" / "sign_off.yml").read_text()
    said = checkout.run(copy, "sign-off", "harm", "utter_lead", "--by", BY, "--on", ON)

    assert said.returncode == 0
    assert f"{BY} signed on {ON}:" in said.stdout
    assert "utter_harm: “Behind every image is a real child" in said.stdout
    assert "still to sign: Surrey Police, Sussex Police" in said.stdout
    written = (copy / "data" / "sign_off.yml").read_text()
    comment = "".join(re.findall(r"^#.*\n", before, re.M))
    assert written.startswith(comment) and written.count(BY) == 2


def test_all_can_be_signed_at_once_and_a_second_signature_replaces_the_first(copy):
    for day in ("2026-11-01", ON):
        said = checkout.run(copy, "sign-off", "--all", "--by", BY, "--on", day)
        assert said.returncode == 0, said.stderr

    answers, sign_off = read(copy)
    assert set(sign_off.approved) == set(answers.responses)
    assert all(len(signatures) == 1 for signatures in sign_off.approved.values())


def test_a_language_is_signed_by_its_name_and_says_who_has_yet_to_read_it(copy):
    checkout.sign(copy, "language_pl")
    said = checkout.run(
        copy, "sign-off", "language_pl", "utter_harm", "--by", BY, "--on", ON
    )

    assert said.returncode == 0, said.stderr
    assert "language_pl: “Jeśli dziecko jest teraz w niebezpieczeństwie" in said.stdout
    assert "approved by all; `read_by` does not name a native speaker" in said.stdout
    assert "still to sign: Surrey Police" in said.stdout  # utter_harm
    checked = checkout.run(copy, "check").stdout
    assert "besides English: 1 of" in checked and "0 errors, 1 warning" in checked


def test_a_signature_under_a_language_that_is_not_there_is_named(copy):
    checkout.change(
        copy, "data/sign_off.yml", "approved: {}",
        f'approved: {{language_xx: [{{by: {BY}, "on": "{ON}", wording: a}}]}}',
    )  # fmt: skip

    assert "`language_xx` is signed, but" in checkout.run(copy, "check").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["harmm", "--by", BY, "--on", ON], "`harmm`. Did you mean utter_harm?"),
        (["language_pll", "--by", BY, "--on", ON],
         "data/languages has no language `language_pll`. Did you mean language_pl?"),
        (["harm", "--by", "A private person", "--on", ON], "must begin with one of"),
        (["harm", "--by", BY, "--on", "yesterday"], "--on yesterday: give a day"),
        (["harm", "--by", BY, "--on", "20261102"], "--on 20261102: give a day"),
        (["harm", "--by", BY, "--on", "2999-01-01"], "that day is in the future"),
        (["harm", "harmm", "--by", BY, "--on", ON], "Nothing was signed."),
    ],
)  # fmt: skip
def test_what_cannot_be_signed_is_refused_and_nothing_is_written(copy, arguments, said):
    before = (copy / "data" / "sign_off.yml").read_text()
    done = checkout.run(copy, "sign-off", *arguments)

    assert done.returncode == 1 and said in done.stderr
    assert (copy / "data" / "sign_off.yml").read_text() == before


def test_a_reply_tells_when_it_was_checked_only_if_all_that_is_in_it_is_signed(copy):
    names = ("utter_lead", "utter_concern_adult", "utter_harm")
    checkout.sign(copy, *names, checked_on="2026-10-30")
    answers, _ = read(copy)

    assert answers.reply("utter_harm").checked_on == "2026-10-30"
    assert answers.reply("utter_concern_adult").checked_on == "2026-10-30"
    assert answers.reply("utter_report_person").checked_on is None
    assert answers.for_young(answers.reply("utter_harm")).checked_on is None
    checkout.change(copy, "domain.yml", "If a child is in danger right now, call", "Do")
    changed, _ = read(copy)
    assert changed.reply("utter_harm").checked_on == "2026-10-30"
    assert changed.reply("utter_concern_adult").checked_on is None


def test_a_draft_is_not_for_search_engines_and_an_approved_answer_is(tmp_path):
    folder = checkout.make(tmp_path)
    checkout.sign(folder, "utter_harm", checked_on="2026-10-30")
    running = Server(root=folder)
    try:
        running.wait("/health/live", 30)
        draft, approved = (
            running.get("/answers/how_common"),
            running.get("/answers/harm"),
        )
        assert draft.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots" content="noindex"' in draft.body
        assert approved.headers["X-Robots-Tag"] == "all"
        assert 'name="robots"' not in approved.body
        assert "Checked on <span data-date>2026-10-30" in approved.body
        assert re.search(
            "data-draft hidden>This answer is awaiting review", approved.body
        )
        assert re.search("data-draft>This answer is awaiting review", draft.body)
        for path in ("/", "/widget"):
            assert running.get(path).headers["X-Robots-Tag"] == "noindex"
        assert running.post({"topic": "harm"}).replies[0]["checked_on"] == "2026-10-30"
    finally:
        running.stop()


def test_without_approval_of_what_must_be_said_the_strict_server_does_not_start(copy):
    checkout.sign(copy)
    checkout.change(
        copy, "domain.yml", "I will not help with that.", "I will not help."
    )
    checkout.change(copy, "domain.yml", "Call {emergency.phone} now and", "Call and")
    running = Server(root=copy, REQUIRE_SIGN_OFF="1")

    running._process.wait(30)
    said = running.stop()
    assert "Cannot start" in said and "Traceback" not in said
    assert "these wordings: utter_immediate_risk, utter_seeking_material." in said
    assert "python -m bot sign-off NAME" in said


def test_the_strict_server_offers_the_helpline_instead_of_a_draft(strict):
    [reply] = strict.post({"topic": "harm"}).replies

    assert reply["kind"] == "fallback"
    assert reply["text"].startswith("If a child is in danger right now, call 999.")
    assert "still being checked" in reply["text"] and "image" not in reply["text"]
    assert_carries_the_numbers(reply["text"])
    assert "Online self-help" in [link["title"] for link in reply["links"]]


def test_the_strict_server_offers_no_button_to_a_draft(strict):
    for topic in ("how_common", "law_ai_images", "abusive"):
        [reply] = strict.post({"topic": topic}).replies
        assert reply["buttons"]
        assert "harm" not in [button["topic"] for button in reply["buttons"]]


def test_the_strict_server_leaves_out_a_part_that_is_a_draft(strict):
    [reply] = strict.post({"topic": "helpline_how"}).replies

    assert "0808 1000 900" in reply["text"]
    assert not re.search("It should open again|be open now|It is closed", reply["text"])


def test_the_strict_server_says_999_as_ever(strict):
    answer = strict.ask("he is hurting my little girl in there right now")

    assert calls_999_first(answer.text)
    assert "is a draft" not in strict.get("/").body


@pytest.mark.parametrize("setting", ["yes", "true", "2"])
def test_a_setting_that_is_neither_is_refused(setting):
    with pytest.raises(SignOffError, match="REQUIRE_SIGN_OFF"):
        is_required(setting)
    assert is_required("1") and not is_required("0") and not is_required(None)
