"""Reads what a visitor sent to /chat: JSON or an HTML form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.chat import form

ABOUT = ("force", "audience", "view", "lang")  # what is known of the asker


class InvalidAsk(ValueError):
    """The body is not a request that the contract of /chat describes."""


@dataclass(frozen=True)
class Asked:
    """One request: a message, a topic or an opening, and what is known of the asker.

    If there is a `topic` or an `opening`, only the net reads `message`. `opening` is
    the pressed button that says who is asking, `audience` the one pressed earlier;
    `view` is the page that a form was sent from, `lang` the chosen language, by its
    name in data/languages. `conversation` identifies a conversation that has no token
    of ours; it never comes from the body (bot/chat/senders.py).
    """

    message: str | None = None
    topic: str | None = None
    opening: str | None = None
    session: Any = None
    force: str | None = None
    audience: str | None = None
    view: str | None = None
    lang: str | None = None
    conversation: str | None = None

    @classmethod
    def read(cls, body: bytes, content_type: str) -> Asked:
        """Reads a body; an unknown force or session is not an error.

        Raises:
            InvalidAsk: It is neither JSON nor a form, or asks nothing.
        """
        fields = (
            _form(body, content_type) if "form" in content_type else read_json(body)
        )
        known = {
            name: fields[name]
            for name in ("message", "topic", "opening", *ABOUT)
            if isinstance(fields.get(name), str)
        }
        # A form sends its empty text field along with a pressed button.
        buttons = [name for name in ("topic", "opening") if known.get(name)]
        if not buttons and "message" not in known:
            raise InvalidAsk("no message, topic or opening")
        about = {name: known.get(name) for name in ("message", *ABOUT)}
        pressed = {name: known[name] for name in buttons[:1]}
        return cls(**pressed, **about, session=fields.get("session"))


def read_json(body: bytes) -> dict[str, Any]:
    """The fields of a JSON object; raises InvalidAsk if it is anything else."""
    try:
        fields = json.loads(body, object_pairs_hook=one_of_each)
    except (ValueError, RecursionError) as error:  # also wrong UTF-8
        raise InvalidAsk("not JSON") from error
    if not isinstance(fields, dict):
        raise InvalidAsk("not a JSON object")
    return fields


def _form(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        return one_of_each(form.read(body, content_type))
    except (form.FormError, RecursionError) as error:
        raise InvalidAsk("not a form") from error


def one_of_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Fields by name; some may have been sent more than once.

    All messages are read, one on each line. Any other field with two different values
    is ignored: nobody can know which of two topics was pressed, or whose session it is.
    """
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: _one(name, values) for name, values in found.items()}


def _one(name: str, values: list[Any]) -> Any:
    if all(value == values[0] for value in values):
        return values[0]
    if name == "message":
        return "\n".join(value for value in values if isinstance(value, str) and value)
    return None
