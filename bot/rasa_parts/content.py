"""The content files as `rasa shell`, `rasa test` and `rasa run actions` read them.

The server uses bot/chat/content.py instead, which can be renewed.
"""

from __future__ import annotations

import os
from functools import cache

from bot.safety.net import SafetyNet
from bot.words import sign_off
from bot.words.answers import Answers


@cache
def answers() -> Answers:
    """The answers; raises the errors of `Answers.read`."""
    only_approved = sign_off.is_required(os.environ.get("REQUIRE_SIGN_OFF"))
    return Answers.read(only_approved=only_approved)


@cache
def net() -> SafetyNet:
    """The net; raises the errors of `SafetyNet.read`."""
    return SafetyNet.read()
