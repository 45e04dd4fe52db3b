"""No engine can start: the log says why, and visitors still get help."""

from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import MODEL
from tests.conftest import ENGINE, READY_WITHIN_SECONDS, Server, serving, until
from tests.test_faults import FAULTY, assert_answers, assert_unavailable

QUICK = (FAULTY, "quick", "hasty")


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


def without_what_was_learnt(model: Path) -> None:
    changed(model, lambda made: None)


def of_another_config(model: Path) -> None:
    """Without the net, last in the pipeline."""

    def change(made: dict) -> None:
        nodes = made["predict_schema"]["nodes"]
        del nodes["run_bot.rasa_parts.safety_guard.SafetyGuard3"]

    changed(model, change)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (missing, "ModelMissing"),
        (no_archive, "ModelUnreadable"),
        (truncated, "ModelUnreadable"),
        (without_what_was_learnt, "FileNotFoundError"),
        (of_another_config, "ModelOutdated"),
    ],
)
def test_a_model_that_cannot_be_served_is_named_and_the_rest_works(
    project, damage, named
):
    model = project / "models" / MODEL.name
    model.unlink()
    damage(model)
    with serving(project) as running:
        until(lambda: running.state == "failed")
        assert_unavailable(running)
        [told] = [x for x in running.said().splitlines() if "engine.load_failed" in x]
        assert named in told and "make train" in told


def test_a_model_that_is_put_right_is_loaded_without_a_restart(project):
    model = project / "models" / MODEL.name
    model.unlink()
    with serving(project, (FAULTY, "hasty")) as running:
        until(lambda: running.state == "failed")
        shutil.copyfile(MODEL, model)
        running.wait_until_ready()
        answer = running.ask("is the helpline anonymous")
        assert answer.replies[0]["topic"] == "helpline_confidential"


@pytest.mark.parametrize("there", [False, True])
def test_a_python_that_is_missing_or_cannot_be_started_is_named(project, there):
    folder = project / ENGINE.parents[1].name
    python = folder / "bin" / "python"
    folder.unlink()
    if there:
        python.parent.mkdir(parents=True)
        python.touch()  # and nobody may execute it
    with serving(project) as running:
        until(lambda: running.state == "failed")
        assert_unavailable(running)
        assert f"engine.missing {python} (`make run` builds it)" in running.said()


def test_an_engine_of_another_release_is_refused(project):
    with serving(project, QUICK, faults=["older"]) as running:
        until(lambda: running.state == "failed")
        assert_unavailable(running)
        assert "engine.other_version (deploy both from one release)" in running.said()

        running.fault("older").unlink()
        running.wait_until_ready()
        assert_answers(running)


def test_while_an_engine_loads_slowly_the_rest_works():
    with serving(module=QUICK, faults=["slow"]) as running:
        until(lambda: running.engines)
        assert running.state == "loading"
        assert_unavailable(running)

        running.fault("slow").unlink()
        running.wait_until_ready()
        assert_answers(running)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"HTTP/1.1 200 OK\r\n", "engine.nonsense Nonsense@talk/messages.py:"),
        (b'{"hello":"you"}\n', "engine.nonsense Nonsense@talk/messages.py:"),
        (b'{"hello":99}\n', "engine.other_version (deploy both from one release)"),
    ],
)
def test_what_is_not_an_engine_is_logged_and_left(young, said, told):
    before = len(young.said())
    with someone_at(young) as line:
        assert_unavailable(young)  # nothing is said yet
        line.sendall(said)
        line.close()
        until(lambda: told in young.said()[before:])
    assert_unavailable(young)


def test_an_engine_that_comes_at_last_is_found(young):
    path = young.temporary / "nobody.sock"
    engine = subprocess.Popen([sys.executable, "-m", "tests.quick_engine", path])
    try:
        young.wait_until_ready()
        assert_answers(young)
    finally:
        engine.kill()
        engine.wait()


@contextmanager
def someone_at(server: Server) -> Iterator[socket.socket]:
    """The connection of a server to somebody at the socket that was empty."""
    path = server.temporary / "nobody.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(READY_WITHIN_SECONDS)
        line, _ = listener.accept()
        path.unlink()
        yield line
