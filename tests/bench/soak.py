"""Many conversations with a bot that has read every language: does memory grow?"""

from __future__ import annotations

from typing import Any

from bot.words.topics import Topics
from tests.bench.bots import Bot, OurBot
from tests.bench.contenders import Contender
from tests.bench.load import drive, press
from tests.bench.measure import MANY, WARM_UP, speak_every_language
from tests.bench.messages import read_messages
from tests.bench.tell import tell

CONVERSATIONS = 100_000
# As many typed ones as are kept at once (bot/chat/memories.py), out of all.
TYPED_SHARE = 0.2
SHORT_WORDS = 6  # their messages; few, so that they take minutes
STEPS = 5  # of each kind


async def measure(conversations: int = CONVERSATIONS) -> dict[str, Any]:
    """Memory before, between and after them, in megabytes; raises BenchError."""
    ours = Contender("this bot", OurBot)
    typed = round(conversations * TYPED_SHARE)
    pressed = conversations - typed
    try:
        await ours.start()
        await drive(ours.bot, read_messages(), MANY, conversations=WARM_UP)
        await speak_every_language(ours.bot)
        held = [_held(ours.bot, 0)]
        await _press(ours.bot, pressed, held)
        await _type(ours.bot, typed, held)
    finally:
        ours.stop()
    return {"pressed": pressed, "typed": typed, "points": held}


async def _press(bot: Bot, conversations: int, held: list[dict[str, float]]) -> None:
    topics = [t.key for t in Topics.read().by_key.values() if not t.is_emergency]
    for _ in range(STEPS):
        await press(bot, topics, MANY, conversations // STEPS)
        held.append(_held(bot, held[-1]["at"] + conversations // STEPS))


async def _type(bot: Bot, conversations: int, held: list[dict[str, float]]) -> None:
    short = [text for text in read_messages() if len(text.split()) <= SHORT_WORDS]
    for _ in range(STEPS):
        await drive(bot, short, MANY, conversations=conversations // STEPS, length=1)
        held.append(_held(bot, held[-1]["at"] + conversations // STEPS))


def _held(bot: Bot, at: float) -> dict[str, float]:
    front, engine = bot.memory_mb
    tell(f"After {at:,.0f} conversations: {front:.0f} + {engine:.0f} MB")
    return {"at": at, "front_mb": round(front, 1), "engines_mb": round(engine, 1)}
