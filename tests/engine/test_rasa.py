"""Rasa's own commands, and the parts of Rasa's that its files name."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa_sdk.constants import DEFAULT_SERVER_PORT

from bot import DATA, ROOT
from bot.rasa_parts.nlg import SignpostingNLG
from bot.rasa_parts.safety_guard import SafetyGuard
from tests.conftest import calls_999_first
from tests.ports import free_port

LINKED = (
    *("actions", "bot", "models"),
    *("config.yml", "credentials.yml", "domain.yml", "endpoints.yml"),
    *("tests/test_stories.yml", "tests/evaluation", "tests/bench"),
)
EXAMPLES = 2
RUNS_WITHIN_SECONDS = 180


def rasa(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs a command as a Rasa developer types it, with no path in it."""
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment(folder),
    )


def environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(folder), "PATH": "", "RASA_TELEMETRY_ENABLED": "false"}


@pytest.fixture(scope="module")
def small_project(tmp_path_factory) -> Path:
    """The project with two messages for each intent, for commands that read all."""
    folder = tmp_path_factory.mktemp("project")
    for name in (*LINKED, *(f"data/{path.name}" for path in DATA.iterdir())):
        if name != "data/nlu":
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).symlink_to(ROOT / name)
    (folder / "data" / "nlu").mkdir()
    for path in (DATA / "nlu").glob("*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            lines = block["examples"].splitlines(keepends=True)
            block["examples"] = "".join(lines[:EXAMPLES])
        (folder / "data" / "nlu" / path.name).write_text(yaml.safe_dump(content))
    return folder


def test_rasa_finds_no_fault_in_the_data():
    done = rasa(ROOT, "data", "validate", "--fail-on-warnings")

    assert done.returncode == 0, done.stderr[-2000:]


def test_rasa_reads_what_it_would_train_from(small_project):
    done = rasa(small_project, "train", "--dry-run")

    # 1 only says that a model made from other messages must be trained again.
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "retrain" in done.stdout + done.stderr, done.stderr[-2000:]
    assert "Exception" not in done.stdout + done.stderr


def test_rasa_s_own_tests_pass(small_project):
    done = rasa(small_project, "test")

    assert done.returncode == 0, done.stderr[-2000:]
    failed = (small_project / "results" / "failed_test_stories.yml").read_text()
    assert failed.startswith("# None of the test stories failed")


@pytest.fixture(scope="module")
def say(tmp_path_factory) -> Iterator[Callable[[str], str]]:
    """Says something to `rasa run`, on the project's files as they are."""
    port, log = free_port(), tmp_path_factory.mktemp("rasa_run") / "log"
    command = [sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", port]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as written:
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment(ROOT), stdout=written, stderr=written
        )

    def answer(message: str) -> str:
        body = json.dumps({"sender": message, "message": message}).encode()
        asked = urllib.request.Request(f"{address}/webhooks/rest/webhook", body)
        asked.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(asked, timeout=60) as found:
            return "\n\n".join(part["text"] for part in json.loads(found.read()))

    try:
        wait_until_open(address, running, log)
        yield answer
    finally:
        running.terminate()
        running.wait(30)


def wait_until_open(address: str, running: subprocess.Popen, log: Path) -> None:
    """Waits for the port, which Rasa opens once it has loaded the model."""
    until = time.monotonic() + RUNS_WITHIN_SECONDS
    while running.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=60).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-2000:])


def test_rasa_run_answers_over_its_rest_channel(say):
    assert calls_999_first(say("he is hurting my little girl in there right now"))
    assert "30 months or more" in say("how long are you on the register")


def test_rasa_run_leaves_out_what_no_action_server_computes(say):
    assert "0808 1000 900" in say("is the helpline open now")


def test_rasa_s_files_name_the_address_where_rasa_run_actions_listens():
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())

    assert urlsplit(endpoints["action_endpoint"]["url"]).port == DEFAULT_SERVER_PORT


def test_every_intent_has_a_story():
    stories = yaml.safe_load((ROOT / "tests" / "test_stories.yml").read_text())
    told = {story["steps"][0]["intent"] for story in stories["stories"]}

    assert told == set(yaml.safe_load((ROOT / "domain.yml").read_text())["intents"])


@pytest.fixture(scope="module")
def guard() -> SafetyGuard:
    return SafetyGuard()


def test_the_guard_forces_an_emergency_whatever_the_model_said(guard):
    said = {"name": "smalltalk", "confidence": 0.9}
    message = Message(
        {"text": "he is hurting my son right now", "intent": said,
         "intent_ranking": [said]}
    )  # fmt: skip

    [judged] = guard.process([message])

    assert judged.get("intent") == {"name": "immediate_risk", "confidence": 1.0}
    assert [found["name"] for found in judged.get("intent_ranking")] == [
        "immediate_risk",
        "smalltalk",
    ]


def test_the_guard_leaves_a_calm_message_alone(guard):
    said = {"name": "smalltalk", "confidence": 0.9}
    [judged] = guard.process([Message({"text": "thank you", "intent": said})])

    assert judged.get("intent") == said


def test_the_guard_is_last_in_the_pipeline():
    config = yaml.safe_load((ROOT / "config.yml").read_text())

    assert config["pipeline"][-1]["name"].endswith("SafetyGuard")


async def test_rasa_answers_with_the_words_of_the_plain_pages(answers):
    tracker = DialogueStateTracker.from_events("x", [])
    said = await SignpostingNLG().generate("utter_harm", tracker, "chat")

    assert said["text"] == answers.reply("utter_harm").text


def test_the_encoder_puts_like_messages_side_by_side(encoder):
    one, like, other = encoder.encode(
        ["will I go to jail", "could they lock me up for it", "is it free to phone you"]
    )

    assert one @ like > one @ other
    assert abs(one @ one - 1) < 1e-3
