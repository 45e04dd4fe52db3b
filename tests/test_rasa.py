"""Rasa's own checks of the data, and the parts that its files name."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message

from bot import MODEL, ROOT
from bot.conversation import Conversation
from bot.engine import Engine, EngineLate, EngineNotReady
from bot.rasa_parts import tracker_store
from bot.rasa_parts.nlg import SignpostingNLG
from bot.rasa_parts.safety_guard import SafetyGuard
from bot.rasa_parts.tracker_store import IDLE_MINUTES, ForgetfulTrackerStore
from bot.sentence_encoder import SentenceEncoder, SentenceEncoderError


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


def test_the_guard_stands_last_in_the_pipeline():
    config = yaml.safe_load((ROOT / "config.yml").read_text())

    assert config["pipeline"][-1]["name"].endswith("SafetyGuard")


async def test_rasa_answers_with_the_words_of_the_plain_pages(answers):
    tracker = DialogueStateTracker.from_events("x", [])
    said = await SignpostingNLG().generate("utter_harm", tracker, "chat")

    assert said["text"] == answers.reply("utter_harm").text


@pytest.fixture
def clock() -> Callable[[], float]:
    """A clock that stands still until its `minutes` are moved on."""

    def now() -> float:
        return 60 * now.minutes

    now.minutes = 0
    return now


@pytest.fixture
def store(clock) -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(Domain.load(str(ROOT / "domain.yml")), clock=clock)


async def talk(store: ForgetfulTrackerStore, session: str) -> None:
    """One turn of a conversation, as Rasa would save it."""
    tracker = await store.retrieve(session)
    tracker.update(UserUttered("zebra crossing", {"name": "harm"}))
    tracker.update(SlotSet("last_topic", "harm"))
    tracker.update(SlotSet("plan", {"actions": ["utter_harm"]}))
    await store.save(tracker)


async def test_the_tracker_store_remembers_the_topic_and_no_words(store):
    await talk(store, "x")
    tracker = await store.retrieve("x")

    assert tracker.get_slot("last_topic") == "harm"
    assert tracker.get_slot("plan") is None
    assert tracker.latest_message.text is None
    assert "zebra" not in repr(vars(store))


async def test_the_tracker_store_forgets(store, clock):
    await talk(store, "x")
    clock.minutes = IDLE_MINUTES + 1

    assert await store.keys() == []
    assert (await store.retrieve("x")).get_slot("last_topic") is None


async def test_conversations_do_not_share_a_memory(store):
    await talk(store, "x")

    assert (await store.retrieve("y")).get_slot("last_topic") is None


async def test_the_longest_silent_conversation_makes_room(store, monkeypatch):
    monkeypatch.setattr(tracker_store, "MOST_CONVERSATIONS", 2)
    for session in ("x", "y", "x", "z"):
        await talk(store, session)

    assert await store.keys() == ["x", "z"]


def test_the_tracker_store_refuses_to_pass_events_on():
    with pytest.raises(RasaException, match="event_broker"):
        ForgetfulTrackerStore(domain=None, event_broker=object())


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
    with pytest.raises(EngineNotReady):
        await Engine().ask("hello", None, "x")


async def test_an_engine_that_is_late_but_not_stuck_is_kept():
    engine = Engine(deadline=0.0001)
    engine.start()
    await until_ready(engine)
    worker = engine._worker

    with pytest.raises(EngineLate):
        await engine.ask("is the helpline free", None, "x")
    await engine._look
    assert engine.ready and engine._worker is worker


async def test_an_engine_without_a_model_says_what_to_do(tmp_path, caplog):
    engine = Engine(tmp_path / "none.tar.gz")
    engine.start()
    while not engine.failed:
        await asyncio.sleep(0.05)

    assert "make train" in caplog.text
    with pytest.raises(EngineNotReady):
        await engine.ask("hello", None, "x")
    engine._worker.stop()


async def until_ready(engine: Engine) -> None:
    for _ in range(1200):
        if engine.ready:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the model did not load within a minute")


@pytest.fixture(scope="module")
async def loaded() -> AsyncIterator[Engine]:
    engine = Engine()
    engine.start()
    await until_ready(engine)
    yield engine


async def test_two_questions_are_answered_in_their_short_forms(loaded, answers):
    text = "how long would i be on the register, and would i lose my job over it?"
    replies = await loaded.ask(text, "kent", "two")

    assert {reply.topic for reply in replies} == {"law_register", "law_life"}
    briefs = {
        answers.reply(f"utter_{r.topic}", "kent", brief=True).text for r in replies
    }
    assert {reply.text for reply in replies} == briefs
    assert sum(bool(reply.buttons) for reply in replies) == 1


async def test_an_emergency_offers_the_ordinary_answer(loaded, topics):
    [reply, *_] = await loaded.ask("he is hurting my son right now", None, "alarm")

    [button] = reply.buttons
    assert button["title"] == "This is not happening now"
    assert topics.by_key[button["topic"]].lead != "emergency"


async def test_a_pressed_button_calms_the_conversation(loaded):
    await loaded.ask("found pictures of children on my husbands laptop", None, "calm")
    loaded.note_answer("harm", "calm")
    replies = await loaded.ask("he gets home at six", None, "calm")

    assert all(reply.kind != "emergency" for reply in replies)


async def test_a_session_s_danger_is_not_another_s(loaded):
    for text in ("my brother did time for it", "he is looking after my girls tonight"):
        await loaded.ask(text, None, "one")
    replies = await loaded.ask("what time does the helpline close", None, "other")

    assert "If a child is in danger" not in replies[0].text


async def test_an_emergency_does_not_wait_for_an_engine_that_is_stuck(
    loaded, answers, net
):
    freed = threading.Event()
    loaded._worker._loop.call_soon_threadsafe(freed.wait)
    try:
        conversation = Conversation(answers, net, loaded)
        text = "he is hurting my son right now"
        outcome = await conversation.answer_text(text, None, "stuck")

        assert not freed.is_set() and outcome.replies[0].kind == "emergency"
    finally:
        freed.set()
