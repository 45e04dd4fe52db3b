"""One mistake in a number that saves lives changes nothing that a visitor reads."""

from __future__ import annotations

import re

import pytest

from bot import DATA, ROOT
from bot.pages import embed
from bot.pages.error_page import ErrorPage
from bot.pages.notice import Notice, NoticeError
from bot.pages.pages import Pages
from bot.words import yaml_files
from bot.words.answers import Answers
from bot.words.directory import Directory
from bot.words.lifelines import Lifelines, LifelinesError
from tests import checkout

LIFELINES = Lifelines.read()
ENTRIES = list(LIFELINES.entries())
NEEDED = {"999", "0808 1000 900", "116 123", "0800 1111"}
PRESSED = re.compile(r'(?:tel|sms):([^"\'\\<&\s]*)')
DOCUMENTS = [
    *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("docs/*.yml"),
    *DATA.glob("*.yml"), *(ROOT / "deploy").rglob("*.*"),
]  # fmt: skip
DOCUMENTS.remove(ROOT / "docs" / "performance.yml")  # counts and times, and no words


@pytest.fixture
def copy(tmp_path):
    return checkout.make(tmp_path)


def test_the_four_that_every_visitor_may_need_are_among_them():
    assert NEEDED <= LIFELINES.numbers


def test_each_number_names_another_source_than_the_directory_where_one_was_found():
    services = yaml_files.read(DATA / "services.yml")
    for name, entry in yaml_files.read(DATA / "lifelines.yml").items():
        if name != "force":
            assert entry["source"] != services[name]["source"], name


@pytest.mark.parametrize(("name", "field", "number"), ENTRIES)
@pytest.mark.parametrize("slip", ["digit", "space", "gone"])
def test_a_slip_in_the_directory_is_refused_with_both_places(name, field, number, slip):
    services = yaml_files.read(DATA / "services.yml")
    forces = yaml_files.read(DATA / "forces.yml")
    entry = forces["national"] if name == "force" else services[name]
    if slip == "gone":
        del entry[field]
        entry.get("links", {}).pop(field, None)
        entry.pop("ways", None)
    elif slip == "digit":
        entry[field] = number[:-1] + str((int(number[-1]) + 9) % 10)
    else:
        entry[field] = f"{number[0]} {number[1:]}"

    with pytest.raises(LifelinesError) as told:
        Directory(services, forces, LIFELINES)
    file = "forces" if name == "force" else "services"
    assert f"data/{file}.yml" in str(told.value)
    assert "data/lifelines.yml, line " in str(told.value) and number in str(told.value)


def test_a_force_with_a_number_of_its_own_is_compared_too():
    services = yaml_files.read(DATA / "services.yml")
    forces = yaml_files.read(DATA / "forces.yml")
    forces["kent"]["relay"] = "18001 102"

    with pytest.raises(LifelinesError, match=r"forces\.yml, line \d+: `relay`"):
        Directory(services, forces, LIFELINES)


SLIPS = {
    "a number": ("data/services.yml", 'phone: "999"', 'phone: "998"'),
    "a number in the second file": ("data/lifelines.yml", '"999"', '"998"'),
    "a number with another space": (
        "data/services.yml", "0808 1000 900", "0808 100 0900",
    ),
    "a force's number": ("data/forces.yml", '"18001 101"', '"18001 102"'),
    "the words of a button": ("data/services.yml", "Call 999", "Call 998"),
    "the words of a link": ("data/services.yml", "Call NHS 111", "Call NHS. Ring 112"),
    "an answer": ("domain.yml", "call {emergency.phone}", "call 998"),
    "an answer with the helpline": (
        "domain.yml", "{stop_it_now.phone}", "0808 100 900",
    ),
    "a topic's button": (
        "data/topics.yml", "title: I want to stop what I am doing",
        "title: Ring 998 now",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_by_the_check_and_stops_the_start(copy, slip):
    file, old, new = SLIPS[slip]
    checkout.change(copy, file, old, new)

    checked, started = checkout.run(copy, "check"), checkout.run(copy, "serve")
    assert checked.returncode == 1 and started.returncode == 1
    assert "Cannot start: " in started.stderr and "Traceback" not in started.stderr
    for told in (checked.stdout, started.stderr):
        assert re.search(r"(?:data/\w+|domain)\.yml", told)


def test_a_number_that_is_changed_in_both_files_is_taken(copy):
    for file in ("data/services.yml", "data/lifelines.yml"):
        checkout.change(copy, file, "0808 2000 247", "0808 2000 248")

    assert (
        Directory.read(copy / "data")
        .value("national_domestic_abuse_helpline", "phone")
        .endswith("248")
    )


@pytest.mark.parametrize(
    "text",
    ["call 998", "call 9999", "Please call: 998.", "press 56",
     "0808 100 0900", "0808 100 900",
     "08081000900", "0808 1000 901", "0808\u00a01000\u00a0901", "0800 1112", "116 132",
     "+44 808 1000 900", "text 85528", "18001 110", "0800 111 1"],
)  # fmt: skip
def test_a_number_that_is_nearly_one_of_them_is_found(text):
    assert LIFELINES.slip(text)


@pytest.mark.parametrize(
    "text",
    ["Call 999", "0808 1000 900", "0808\u00a01000\u00a0900.", "116 123", "text 85258",
     "closed on 25 December 2026", "at 9am", "50,000 people", "998 people", "1 in 100",
     "You can call 24 hours a day", "0808 801 0331", "116 000", "call 101 or 999",
     "| no text | 306 | 306 |"],
)  # fmt: skip
def test_another_number_is_left_alone(text):
    assert not LIFELINES.slip(text)


def test_a_notice_with_a_slip_is_refused_and_the_last_good_one_shown(tmp_path):
    file = tmp_path / "notice.yml"
    file.write_text('notice: "Ring 0808 1000 900 today."\nclosed: false\n')
    notice = Notice(file)
    file.write_text('notice: "Ring 0808 1000 090 today."\nclosed: false\n')

    assert notice.text == "Ring 0808 1000 900 today."
    with pytest.raises(NoticeError, match="0808 1000 090"):
        Notice(file)


def words_of(script: str) -> str:
    """What the launcher says: its program waits for 10000 milliseconds, say."""
    return script.rsplit("\n})(")[-1]


def shown() -> dict[str, str]:
    """Everything that a visitor can see, made once from the files."""
    answers = Answers.read()
    pages, last = Pages(answers), ErrorPage.render(answers, Pages(answers))
    found = {
        "error.html": last.html.decode(),
        "error.json": last.json.decode(),
        "embed.js": words_of(embed.compose(answers)),
        **{f"embed-{v}.js": words_of(s) for v, s in embed.released().items()},
    }
    for force in (None, *answers.directory.forces):
        for view in ("", "widget"):
            found[f"{view} {force}"] = pages.chat(force, "", view=view)
        for template in ("privacy.html", "accessibility.html", "embed_demo.html"):
            found[f"{template} {force}"] = pages.render(
                template, force or "kent", mode=""
            )
        for name, entry in answers.responses.items():
            example = entry["metadata"].get("example", {})
            reply = answers.reply(name, force, **example)
            links = " ".join(f"{link['title']} {link['href']}" for link in reply.links)
            found[f"{name} {force}"] = f"{reply.text}\n{links}"
    return found


def test_whatever_is_shown_holds_these_numbers_without_a_slip_and_presses_no_other():
    directory = Directory.read()
    known = {re.sub(r"\D", "", number) for number in directory._numbers}
    for name, text in shown().items():
        assert not directory.slip(PRESSED.sub("", text)), name
        assert set(PRESSED.findall(text)) <= known, name


@pytest.mark.parametrize("name", ["error.html", "error.json", "embed.js"])
def test_what_replaces_the_server_holds_the_numbers_of_the_second_file(
    name,
):
    text = shown()[name].replace("\u00a0", " ").replace("\\u00a0", " ")

    for number in NEEDED - {"116 123"}:
        assert number in text
    assert {"999", "08081000900", "08001111"} <= set(PRESSED.findall(text)) | {
        number.replace(" ", "") for number in NEEDED if name == "error.json"
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_or_data_file_holds_one_of_them_with_a_slip(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    for address in re.findall(r"https?://\S+|[\w./-]*\d{4}-\d\d-\d\d[\w./-]*", text):
        text = text.replace(address, "")
    slip = Directory.read().slip(text)

    assert not slip, f"{path.name} holds {slip}"
