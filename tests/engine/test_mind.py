"""The direct path gives the same replies as Rasa's own, message by message."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot import DATA, MODEL, ROOT
from bot.chat import in_context
from bot.chat.content import Content
from bot.chat.conversation import Conversation, Visitor, _readable
from bot.chat.memories import OwnMemories
from bot.engine.mind import Mind, OtherContent
from bot.languages.gate import Guess
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.talk.memory import Memory
from bot.talk.messages import Decision, Question, Served
from bot.words.computed import ACTIONS
from bot.words.reply import Reply, combine
from bot.words.topics import Topics
from tests.engine.process import question
from tests.evaluation.sets import HELD_BACK, TUNING, load
from tests.variety import read

FORCE = "kent"
# One in this many of the 21,900 training messages, this many to a conversation.
LEARNT_ONE_IN, A_CONVERSATION = 90, 3
# Of all the conversations: Rasa takes a minute and a half for the 3,900 messages.
ONE_IN = 3


class InProcessActions(EndpointConfig):
    """Answers Rasa's call of an action as `rasa run actions` would."""

    def __init__(self) -> None:
        super().__init__("http://in.process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, method: str = "post", **kwargs: Any) -> Any:
        """Runs the action of `kwargs["json"]`."""
        return await self._executor.run(kwargs["json"])


class Collector(OutputChannel):
    """Keeps the replies whole; Rasa's own channel cuts text at blank lines."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        return "chat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.replies.append(Reply(**message["reply"]))


class Direct:
    """Takes the place of the front's engines, and asks the mind directly."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind

    async def ask(
        self,
        text: str,
        memory: Memory,
        forced: str | None,
        served: Served,
        guess: Guess,
    ) -> Decision:
        version, now = served.version, time.time()
        heard = guess.language, guess.mixed
        question = Question(1, text, memory, forced, now, 9.0, version, *heard)
        return self._mind.decide(question)


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.read()


@pytest.fixture(scope="module")
def served_mind(mind, content) -> Mind:
    mind.serve(content.served)
    return mind


@pytest.fixture
def encoded_once(monkeypatch) -> None:
    """Lets the second way take what the first has read."""
    states, known = SentenceEncoder._states, {}

    def remembering(self: SentenceEncoder, ids: list[int]) -> Any:
        key = tuple(ids)
        if key not in known:
            known[key] = states(self, ids)
        return known[key]

    monkeypatch.setattr(SentenceEncoder, "_states", remembering)


@pytest.fixture(scope="module")
def straight(served_mind, content) -> Any:
    """Asks by the way of the server: its net, the mind, its words."""
    conversation = Conversation(content, Direct(served_mind), OwnMemories())

    async def ask(text: str, session: str) -> list[Reply]:
        verdict = content.net.judge(text)
        visitor = Visitor(FORCE, session, None, None)
        return await conversation._ask(text, verdict, visitor)

    return ask


@pytest.fixture(scope="module")
def through_rasa() -> Any:
    """Asks by the way of `rasa shell`: agent, trackers, policy, action server."""
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    agent = Agent(
        generator=NaturalLanguageGenerator.create(endpoints.nlg, domain=None),
        tracker_store=TrackerStore.create(endpoints.tracker_store),
        action_endpoint=InProcessActions(),
    )
    agent.load_model(MODEL)

    async def ask(text: str, session: str) -> list[Reply]:
        channel = Collector()
        metadata = {"force": FORCE}
        message = UserMessage(text, channel, session, None, "chat", metadata=metadata)
        await agent.handle_message(message)
        return combine(channel.replies)

    return ask


def talks_of(path: Path, topics: Topics) -> Iterator[list[str]]:
    """The conversations of one file; a message by itself is one too."""
    for entry in load(path.parent, path.stem):
        before = [topics.by_key[entry["after"]].title] if entry.get("after") else []
        texts = entry["turns"] if "turns" in entry else [entry.get("text", "")]
        # What needs no model is answered before it is asked.
        if all(re.search(r"\w", text) for text in texts):
            yield [*before, *texts]


def conversations(topics: Topics) -> list[list[str]]:
    """One in three of those that follow."""
    return list(every_conversation(topics))[::ONE_IN]


def every_conversation(topics: Topics) -> Iterator[list[str]]:
    """All messages of tests/evaluation, and a few of data/nlu for every topic."""
    yield ["what time does the helpline close", "who do i tell in brighton"]
    for folder in (HELD_BACK, TUNING):
        for path in sorted(folder.glob("*.yml")):
            yield from talks_of(path, topics)
    paths = sorted((DATA / "nlu").glob("*.yml"))
    texts = [message.text for path in paths for message in read(path)][::LEARNT_ONE_IN]
    for first in range(0, len(texts), A_CONVERSATION):
        yield texts[first : first + A_CONVERSATION]


async def test_every_reply_is_the_one_that_rasa_s_own_way_gives(
    straight, through_rasa, topics, content, encoded_once, monkeypatch
):
    # What an answer becomes by the one before it is the front's (test_in_context.py).
    monkeypatch.setattr(in_context, "instead", lambda *_: None)
    differing, asked = [], 0
    for number, talk in enumerate(conversations(topics)):
        for text in talk:
            # Rasa's own way understands other languages, and answers in English.
            if content.gate.judge(text).likely:
                continue
            typed, session = _readable(text).lstrip("/ "), f"{number}"
            wanted = plain_data(await through_rasa(typed, session))
            found = plain_data(await straight(typed, session))
            differing += [] if found == wanted else [(text, found, wanted)]
            asked += 1

    assert differing == [] and asked > 1000


def plain_data(replies: list[Reply]) -> str:
    return json.dumps([reply.as_dict() for reply in replies], indent=1)


async def test_an_action_that_fails_leaves_the_answer_before_it(
    straight, monkeypatch, caplog
):
    def fails(*_: object) -> None:
        raise OSError("what time does the helpline close")

    monkeypatch.setitem(ACTIONS, "action_tell_helpline_hours", fails)
    [reply] = await straight("what time does the helpline close", "x")

    assert reply.topic == "helpline_how"
    assert "action_tell_helpline_hours OSError" in caplog.text
    assert "helpline close" not in caplog.text


async def test_two_questions_are_both_answered_whole(straight, answers):
    text = "how long would i be on the register, and would i lose my job over it?"
    replies = await straight(text, "two")

    assert {reply.topic for reply in replies} == {"law_register", "law_life"}
    whole = {
        answers.reply(f"utter_{r.topic}", FORCE, together=True).text for r in replies
    }
    assert {reply.text for reply in replies} == whole
    assert sum(bool(reply.buttons) for reply in replies) == 1


async def test_an_emergency_offers_the_ordinary_answer(straight, topics):
    [reply, *_] = await straight("he is hurting my son right now", "alarm")

    [button] = reply.buttons
    assert button["title"] == "This is not happening now"
    assert topics.by_key[button["topic"]].lead != "emergency"


def test_a_question_about_topics_that_are_not_served_is_not_decided(served_mind):
    with pytest.raises(OtherContent):
        served_mind.decide(question(text="thank you", version="another"))


def test_topics_with_a_gap_are_refused_and_those_before_stay(served_mind, content):
    with pytest.raises(ValueError, match="topics"):
        served_mind.serve(Served("broken", {}))

    version = content.served.version
    assert served_mind.decide(question(text="thank you", version=version)).intents
