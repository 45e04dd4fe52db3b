"""Never silent: a real server process with one part that fails."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from bot import MODEL
from bot.engine import MOST_STUCK, MOST_WAITING
from tests.conftest import Server, assert_carries_the_numbers, calls_999_first

READY_WITHIN_SECONDS = 120
FAULTY = ("tests.faulty_server",)
EMERGENCY = "he is hurting my son right now"


@contextmanager
def serving(*arguments: object, **settings: str) -> Iterator[Server]:
    """A server that runs, ready or not, and is stopped."""
    running = Server(*arguments, **settings)
    try:
        running.wait("/health/live", 20)
        yield running
    finally:
        sys.stdout.write(running.stop())  # shown when the test fails


@pytest.fixture(scope="module")
def stuck(tmp_path_factory) -> Path:
    """The file that keeps stuck what sticks, as long as it exists."""
    return tmp_path_factory.mktemp("stuck") / "file"


@pytest.fixture(scope="module")
def faulty(stuck) -> Iterator[Server]:
    """A server that is ready and whose classifier fails on request."""
    with serving(module=FAULTY, STUCK=str(stuck)) as running:
        running.wait("/health/ready", READY_WITHIN_SECONDS)
        yield running


def status(running: Server) -> str:
    return json.loads(running.get("/health/ready").body)["status"]


def until(running: Server, wanted: str) -> None:
    """Waits for a status, as long as a model may take to load."""
    if wanted == "ready":
        return running.wait("/health/ready", READY_WITHIN_SECONDS)
    while status(running) != wanted:
        assert running._process.poll() is None
        time.sleep(0.05)
    assert running.get("/health/ready").status == 503


def assert_unavailable(running: Server) -> None:
    """Typed questions get the safe answer, and all that needs no model works."""
    asked = running.ask("is the helpline free")
    assert asked.status == 503 and asked.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(asked.text)
    assert calls_999_first(asked.text)
    assert_works_without_a_model(running)


def assert_works_without_a_model(running: Server) -> None:
    pressed = running.post({"topic": "law_register"})
    assert pressed.status == 200 and pressed.replies[0]["topic"] == "law_register"
    for path in ("/", "/answers", "/answers/law_register"):
        assert running.get(path).status == 200
    urgent = running.ask(EMERGENCY)
    assert urgent.status == 200 and calls_999_first(urgent.text)


def assert_answers(running: Server) -> None:
    answer = running.ask("is the helpline anonymous")
    assert answer.status == 200 and answer.replies[0]["kind"] == "answer"


def missing(model: Path) -> None:
    """There is no model."""


def no_archive(model: Path) -> None:
    model.write_bytes(b"not a model\n" * 1000)


def truncated(model: Path) -> None:
    whole = MODEL.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])


def changed(model: Path, change: Callable[[dict], None]) -> None:
    """Writes the model with other metadata."""
    with tarfile.open(MODEL) as archive:
        made = json.load(archive.extractfile("metadata.json"))
    change(made)
    raw = json.dumps(made).encode()
    with tarfile.open(model, "w:gz", compresslevel=1) as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(raw)
        archive.addfile(entry, io.BytesIO(raw))


def of_another_rasa(model: Path) -> None:
    changed(model, lambda made: made.update(rasa_open_source_version="3.5.0"))


def of_another_config(model: Path) -> None:
    """Without the net, last in the pipeline."""

    def change(made: dict) -> None:
        nodes = made["predict_schema"]["nodes"]
        del nodes["run_bot.rasa_parts.safety_guard.SafetyGuard2"]

    changed(model, change)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (missing, "ModelMissing"),
        (no_archive, "ModelUnreadable"),
        (truncated, "ModelUnreadable"),
        (of_another_rasa, "ModelOutdated"),
        (of_another_config, "ModelOutdated"),
    ],
)
def test_a_model_that_cannot_be_served_is_named_and_the_rest_works(
    project, damage, named
):
    model = project / "models" / MODEL.name
    model.unlink()
    damage(model)
    running = Server(project)
    running.wait("/health/live", 20)
    until(running, "failed")
    assert_unavailable(running)

    log = running.stop()
    assert f"engine.load_failed {named}" in log and "make train" in log


def test_a_model_that_is_put_right_is_loaded_without_a_restart(project):
    model = project / "models" / MODEL.name
    model.unlink()
    with serving(project) as running:
        until(running, "failed")
        shutil.copyfile(MODEL, model)
        until(running, "ready")
        assert_answers(running)


def test_while_a_model_loads_slowly_the_rest_works(stuck):
    stuck.touch()
    with serving(module=(*FAULTY, "slow"), STUCK=str(stuck)) as running:
        assert status(running) == "loading"
        assert_unavailable(running)
        stuck.unlink()
        until(running, "ready")
        assert_answers(running)


def test_a_part_that_breaks_on_one_message_answers_the_next(faulty):
    broken = faulty.ask("the part breaks")

    assert broken.status == 503 and broken.replies[0]["kind"] == "unavailable"
    assert_carries_the_numbers(broken.text)
    assert calls_999_first(faulty.ask(f"the part breaks, {EMERGENCY}").text)
    assert status(faulty) == "ready"
    assert_answers(faulty)


def test_all_who_wait_for_a_stuck_engine_are_answered_and_it_is_replaced(faulty, stuck):
    stuck.touch()
    with ThreadPoolExecutor() as visitors:
        asked = list(visitors.map(faulty.ask, ["the part sticks"] * 4))
    for answer in asked:
        assert answer.status == 503
        assert_carries_the_numbers(answer.text)
    assert_works_without_a_model(faulty)

    until(faulty, "loading")
    until(faulty, "ready")
    assert_answers(faulty)
    stuck.unlink()


def test_an_emergency_that_sticks_is_answered_and_noticed(faulty, stuck):
    stuck.touch()
    assert calls_999_first(faulty.ask(f"{EMERGENCY}, the part sticks").text)

    until(faulty, "loading")
    stuck.unlink()
    until(faulty, "ready")
    assert_answers(faulty)


def test_engines_that_all_stick_do_not_pile_up_and_the_last_comes_back(stuck):
    stuck.touch()
    with serving(module=(*FAULTY, "hasty"), STUCK=str(stuck)) as running:
        for left in range(MOST_STUCK - 1, -1, -1):
            until(running, "ready")
            assert running.ask("the part sticks").status == 503
            until(running, "loading" if left else "failed")
        assert_unavailable(running)

        stuck.unlink()
        until(running, "ready")
        assert_answers(running)


def test_more_who_wait_than_can_be_answered_in_time_are_answered_at_once(faulty, stuck):
    extra = 10
    stuck.touch()
    with ThreadPoolExecutor(MOST_WAITING + extra) as visitors:
        waiting = ["the part sticks"] * (MOST_WAITING + extra)
        asked = [visitors.submit(faulty.ask, text) for text in waiting]
        refused = [one.result() for one in islice(as_completed(asked), extra)]
        stuck.unlink()
    for answer in refused:
        assert answer.status == 503
        assert_carries_the_numbers(answer.text)
    assert [one.result().status for one in asked].count(200) == MOST_WAITING
    # Busy is not stuck: the engine is the same one.
    assert status(faulty) == "ready"


REPORT = "I want to report my neighbour to the police, he lives in brighton"


def test_an_action_that_raises_takes_only_its_own_sentence_away(project):
    actions = project / "actions" / "actions.py"
    body = re.sub(r"(-> list\[dict\[str, Any\]\]:\n)", r"\1        1 / 0\n",
                  actions.read_text())  # fmt: skip
    actions.write_text(body)
    with serving(project) as running:
        until(running, "ready")
        for answer in (running.ask(REPORT), running.post({"topic": "report_person"})):
            assert answer.status == 200
            assert answer.replies[0]["topic"] == "report_person"
            assert "Sussex Police takes" not in answer.text


def with_action_server(project: Path, port: int) -> Path:
    with (project / "endpoints.yml").open("a") as endpoints:
        endpoints.write(f"action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n")
    return project


def test_an_action_server_that_is_down_or_silent_does_not_stop_the_rest(project):
    with socket.socket() as action_server:
        action_server.bind(("127.0.0.1", 0))  # and nobody listens
        port = action_server.getsockname()[1]
        with serving(with_action_server(project, port)) as running:
            until(running, "ready")
            answer = running.ask(REPORT)
            assert answer.status == 200
            assert answer.replies[0]["topic"] == "report_person"

            action_server.listen()  # and nobody answers
            answer = running.ask(REPORT)
            assert answer.status == 503
            assert_carries_the_numbers(answer.text)
            assert_answers(running)
            assert status(running) == "ready"


@pytest.mark.parametrize("name", ["thresholds.yml", "calibration.yml", "rules.yml"])
@pytest.mark.parametrize("content", ["emergency: lots\n", "{", None])
def test_a_broken_data_file_stops_the_start_with_its_name(project, name, content):
    file = project / "data" / name
    file.write_text(content) if content else file.unlink()
    running = Server(project)
    running._process.wait(20)

    said = running.stop()
    assert "Cannot start" in said and name in said and "Traceback" not in said


def test_a_tracker_store_that_keeps_messages_is_not_served(project):
    endpoints = project / "endpoints.yml"
    lines = endpoints.read_text().replace("ForgetfulTrackerStore", "Forgotten")
    endpoints.write_text(lines)
    running = Server(project)
    running.wait("/health/live", 20)
    until(running, "failed")
    assert_unavailable(running)

    assert "ForeignTrackerStore" in running.stop()


def test_a_page_that_cannot_be_rendered_still_carries_the_numbers():
    with serving(module=(*FAULTY, "pages")) as running:
        for path in ("/", "/answers", "/nothing"):
            page = running.get(path, Accept="text/html")
            assert page.status in (500, 404)
            assert_carries_the_numbers(page.body)
        urgent = running.post({"message": EMERGENCY}, Accept="text/html")
        assert calls_999_first(urgent.body)
