"""The pages for editors and for those who sign."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from bot import ROOT
from bot.desk import language_preview
from bot.desk.changes import mark
from bot.desk.preview import render
from bot.words.easy_read import EasyRead
from bot.words.languages import PARTS, Languages
from bot.words.sign_off import SignOff
from tests import checkout


@pytest.fixture(scope="module")
def page(answers) -> str:
    return render(answers, SignOff.read(), EasyRead.read(answers))


@pytest.fixture
def versions(tmp_path):
    """A checkout with a first version in git."""
    folder = checkout.make(tmp_path)
    checkout.own(folder, "data/languages/en.yml")
    git(folder, "init", "-q")
    git(folder, "add", "domain.yml", "data/*.yml")
    git(folder, "commit", "-q", "-m", "First", "--no-gpg-sign")
    git(folder, "tag", "v1")
    return folder


def git(folder, *arguments: str) -> None:
    who = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def test_every_answer_is_there_with_what_its_editors_want_to_know(page, answers):
    sections = page.split('<section class="sheet" id="')[1:]

    assert [part.split('"')[0] for part in sections] == list(answers.responses)
    for part in sections:
        for what in ("Reading age", "Characters", "Sources", "Owner", "Review by",
                     "Signed by", "Yet to sign", "Facts checked on"):  # fmt: skip
            assert f"<dt>{what}</dt>" in part
        assert re.search(r"domain\.yml, line \d+", part)
        assert '<article class="reply' in part


def test_the_easy_read_versions_follow_with_their_drawings(page, answers):
    sections = page.split('<section class="sheet easy-sheet" id="')[1:]

    easy_read = EasyRead.read(answers)
    assert [part.split('"')[0] for part in sections] == list(easy_read.to_sign())
    for key, part in zip(easy_read, sections, strict=True):
        assert part.count("<svg ") == len(easy_read[key].lines)
        assert "<dt>Yet to sign</dt>" in part and "data/easy_read.yml, line " in part


def test_what_differs_from_force_to_force_is_shown_for_each(page):
    report, harm = (
        page.split(f'id="utter_{name}"')[1].split("</section>")[0]
        for name in ("report_person", "harm")
    )

    for who in ("When the force is not known", "Kent Police", "Surrey Police",
                "Sussex Police", "Thames Valley Police"):  # fmt: skip
        assert f"<h3>{who}</h3>" in report
    assert "<h3>For every force</h3>" in harm and "<h3>Kent Police</h3>" not in harm


def test_the_page_needs_no_other_file_and_can_be_printed(page):
    assert "<style>" in page and "@media print" in page
    assert not re.search(r'<link|<script|src="', page)


def test_the_command_writes_the_page_into_a_folder_that_git_ignores(tmp_path):
    said = checkout.run(checkout.make(tmp_path), "preview")

    assert said.stdout.startswith("preview/preview.html: ")
    assert (tmp_path / "preview" / "preview.html").stat().st_size > 100_000
    ignored = subprocess.run(["git", "check-ignore", "-q", "preview/preview.html"])
    assert ignored.returncode == 0


@pytest.fixture(scope="module")
def in_persian(answers) -> str:
    languages = Languages.read(answers.directory)
    return language_preview.render(answers, languages, SignOff.read(), "fa")


def test_every_text_of_a_language_is_beside_its_english(in_persian, directory):
    languages = Languages.read(directory)
    sections = in_persian.split('<section class="sheet text" id="')[1:]

    wanted = [f"{part}.{k}" for part in PARTS for k in getattr(languages["fa"], part)]
    assert [section.split('"')[0] for section in sections] == wanted
    for section in sections:
        assert '<td lang="fa" dir="rtl"><p>' in section
        assert re.search(r"data/languages/fa\.yml, line \d+", section)
    assert "{" not in in_persian.split("</style>")[1]
    assert "Help, Farsi" in in_persian


def test_the_replies_in_a_language_are_there_emergencies_first(in_persian, directory):
    replies = re.findall(r"<h3>(.*?)</h3>", in_persian.split("What the chat says")[0])

    english = Languages.read(directory).english
    emergencies = {f"Emergency: {key}" for key in english.texts if key[:5] == "emerg"}
    assert set(replies[: len(emergencies)]) == emergencies
    topics = english.topics
    for key in ("harm", "law_sentence", "report_person"):
        assert f"Before the answer: {topics[key]}" in replies


def test_the_page_of_a_language_tells_who_has_read_and_signed_it(in_persian):
    assert "<dt>Read by</dt><dd>no native speaker yet</dd>" in in_persian
    assert "<dt>Yet to sign</dt><dd>Kent Police, " in in_persian
    assert not re.search(r'<link|<script|src="', in_persian)


def test_the_command_writes_the_page_of_a_language_or_names_a_near_one(tmp_path):
    copy = checkout.make(tmp_path)
    said = checkout.run(copy, "preview", "--language", "pl")
    unknown = checkout.run(copy, "preview", "--language", "pll")

    assert said.stdout.startswith("preview/language-pl.html: Polish beside English.")
    assert (tmp_path / "preview" / "language-pl.html").stat().st_size > 50_000
    assert unknown.returncode == 1
    assert "no data/languages/pll.yml to show. Did you mean pl?" in unknown.stderr


def test_make_takes_a_language_from_its_command_line_and_not_from_the_shell():
    def told(*arguments: str, **shell: str) -> str:
        command = ["make", "--no-print-directory", "-n", "preview", *arguments]
        environment = {**os.environ, **shell}
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, env=environment
        )
        return done.stdout.splitlines()[-1].strip()

    assert told("LANG=pl").endswith("-m bot preview --language pl")
    assert told(LANG="en_GB.UTF-8").endswith("-m bot preview")


def test_what_changed_is_listed_in_the_terminal_and_side_by_side(versions):
    checkout.change(versions, "domain.yml", "Behind every image", "Behind each picture")
    checkout.change(versions, "data/topics.yml", "title: Hello", "title: Welcome")
    for file in ("services", "lifelines"):  # the number is in both
        checkout.change(versions, f"data/{file}.yml", "0808 1000 900", "0808 1000 901")
    checkout.change(versions, "data/topics.yml", "lead: none", "lead: sentence")
    said = checkout.run(versions, "changes", "v1")

    assert said.returncode == 0, said.stderr
    told = said.stdout.splitlines()
    assert "changed: Stop It Now helpline, phone [stop_it_now.phone]" in told
    assert "changed: Why looking harms children [utter_harm]" in told
    assert "changed: Button, heading or note [topics.smalltalk]" in told
    # Because it now begins with the sentence about 999.
    assert "changed: I want to stop what I am doing [utter_own_behaviour]" in told
    assert len(told) == 5  # with the line that names the page
    page = (versions / "preview" / "changes.html").read_text()
    assert "Behind <del>every</del> <del>image</del> is a real child" in page
    assert "Behind <ins>each</ins> <ins>picture</ins> is a real child" in page
    assert page.count("0808 1000 <ins>901</ins>") == 1


def test_a_new_and_a_removed_answer_are_listed(versions):
    checkout.change(versions, "domain.yml", "  utter_report_route:", "  utter_route:")
    said = checkout.run(versions, "changes", "v1").stdout

    assert "new: route [utter_route]" in said
    assert "taken out: report route [utter_report_route]" in said


def test_a_changed_text_and_a_new_language_are_listed(versions):
    checkout.change(versions, "data/languages/pl.yml", "send: Wyślij", "send: Wysłać")
    for tag in ("pl", "en"):  # a new language begins as a copy of another
        text = (versions / "data" / "languages" / f"{tag}.yml").read_text()
        (versions / "data" / "languages" / f"x-{tag}.yml").write_text(text)
    said = checkout.run(versions, "changes", "v1").stdout.splitlines()

    assert said[:-1] == [
        "changed: Polish, page: send [languages.pl.page.send]",
        "new: English [languages.x-en]",
        "new: Polish [languages.x-pl]",
    ]


def test_a_changed_easy_read_version_is_listed(versions):
    checkout.change(versions, "data/easy_read.yml", "Many people have", "Many have")
    said = checkout.run(versions, "changes", "v1").stdout.splitlines()

    assert said[:-1] == [
        "changed: I want to stop what I am doing, in Easy Read "
        "[easy_read.own_behaviour]"
    ]


def test_without_a_change_nothing_is_listed(versions):
    assert (
        "Nothing has changed for visitors since v1."
        in checkout.run(versions, "changes", "v1").stdout
    )


@pytest.mark.parametrize("ref", ["v9", "", "--help-me", "HEAD:domain.yml"])
def test_an_unknown_version_is_refused_with_what_to_do(versions, ref):
    said = checkout.run(versions, "changes", "--", ref)

    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert f"git has no version `{ref}`. Give a tag, a branch or" in said.stderr


def test_outside_a_git_checkout_it_says_so(tmp_path):
    said = checkout.run(checkout.make(tmp_path), "changes", "v1")

    assert said.returncode == 1 and "is not a git checkout" in said.stderr


def test_marked_words_are_escaped():
    before, after = mark("a <b> c", "a <i> c")

    assert before == "a <del>&lt;b&gt;</del> c" and after == "a <ins>&lt;i&gt;</ins> c"
