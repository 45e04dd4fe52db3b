"""New wordings while the server runs: swapped in when good, refused when bad."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import checkout
from tests.conftest import READY_WITHIN_SECONDS, Server

QUESTION = "why is looking at pictures harmful"
RENEWED = "content.reloaded"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return checkout.make(tmp_path_factory.mktemp("reload"))


@pytest.fixture(scope="module")
def running(folder) -> Iterator[Server]:
    """A server with its model, of a copy whose answers are all approved."""
    checkout.sign(folder)
    server = Server(root=folder, REQUIRE_SIGN_OFF="1")
    server.wait("/health/ready", READY_WITHIN_SECONDS)
    yield server
    server.stop()


def reload(running: Server) -> str:
    """Asks the server to read its content anew; returns the line that it logs."""
    before = len(running.said())
    running._process.send_signal(signal.SIGHUP)
    for _ in range(600):
        for line in running.said()[before:].splitlines(keepends=True):
            if "content." in line and line.endswith("\n"):
                return line.split(" ", 3)[3].strip()
        time.sleep(0.1)
    raise AssertionError("the server said nothing about its content")


def shown(running: Server) -> list[str]:
    """The answer to a typed question, to a pressed button and on a page."""
    return [
        running.ask(QUESTION).text,
        running.post({"topic": "harm"}).text,
        running.get("/answers/harm").body,
    ]


@pytest.fixture(autouse=True)
def good_again(folder, running):
    """Each test begins with the content as it is in the project, all signed."""
    files = [folder / "domain.yml", *folder.glob("data/*.yml")]
    kept = {path: path.read_text() for path in files}
    yield
    for path, text in kept.items():
        path.write_text(text)
    assert reload(running) == RENEWED


def test_a_new_wording_and_a_new_number_are_shown_everywhere(folder, running):
    assert all("Behind every image" in text for text in shown(running))
    checkout.change(folder, "domain.yml", "Behind every image", "Behind each picture")
    checkout.change(folder, "data/services.yml", "0808 1000 900", "0808 1000 901")
    checkout.sign(folder)

    assert reload(running) == RENEWED
    for text in shown(running):
        assert "Behind each picture" in text and "Behind every image" not in text
        assert "0808 1000 901" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "0808 1000 901" in running.get("/embed.js").body


def test_a_wording_that_lost_its_approval_is_no_longer_shown(folder, running):
    checkout.change(folder, "domain.yml", "Behind every image", "Behind each picture")

    assert reload(running) == RENEWED
    for text in shown(running):
        assert "still being checked" in text and "Behind" not in text


def test_the_net_reads_its_new_rules(folder, running):
    said = "the wombat alarm rings right now"
    assert running.ask(said).replies[0]["kind"] != "emergency"
    checkout.change(
        folder, "data/safety_rules.yml", "is touching,", "wombat, is touching,"
    )

    assert reload(running) == RENEWED
    assert running.ask(said).replies[0]["kind"] == "emergency"


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("domain.yml", "Behind every", "{nobody.phone} Behind every", "AnswersError"),
        ("data/services.yml", "name: NAPAC\n", 'name: "NAPAC\n', "YamlFileError"),
        ("data/topics.yml", "menu: [own_behaviour", "menu: [nothing", "TopicsError"),
        ("domain.yml", "I will not help with that.", "I will not.", "AnswersError"),
        ("data/topics.yml", "  abusive:\n", "  rude:\n", "AnswersError"),
        (
            "data/rules.yml",
            "  - action: action_give_report_route\n",
            "",
            "ContentError",
        ),
    ],
)
def test_bad_content_is_refused_and_the_last_good_served(
    folder, running, file, old, new, error
):
    checkout.change(folder, file, old, new)

    line = reload(running)
    assert line.startswith("content.reload_refused ") and line.endswith(f" {error}")
    assert all("Behind every image" in text for text in shown(running))
    assert running.ask("hello").status == 200


def test_a_conversation_goes_on_across_a_reload(running):
    first = running.ask("found pictures of children on my husbands phone")
    running.ask(
        "i havent told him, we have a little girl of six", session=first.session
    )
    assert reload(running) == RENEWED

    told = running.ask("he is putting her to bed now", session=first.session)
    assert told.session == first.session and told.replies[0]["kind"] == "emergency"
