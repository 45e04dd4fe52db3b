"""The light way through Rasa gives the answers of Rasa's own."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.agent import Agent
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints

from bot import DATA, MODEL, ROOT
from bot.answers import Reply
from bot.engine import _handle
from bot.rasa_parts.in_process_actions import InProcessActions
from bot.rasa_parts.light_processor import LightAgent
from tests.variety import read

EVERY, A_CONVERSATION = 90, 3  # of 21,900 messages; messages


def load(kind: type[Agent]) -> Agent:
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    agent = kind(
        generator=NaturalLanguageGenerator.create(endpoints.nlg, domain=None),
        tracker_store=TrackerStore.create(endpoints.tracker_store),
        action_endpoint=InProcessActions(),
    )
    agent.load_model(MODEL)
    return agent


@pytest.fixture(scope="module")
def light() -> Agent:
    return load(LightAgent)


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, str]]:
    """Messages of every topic and the conversation of each; some for the actions."""
    paths = sorted((DATA / "nlu").glob("*.yml"))
    texts = [message.text for path in paths for message in read(path)][::EVERY]
    texts += ["what time does the helpline close", "who do i tell in brighton"]
    return [(text, f"{n // A_CONVERSATION}") for n, text in enumerate(texts)]


@pytest.fixture(scope="module")
async def one_by_one(light, asked) -> list[list[Reply]]:
    """What the light agent replies when it is asked one after another."""
    return [await _handle(light, text, "kent", session) for text, session in asked]


async def test_every_reply_is_the_one_that_rasa_s_own_processor_gives(
    asked, one_by_one
):
    own = load(Agent)
    wanted = [await _handle(own, text, "kent", session) for text, session in asked]

    assert len(wanted) > 200
    assert one_by_one == wanted


async def test_messages_that_come_at_once_get_the_same_replies(
    light, asked, one_by_one
):
    at_once = await asyncio.gather(
        *(_handle(light, text, "kent", f"again {session}") for text, session in asked)
    )

    assert at_once == one_by_one


async def test_an_action_that_fails_leaves_the_answer_before_it(
    light, monkeypatch, caplog
):
    async def fails(*_: object, **__: object) -> None:
        raise OSError("what time does the helpline close")

    monkeypatch.setattr(InProcessActions, "request", fails)
    [reply] = await _handle(light, "what time does the helpline close", None, "x")

    assert reply.topic == "helpline_how"
    assert "action_tell_helpline_hours OSError" in caplog.text
    assert "helpline close" not in caplog.text
