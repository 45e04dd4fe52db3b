"""Which of the names that a Rasa web client sends may identify a conversation.

A client that ignores `recipient_id` sends its own name with every message. RasaHQ's
chat-widget (0.1.19), chatroom (0.12.0) and many that people write themselves make a
random UUID for it. No other form is accepted: with a name that others can guess, one
visitor could continue the conversation of another.
"""

from __future__ import annotations

import re
from typing import Any

from bot.shared_key import SharedKey

# None of our tokens begins like this (bot/chat/sessions.py), so the two never clash.
PREFIX = "sender:"

# Version 4, so 30 of its digits are random and two are not.
_RANDOM_UUID = re.compile(
    r"([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-[89ab]([0-9a-f]{3})-([0-9a-f]{12})",
    re.IGNORECASE,
)
# What a person makes up is not random. Of a million random ones, about 20 have fewer
# than nine different digits, and 200 hold the same five digits in a row twice.
_LEAST_DIFFERENT = 9
_TWICE = re.compile(r"(.{5}).*\1")
# Examples that people copy: RFC 4122's and RFC 9562's, those of the README of npm's
# `uuid`, Swagger's, and one that many manuals share.
_PRINTED = frozenset(
    {
        "550e8400-e29b-41d4-a716-446655440000",
        "919108f7-52d1-4320-9bac-f847db4148a8",
        "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
        "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "110ec58a-a0f2-4ac4-8393-c866d813b8d1",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    }
)


def conversation_of(sender: Any, key: SharedKey) -> str | None:
    """The name under which a sender's conversation is remembered.

    Only this server can derive it from the sender, and it never shows it.

    Args:
        sender: What the client sent; a text, if the client is well-behaved.
        key: What the sender is hashed with.

    Returns:
        `PREFIX` and a hash; None when others could guess the sender.
    """
    if not isinstance(sender, str) or not is_unguessable(sender):
        return None
    return f"{PREFIX}{key.sign(f'sender {sender}')}"


def is_unguessable(sender: str) -> bool:
    """Whether a sender is a random UUID, as far as we can tell."""
    found = _RANDOM_UUID.fullmatch(sender)
    if not found or sender.lower() in _PRINTED:
        return False
    digits = "".join(found.groups()).lower()
    return len(set(digits)) >= _LEAST_DIFFERENT and not _TWICE.search(digits)
