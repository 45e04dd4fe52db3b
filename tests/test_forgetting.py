"""What visitors type is gone when it is answered, and the rest after ten minutes."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Iterator

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from bot import ROOT
from bot.answers import Answers
from bot.conversation import Conversation
from bot.engine import Engine
from bot.rasa_parts.tracker_store import (
    IDLE_MINUTES,
    MOST_CONVERSATIONS,
    ForgetfulTrackerStore,
)
from bot.redis_link import RedisLink
from bot.safety_net import SafetyNet
from tests.test_rasa import until_ready

CONVERSATIONS = 100_000
ASKED = (
    "is the helpline free, {}",
    "he is hurting my son right now, {}",
    "{} {} {}",
    "how long would i be on the register, and would i lose my job over {}?",
    "/{}",
)


class Clock:
    """A clock that a test moves on."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_100_000_conversations_stay_within_the_bound_and_are_forgotten():
    clock = Clock()
    store = ForgetfulTrackerStore(Domain.load(str(ROOT / "domain.yml")), clock=clock)
    most = 0
    for number in range(CONVERSATIONS):
        clock.seconds += 0.001
        tracker = await store.retrieve(f"session {number}")
        tracker.update(UserUttered("zebra crossing"))
        tracker.update(SlotSet("last_topic", "harm"))
        await store.save(tracker)
        most = max(most, len(store._kept))

    assert most == MOST_CONVERSATIONS
    assert (await store.keys())[-1] == f"session {CONVERSATIONS - 1}"
    clock.seconds += IDLE_MINUTES * 60 + 1
    assert await store.keys() == []


def texts_that_hold(backwards: str) -> list[str]:
    """All texts in this process's memory that hold a word, but for the word itself.

    Args:
        backwards: The word, spelt backwards: so whoever asks does not hold it.
    """
    gc.collect()
    word = backwards[::-1]
    return [text for text in _texts() if word in text and text is not word]


def _texts() -> Iterator[str]:
    """Every string and bytes object that an object of this process refers to."""
    seen: set[int] = set()
    for tracked in gc.get_objects():
        todo = [tracked]
        while todo:
            for found in _referents(todo.pop()):
                if id(found) in seen or gc.is_tracked(found):
                    continue
                seen.add(id(found))
                if isinstance(found, bytes):
                    yield found.decode("latin1")
                elif isinstance(found, str):
                    yield found
                else:
                    todo.append(found)


def _referents(of: object) -> list[object]:
    # The collector passes the keys of a dictionary over when all are texts.
    keys = list(dict.keys(of)) if isinstance(of, dict) else []
    return gc.get_referents(of) + keys


def test_the_search_of_the_memory_finds_a_text_in_whatever_holds_it():
    class Holder:
        __slots__ = ("held",)

    backwards = secrets.token_hex(16)
    holders = []
    for number, holds in enumerate(
        (
            lambda text: {"deep": [{"deeper": (text,)}]},
            lambda text: {text: 1},
            lambda text: [text.encode()],
            lambda text: lambda: text,
        )
    ):
        holders.append(Holder())
        holders[-1].held = holds(f"{number} {backwards[::-1]}")

    assert sorted(text[0] for text in texts_that_hold(backwards)) == list("0123")
    holders.clear()
    assert not texts_that_hold(backwards)


@pytest.mark.parametrize("shared", [False, True])
async def test_no_object_holds_what_was_typed_once_it_is_answered(redis_server, shared):
    engine = Engine(redis=RedisLink(redis_server.url) if shared else None)
    engine.start()
    await until_ready(engine)
    backwards = secrets.token_hex(16)
    conversation = Conversation(Answers.read(), SafetyNet.read(), engine)
    for lose in (None, redis_server.kill):
        if lose:
            lose()
        for text in ASKED:
            typed = text.replace("{}", backwards[::-1])
            session = secrets.token_hex(16)
            outcome = await conversation.answer_text(typed, "kent", session)
            assert outcome.available and outcome.replies
    del typed, outcome

    assert not texts_that_hold(backwards)
