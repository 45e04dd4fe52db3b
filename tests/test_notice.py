"""The notice on every page, and the switch that closes the chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import DATA
from bot.pages.notice import MOST_CHARACTERS, Notice, NoticeError
from bot.words.yaml_files import YamlFileError
from tests.conftest import Server, assert_carries_the_numbers, calls_999_first


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "notice.yml"
    path.write_text('notice: "Closed on 25 December."\nclosed: false\n')
    return path


def test_the_file_that_comes_with_the_bot_shows_nothing_and_closes_nothing():
    notice = Notice(DATA / "notice.yml")

    assert notice.text == "" and notice.closed is False


def test_a_change_is_seen_while_serving(file):
    notice = Notice(file)
    assert notice.text == "Closed on 25 December."

    file.write_text('notice: ""\nclosed: true\n')

    assert notice.text == "" and notice.closed is True


def test_a_file_put_in_the_place_of_another_is_seen(file):
    notice = Notice(file)
    other = file.with_name("other.yml")
    other.write_text('notice: "Closed on 26 December."\nclosed: false\n')

    other.replace(file)

    assert notice.text == "Closed on 26 December."


@pytest.mark.parametrize(
    "content",
    ["", "closed: maybe\nnotice: hello", "notice: hello", "notice: [1]\nclosed: true",
     "notice: hello\nclosed: false\nopen: true", "{", "notice: 1\nclosed: 1",
     f"notice: {'a' * (MOST_CHARACTERS + 1)}\nclosed: false"],
)  # fmt: skip
def test_a_broken_file_stops_the_start_but_changes_nothing_while_serving(file, content):
    notice = Notice(file)
    file.write_text(content)

    assert notice.text == "Closed on 25 December." and notice.closed is False
    with pytest.raises((NoticeError, YamlFileError), match="notice.yml"):
        Notice(file)


def test_a_file_that_vanishes_changes_nothing(file):
    notice = Notice(file)
    file.unlink()

    assert notice.text == "Closed on 25 December."


def test_a_closed_chat_shows_the_notice_and_keeps_999_the_buttons_and_the_answers(file):
    file.write_text('notice: "We are <closed> today."\nclosed: true\n')
    running = Server(NOTICE_FILE=str(file))
    try:
        running.wait("/health/live", 20)
        for path in ("/", "/answers", "/answers/harm"):
            page = running.get(path)
            assert page.status == 200 and "We are &lt;closed&gt; today." in page.body

        asked = running.ask("is the helpline free")
        assert asked.status == 503 and asked.replies[0]["kind"] == "unavailable"
        assert_carries_the_numbers(asked.text)
        assert running.post({"topic": "harm"}).replies[0]["topic"] == "harm"
        urgent = running.ask("he is hurting my son right now")
        assert urgent.status == 200 and calls_999_first(urgent.text)

        file.write_text('notice: ""\nclosed: false\n')
        assert "We are" not in running.get("/answers/harm").body
    finally:
        running.stop()


def test_a_broken_notice_stops_the_start_with_the_name_of_its_file(file):
    file.write_text("closed: perhaps\n")
    running = Server(NOTICE_FILE=str(file))

    running._process.wait(20)
    said = running.stop()
    assert "Cannot start" in said and str(file) in said and "Traceback" not in said
