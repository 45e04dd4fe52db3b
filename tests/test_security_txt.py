"""Where to report a vulnerability: /.well-known/security.txt, as in RFC 9116."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from bot import DATA
from bot.pages.security_txt import SecurityTxt, SecurityTxtError
from bot.words.directory import Directory

DIRECTORY = Directory.read()


@pytest.fixture
def folder(tmp_path):
    shutil.copy(DATA / "security_contact.yml", tmp_path)
    return tmp_path


def change(folder, old: str, new: str) -> SecurityTxt:
    file = folder / "security_contact.yml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    return SecurityTxt.read(DIRECTORY, folder)


def test_the_file_has_each_field_once_and_a_comment_says_that_it_is_a_draft():
    found = SecurityTxt.read(DIRECTORY)
    note, *fields = found.text.splitlines()

    assert note.startswith("# Draft.") and "call 999" in note
    assert [line.split(": ")[0] for line in fields] == [
        "Contact",
        "Expires",
        "Preferred-Languages",
    ]
    assert fields[0] == f"Contact: {DIRECTORY.value('lucy_faithfull', 'site')}"
    assert fields[1] == f"Expires: {found.expires}T23:59:59Z"


def test_a_confirmed_contact_is_not_a_draft_and_gives_its_own_address(folder):
    change(folder, "confirmed: false", "confirmed: true")
    change(folder, '"{lucy_faithfull.site}"', "mailto:security@force.example")
    found = change(folder, "canonical: null", "canonical: https://bot.example/s.txt #")

    assert "#" not in found.text and "Contact: mailto:security@" in found.text
    assert found.text.endswith("Canonical: https://bot.example/s.txt\n")


def test_the_file_is_no_longer_served_after_its_last_day():
    found = SecurityTxt.read(DIRECTORY)

    assert found.current(found.expires)
    assert not found.current(found.expires + timedelta(days=1))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('expires: "2027', 'expires: "2028', "within a year"),
        ('expires: "2027', 'expires: "2025', "within a year"),
        ('set_on: "2026-11-25"', "set_on: 2026-11-25", "set_on"),
        ("preferred_languages: en", "preferred_languages:", "preferred_languages"),
        ('"{lucy_faithfull.site}"', "ask at the desk", "contact"),
        ('"{lucy_faithfull.site}"', '"{nobody.site}"', "nobody"),
    ],
)
def test_a_gap_stops_the_start_and_is_named(folder, old, new, named):
    with pytest.raises((SecurityTxtError, ValueError), match=named):
        change(folder, old, new)


def test_the_server_answers_with_the_file(server):
    answer = server.get("/.well-known/security.txt")

    if SecurityTxt.read(DIRECTORY).current(date.today()):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.body == SecurityTxt.read(DIRECTORY).text
    else:
        assert answer.status == 404 and "0808 1000 900" in answer.body
