"""Rasa's own checks of the data, and the parts that its files name."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
import yaml
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.training_data.message import Message

from bot import MODEL, ROOT
from bot.engine import Engine, EngineError
from bot.rasa_parts.nlg import SignpostingNLG
from bot.rasa_parts.safety_guard import SafetyGuard
from bot.rasa_parts.sentence_encoder import SentenceEncoder, SentenceEncoderError
from bot.rasa_parts.topic_classifier import TopicClassifier
from bot.rasa_parts.tracker_store import NothingKeptTrackerStore
from bot.safety_net import SafetyNet


def rasa(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "RASA_TELEMETRY_ENABLED": "false"},
    )


def test_rasa_finds_no_fault_in_the_data():
    data = ("--data", "data/nlu", "data/rules.yml", "--fail-on-warnings")
    done = rasa("data", "validate", *data)

    assert done.returncode == 0, done.stderr[-2000:]


def test_rasa_s_story_tests_pass(tmp_path):
    stories = ("--stories", "tests/test_stories.yml", "--fail-on-prediction-errors")
    done = rasa("test", "core", "-m", str(MODEL), "--out", str(tmp_path), *stories)

    assert done.returncode == 0, done.stderr[-2000:]


def test_every_intent_has_a_story():
    stories = yaml.safe_load((ROOT / "tests" / "test_stories.yml").read_text())
    told = {story["steps"][0]["intent"] for story in stories["stories"]}

    assert told == set(yaml.safe_load((ROOT / "domain.yml").read_text())["intents"])


@pytest.fixture(scope="module")
def guard() -> SafetyGuard:
    return SafetyGuard(SafetyNet.read())


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


def test_a_classifier_without_its_thresholds_is_refused_with_their_names():
    with pytest.raises(InvalidConfigException, match="lead_above"):
        TopicClassifier({"emergency_above": 0.3}, None, None)


def test_the_guard_stands_last_in_the_pipeline():
    config = yaml.safe_load((ROOT / "config.yml").read_text())

    assert config["pipeline"][-1]["name"].endswith("SafetyGuard")


async def test_rasa_answers_with_the_words_of_the_plain_pages(answers):
    tracker = DialogueStateTracker.from_events("x", [])
    said = await SignpostingNLG().generate("utter_harm", tracker, "chat")

    assert said["text"] == answers.reply("utter_harm").text


async def test_the_tracker_store_keeps_nothing():
    store = NothingKeptTrackerStore(domain=None)
    await store.save(DialogueStateTracker.from_events("x", []))

    assert await store.retrieve("x") is None


def test_the_tracker_store_refuses_to_pass_events_on():
    with pytest.raises(RasaException, match="event_broker"):
        NothingKeptTrackerStore(domain=None, event_broker=object())


def test_the_encoder_puts_like_messages_side_by_side():
    one, like, other = SentenceEncoder().encode(
        ["will I go to jail", "could they lock me up for it", "is it free to phone you"]
    )

    assert one @ like > one @ other
    assert abs(one @ one - 1) < 1e-3


def test_a_missing_encoder_is_named_with_the_remedy(tmp_path):
    with pytest.raises(SentenceEncoderError, match="make encoder"):
        SentenceEncoder(tmp_path)


async def test_an_engine_that_is_not_loaded_says_so():
    with pytest.raises(EngineError, match="not loaded"):
        await Engine().ask("hello", None)


async def test_an_engine_that_misses_its_deadline_is_replaced():
    engine = Engine(deadline=0.0001)
    engine.start()
    await until_ready(engine)

    with pytest.raises(EngineError, match="deadline"):
        await engine.ask("is the helpline free", None)
    assert not engine.ready
    await until_ready(engine)


async def test_an_engine_without_a_model_says_what_to_do(tmp_path, caplog):
    engine = Engine(tmp_path / "none.tar.gz")
    engine.start()
    while not engine.failed:
        await asyncio.sleep(0.05)

    assert "make train" in caplog.text
    with pytest.raises(EngineError):
        await engine.ask("hello", None)


async def until_ready(engine: Engine) -> None:
    for _ in range(1200):
        if engine.ready:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the model did not load within a minute")
