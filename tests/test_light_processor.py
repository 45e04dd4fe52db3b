"""The light way through Rasa gives the answers of Rasa's own."""

from __future__ import annotations

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


def agents() -> list[Agent]:
    """The light agent, and Rasa's own."""
    made = []
    for kind in (LightAgent, Agent):
        endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
        agent = kind(
            generator=NaturalLanguageGenerator.create(endpoints.nlg, domain=None),
            tracker_store=TrackerStore.create(endpoints.tracker_store),
            action_endpoint=InProcessActions(),
        )
        agent.load_model(MODEL)
        made.append(agent)
    return made


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, str]]:
    """Messages of every topic and the conversation of each; some for the actions."""
    paths = sorted((DATA / "nlu").glob("*.yml"))
    texts = [message.text for path in paths for message in read(path)][::EVERY]
    texts += ["what time does the helpline close", "who do i tell in brighton"]
    return [(text, f"{n // A_CONVERSATION}") for n, text in enumerate(texts)]


async def test_every_reply_is_the_one_that_rasa_s_own_processor_gives(asked):
    light, own = agents()

    async def replies(agent: Agent) -> list[list[Reply]]:
        return [await _handle(agent, text, "kent", session) for text, session in asked]

    given, wanted = await replies(light), await replies(own)

    assert len(given) > 200
    assert given == wanted


async def test_an_action_that_fails_leaves_the_answer_before_it(monkeypatch):
    light, _ = agents()

    async def fails(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(InProcessActions, "request", fails)
    [reply] = await _handle(light, "what time does the helpline close", None, "x")

    assert reply.topic == "helpline_how"
