"""Which names from a Rasa web client may identify a conversation."""

from __future__ import annotations

import random
import uuid

import pytest

from bot.chat.senders import PREFIX, conversation_of, is_unguessable
from bot.chat.sessions import Sessions
from bot.shared_key import SharedKey


def random_uuid(seed: int) -> str:
    return str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4))


@pytest.mark.parametrize(
    "sender",
    [
        "a40331c0-c34c-4a49-b209-4d7345224571",  # RasaHQ's chat-widget 0.1.19
        "21d4f075-2fb2-4aec-9bae-00edd595ae80",  # chatroom 0.12.0
        "A40331C0-C34C-4A49-B209-4D7345224571",
    ],
)
def test_what_web_clients_make_up_is_taken(sender):
    assert is_unguessable(sender)


def test_nearly_every_random_uuid_is_taken():
    taken = sum(is_unguessable(random_uuid(seed)) for seed in range(10_000))

    assert taken > 9_950


@pytest.mark.parametrize(
    "sender",
    [
        "", "a", "user", "default", "test_user", "rasa", "anna.smith@example.org",
        "1", "1234567890", "07700900123", "2026-11-29", "1764435600000",
        "user_1764435600000_k3j9x2m1q",  # the time, and little besides
        "a40331c0",  # the start of a UUID, as some clients cut it
        "x" * 64, "0123456789abcdef" * 4, "a long sentence that anybody can think of",
        "00000000-0000-4000-8000-000000000000",
        "11111111-1111-4111-8111-111111111111",
        "12345678-1234-4234-8234-123456789abc",
        "01234567-89ab-4def-8123-456789abcdef",
        "deadbeef-dead-4ead-beef-deadbeefdead",
        "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",  # printed in the README of npm's `uuid`
        "F47AC10B-58CC-4372-A567-0E02B2C3D479",  # printed in many manuals
        "123e4567-e89b-12d3-a456-426614174000",  # version 1: a time and a machine
        "a40331c0-c34c-4a49-b209-4d7345224571\n",
        " a40331c0-c34c-4a49-b209-4d7345224571",
        "urn:uuid:a40331c0-c34c-4a49-b209-4d7345224571",
        "\N{FULLWIDTH LATIN SMALL LETTER A}40331c0-c34c-4a49-b209-4d7345224571",
    ],
)  # fmt: skip
def test_what_others_could_guess_is_not(sender):
    assert not is_unguessable(sender)
    assert conversation_of(sender, SharedKey()) is None


@pytest.mark.parametrize("sender", [None, 7, True, [], {}, ["a"], {"id": "a"}])
def test_what_is_no_text_is_not_taken_either(sender):
    assert conversation_of(sender, SharedKey()) is None


def test_a_conversation_is_found_again_by_its_sender_on_this_server_alone():
    key, sender = SharedKey(), random_uuid(1)
    found = conversation_of(sender, key)

    assert found == conversation_of(sender, key)
    assert found != conversation_of(random_uuid(2), key)
    assert found != conversation_of(sender, SharedKey())
    assert sender not in str(found)


def test_a_sender_s_conversation_is_never_one_of_our_tokens():
    sessions = Sessions()
    found = conversation_of(random_uuid(1), sessions.key)

    assert found and found.startswith(PREFIX)
    assert sessions.keep_or_issue(found) != found
    assert sessions.keep_or_issue(random_uuid(1)) != random_uuid(1)
    assert conversation_of(sessions.issue(), sessions.key) is None
