"""New wordings while the server runs: swapped in when good, refused when bad."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import checkout
from tests.conftest import Server, link_engine, serving, until

QUESTION = "why is looking at pictures harmful"
RENEWED = "content.reloaded"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return checkout.make(tmp_path_factory.mktemp("reload"))


@pytest.fixture(scope="module")
def running(folder) -> Iterator[Server]:
    """A server with its model, of a copy whose answers are all approved."""
    checkout.sign(folder)
    link_engine(folder)
    with serving(folder, REQUIRE_SIGN_OFF="1") as server:
        server.wait_until_ready()
        yield server


def reload(running: Server) -> str:
    """Asks the server to reload its content; returns the line that it logs."""
    before = len(running.said())
    os.kill(running.pid, signal.SIGHUP)

    def told() -> list[str]:
        return re.findall(r"(content\..*)\n", running.said()[before:])

    until(told)
    return told()[-1]


def change_the_helpline(folder: Path, old: str, new: str) -> None:
    """Changes the number in both files that hold it."""
    for file in ("data/services.yml", "data/lifelines.yml"):
        checkout.change(folder, file, old, new)


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
    change_the_helpline(folder, "0808 1000 900", "0808 1000 901")
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
        ("data/services.yml", 'phone: "999"', 'phone: "998"', "LifelinesError"),
        ("data/lifelines.yml", "0800 1111", "0800 1112", "LifelinesError"),
        ("domain.yml", "Behind every", "Call 998. Behind every", "AnswersError"),
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


def test_the_engine_decides_with_the_new_topics(folder, running):
    led = "If a child is in danger right now, call 999."
    assert led not in running.ask(QUESTION).text
    [before] = re.findall(r"\n  harm:.*?lead: none", topics_of(folder), re.S)
    after = before.replace("lead: none", "lead: sentence")
    checkout.change(folder, "data/topics.yml", before, after)

    assert reload(running) == RENEWED
    assert running.ask(QUESTION).text.startswith(led)


def topics_of(folder: Path) -> str:
    return (folder / "data" / "topics.yml").read_text()


def test_of_two_quick_signals_the_later_content_is_served(folder, running):
    before = running.said().count(RENEWED)
    change_the_helpline(folder, "0808 1000 900", "0808 1000 901")
    os.kill(running.pid, signal.SIGHUP)
    change_the_helpline(folder, "0808 1000 901", "0808 1000 902")
    os.kill(running.pid, signal.SIGHUP)

    def newest_is_shown() -> bool:
        shown = running.get("/embed.js").body
        return "0808 1000 902" in shown.replace("\N{NO-BREAK SPACE}", " ")

    until(newest_is_shown)
    until(lambda: running.said().count(RENEWED) == before + 2)
    assert newest_is_shown()


def test_an_engine_that_starts_after_bad_content_decides_with_the_last_good(
    folder, running
):
    checkout.change(folder, "data/topics.yml", "menu: [own_behaviour", "menu: [nothing")
    assert reload(running).startswith("content.reload_refused data/topics.yml ")
    [engine] = running.engines
    os.kill(engine, signal.SIGKILL)
    until(lambda: running.engines and running.engines != [engine])
    running.wait_until_ready()

    assert all("Behind every image" in text for text in shown(running))


def test_a_signal_before_the_port_is_open_ends_nothing():
    running = Server(engine=False)
    try:
        until(lambda: ignores(running.pid, signal.SIGHUP))
        os.kill(running.pid, signal.SIGHUP)
        running.wait("/health/live", 20)
    finally:
        running.stop()


def ignores(pid: int, number: int) -> bool:
    """Whether a process ignores a signal, according to Linux."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(re.findall(r"SigIgn:\s*(\w+)", status)[0], 16)
    return bool(mask & 1 << (number - 1))


def test_a_conversation_goes_on_across_a_reload(running):
    first = running.ask("found pictures of children on my husbands phone")
    running.ask(
        "i havent told him, we have a little girl of six", session=first.session
    )
    assert reload(running) == RENEWED

    told = running.ask("he is putting her to bed now", session=first.session)
    assert told.session == first.session and told.replies[0]["kind"] == "emergency"
