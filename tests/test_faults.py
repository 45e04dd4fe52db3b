"""Never silent: a real server process with one part that fails."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest

from bot.chat.engine import MOST_WAITING
from bot.words import fitted, rules
from tests.conftest import (
    Server,
    assert_carries_the_numbers,
    calls_999_first,
    refused,
    serving,
    until,
)
from tests.freezing import freeze

FAULTY = "tests.faulty_server"
EMERGENCY = "he is hurting my son right now"
QUESTION = "law_register, please"  # a topic that tests/quick_engine.py can read
# How many times an engine is killed, one after another.
AGAIN_AND_AGAIN = 10


@pytest.fixture(scope="module")
def server_of_faults() -> Iterator[Server]:
    with serving(module=(FAULTY, "quick", "hasty")) as running:
        yield running


@pytest.fixture
def faulty(server_of_faults) -> Iterator[Server]:
    """A ready server whose engines fail on request, and which does not wait long."""
    server_of_faults.wait_until_ready()
    until(lambda: settled(server_of_faults))
    yield server_of_faults
    server_of_faults.fault("stick").unlink(missing_ok=True)


def settled(running: Server) -> bool:
    """Whether one engine runs, answers, and is not about to be replaced as slow.

    On a busy machine an engine of the test before may have been slow without a fault.
    """
    engines = running.engines
    answer = running.ask(QUESTION)
    return len(engines) == 1 and answer.status == 200 and running.engines == engines


def assert_unavailable(running: Server) -> None:
    """Typed questions get the safe answer, and everything without a model works."""
    asked = running.ask("is the helpline free")
    assert asked.status == 503 and asked.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(asked.text)
    assert calls_999_first(asked.text)
    assert_works_without_an_engine(running)


def assert_works_without_an_engine(running: Server) -> None:
    pressed = running.post({"topic": "law_register"})
    assert pressed.status == 200 and pressed.replies[0]["topic"] == "law_register"
    for path in ("/", "/answers", "/answers/law_register"):
        assert running.get(path).status == 200
    urgent = running.ask(EMERGENCY)
    assert urgent.status == 200 and calls_999_first(urgent.text)


def assert_answers(running: Server) -> None:
    answer = running.ask(QUESTION)
    assert answer.status == 200 and answer.replies[0]["topic"] == "law_register"


def assert_replaced(running: Server, ended: list[int]) -> None:
    """Another engine has replaced one, and answers."""
    until(lambda: running.engines and not set(running.engines) & set(ended))
    running.wait_until_ready()
    assert_answers(running)


def test_a_part_that_breaks_on_one_message_answers_the_next(faulty):
    engines = faulty.engines
    broken = faulty.ask("the part breaks")

    assert broken.status == 503 and broken.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(broken.text)
    assert calls_999_first(faulty.ask(f"the part breaks, {EMERGENCY}").text)
    assert_answers(faulty)
    assert faulty.engines == engines


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("the process dies", "engine.ended"),
        ("the part talks nonsense", "engine.nonsense Nonsense@talk/messages.py:"),
        ("the part answers another", "engine.nonsense Nonsense@chat/link.py:"),
    ],
)
def test_an_engine_that_fails_altogether_is_logged_and_replaced(faulty, fault, told):
    before, engines = len(faulty.said()), faulty.engines
    broken = faulty.ask(fault)
    assert broken.status == 503
    assert_carries_the_numbers(broken.text)
    assert_replaced(faulty, engines)
    assert told in faulty.said()[before:]

    engines = faulty.engines
    urgent = faulty.ask(f"{EMERGENCY}, {fault}")
    assert urgent.status == 200 and calls_999_first(urgent.text)
    assert_replaced(faulty, engines)


def test_an_engine_that_is_killed_is_replaced_however_often(faulty):
    for _ in range(AGAIN_AND_AGAIN):
        [engine] = faulty.engines
        os.kill(engine, signal.SIGKILL)
        assert_works_without_an_engine(faulty)
        assert_replaced(faulty, [engine])


def test_all_who_wait_for_a_stuck_engine_are_answered_and_it_is_replaced(faulty):
    before, engines = len(faulty.said()), faulty.engines
    faulty.fault("stick").touch()
    with ThreadPoolExecutor() as visitors:
        asked = list(visitors.map(faulty.ask, ["the part sticks"] * 4))
    for answer in asked:
        assert answer.status == 503
        assert_carries_the_numbers(answer.text)
    assert_works_without_an_engine(faulty)

    assert_replaced(faulty, engines)
    said = faulty.said()[before:]
    assert "engine.slow" in said and "engine.stuck" in said


@pytest.mark.parametrize("stopped", [False, True])
def test_others_are_answered_while_an_engine_is_stuck(faulty, stopped):
    before, [engine] = len(faulty.said()), faulty.engines
    if stopped:
        freeze(engine)
    else:
        faulty.fault("stick").touch()
    with ThreadPoolExecutor() as visitors:
        stuck = visitors.submit(faulty.ask, "the part sticks")
        until(lambda: "engine.slow" in faulty.said()[before:])
        assert_answers(faulty)
        assert stuck.result().status == 503
        assert_carries_the_numbers(stuck.result().text)

    assert_replaced(faulty, [engine])


def test_an_emergency_that_sticks_is_answered_and_its_engine_replaced(faulty):
    engines = faulty.engines
    faulty.fault("stick").touch()
    assert calls_999_first(faulty.ask(f"{EMERGENCY}, the part sticks").text)

    assert_replaced(faulty, engines)


def test_engines_that_all_stick_do_not_pile_up_and_the_last_is_replaced_too(faulty):
    faulty.fault("stick").touch()
    for _ in range(4):
        faulty.wait_until_ready()
        assert faulty.ask("the part sticks").status == 503
        assert len(faulty.engines) <= 2  # the stuck one, and that in its place
    assert_works_without_an_engine(faulty)

    faulty.wait_until_ready()
    assert_answers(faulty)


def test_more_who_wait_than_can_be_answered_in_time_are_answered_at_once():
    extra = 10
    with serving(module=(FAULTY, "quick", "patient"), faults=["stick"]) as faulty:
        faulty.wait_until_ready()
        with ThreadPoolExecutor(MOST_WAITING + extra) as visitors:
            waiting = ["law_register, the part sticks"] * (MOST_WAITING + extra)
            asked = [visitors.submit(faulty.ask, text) for text in waiting]
            refused = [one.result() for one in islice(as_completed(asked), extra)]
            faulty.fault("stick").unlink()
        for answer in refused:
            assert answer.status == 503
            assert_carries_the_numbers(answer.text)
        assert [one.result().status for one in asked].count(200) == MOST_WAITING
        assert faulty.state == "ready"


def test_two_engines_answer_beside_each_other():
    quick = (FAULTY, "quick", "patient")
    with serving(module=quick, faults=["stick"], ENGINES="2") as running:
        until(lambda: running.said().count("INFO engine.ready") == 2)
        assert len(running.engines) == 2
        with ThreadPoolExecutor() as visitors:
            stuck = visitors.submit(running.ask, "law_register, the part sticks")
            until(lambda: "engine.slow" in running.said())
            for _ in range(4):
                assert_answers(running)
            running.fault("stick").unlink()
            assert stuck.result().status == 200  # late, but not given up
        assert "engine.stuck" not in running.said()


def test_an_action_that_raises_takes_only_its_own_sentence_away(project):
    actions = project / "bot" / "words" / "computed.py"
    body, changed = re.subn(
        r"(-> Computed \| None:\n)", r"\1    1 / 0\n", actions.read_text()
    )
    assert changed
    actions.write_text(body)
    typed = "report_person, he lives in brighton"
    with serving(project, (FAULTY, "quick")) as running:
        running.wait_until_ready()
        for answer in (running.ask(typed), running.post({"topic": "report_person"})):
            assert answer.status == 200
            assert answer.replies[0]["topic"] == "report_person"
            assert "Sussex Police takes" not in answer.text
        assert "action.failed action_give_report_route" in running.said()


READERS = {
    "thresholds.yml": fitted.read_thresholds,
    "calibration.yml": fitted.read_calibration,
    "rules.yml": rules.read_steps,
}
BROKEN = ["emergency: lots\n", "{", None]


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_data_file_is_refused_with_its_name(tmp_path, name, content):
    if content:
        (tmp_path / name).write_text(content)

    with pytest.raises(ValueError, match=name):
        READERS[name](tmp_path)


@pytest.mark.parametrize(("name", "content"), zip(READERS, BROKEN, strict=True))
def test_a_broken_data_file_stops_the_start(project, name, content):
    file = project / "data" / name
    file.write_text(content) if content else file.unlink()

    assert name in refused(project)


def test_a_page_that_cannot_be_rendered_still_carries_the_numbers():
    with serving(module=(FAULTY, "pages"), engine=False) as running:
        for path in ("/", "/answers", "/nothing"):
            page = running.get(path, Accept="text/html")
            assert page.status in (500, 404)
            assert_carries_the_numbers(page.body)
        urgent = running.post({"message": EMERGENCY}, Accept="text/html")
        assert calls_999_first(urgent.body)
