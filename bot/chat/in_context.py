"""How an answer changes because of what came before it in the conversation."""

from __future__ import annotations

from typing import NamedTuple

from bot.talk.messages import Decision
from bot.words.topics import UNLISTED, VAGUE, Topics

OPENED = "opening_"  # remembered as the last topic, with who the visitor said they are
# Instead of an answer that is right above.
SAID_ALREADY = "utter_said_already"
# Instead of "I am not sure what you mean", if part of the talk may be missing.
PART_MISSING = "utter_part_missing"


class Instead(NamedTuple):
    """A response instead of the answer, and the topics to offer."""

    response: str
    offered: tuple[str, ...]


def instead(
    decision: Decision,
    audience: str | None,
    after: str | None,
    topics: Topics,
    partial: bool = False,
) -> Instead | None:
    """What to say instead of the answer; None: the answer stays as it is.

    Args:
        decision: What the answer would be.
        audience: Who the visitor said they are, a key of `openings`, or None.
        after: What was answered just before, a topic or an opening, or None.
        topics: The topics that are served.
        partial: Whether some of the talk may be missing.
    """
    if partial and decision.intents in ((), (VAGUE,)):
        return Instead(PART_MISSING, decision.offered)
    if after and after.startswith(OPENED):
        audience = audience or after.removeprefix(OPENED)
    if decision.intents == (VAGUE,):
        return _to_vague_plea(audience, after, topics)
    if len(decision.intents) != 1:
        return None
    topic = topics.of_intent(decision.intents[0])
    if not topic or topic.key != after:
        return None
    if topic.is_emergency or topic.audience == UNLISTED:
        return None
    offered = dict.fromkeys((*decision.offered, *topic.related))
    return Instead(SAID_ALREADY, tuple(offered))


def _to_vague_plea(audience: str | None, after: str | None, topics: Topics) -> Instead:
    """By who they say they are, or by the answer before."""
    before = topics.by_key.get(after or "")
    if audience in topics.openings:
        offered = topics.openings[audience].topics
        return Instead(f"utter_{VAGUE}_{audience}", offered)
    if not before or before.audience == UNLISTED:
        return Instead(f"utter_{VAGUE}", topics.by_key[VAGUE].related)
    read_by = [
        key
        for key, opening in topics.openings.items()
        if before.audience in opening.readers
    ]
    return Instead(f"utter_{VAGUE}_{[*read_by, 'after'][0]}", before.related)
