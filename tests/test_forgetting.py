"""What visitors type is gone from the front's memory once it is answered."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Iterator

from bot.chat.content import Content
from bot.chat.conversation import Conversation
from bot.chat.engine import Engine
from bot.chat.launch import Launcher
from bot.chat.memories import OwnMemories
from bot.chat.shared_memories import SharedMemories
from bot.redis_link import RedisLink
from tests.conftest import until_soon

ASKED = (
    "is the helpline free, {}",
    "he is hurting my son right now, {}",
    "{} {} {}",
    "how long would i be on the register, and would i lose my job over {}?",
    "/{}",
)


def texts_that_hold(backwards: str) -> list[str]:
    """All texts in this process's memory that hold a word, except the word itself.

    Args:
        backwards: The word, spelt backwards, so that the caller does not hold it.
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


async def test_no_object_holds_what_was_typed_once_it_is_answered(redis_server):
    shared = SharedMemories(RedisLink(redis_server.url), lambda _: 0.0)
    engine, content = Engine(Launcher()), Content.read()
    engine.start()
    await until_soon(lambda: engine.ready)
    backwards = secrets.token_hex(16)
    for memories, lose in (
        (OwnMemories(), None),
        (shared, None),
        (shared, redis_server.kill),
    ):
        if lose:
            lose()
        conversation = Conversation(content, engine, memories)
        for text in ASKED:
            typed = text.replace("{}", backwards[::-1])
            session = secrets.token_hex(16)
            outcome = await conversation.answer_text(typed, "kent", session)
            assert outcome.available and outcome.replies
    del typed, outcome

    assert not texts_that_hold(backwards)
    await engine.stop()
