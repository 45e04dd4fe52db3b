"""Reads what a visitor sent to /chat: JSON or an HTML form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs


class InvalidAsk(ValueError):
    """The body is not a request as the contract of /chat has it."""


@dataclass(frozen=True)
class Asked:
    """One request: a message or a topic, and perhaps a session and a force."""

    message: str | None
    topic: str | None
    session: Any
    force: str | None

    @classmethod
    def read(cls, body: bytes, content_type: str) -> Asked:
        """Reads a body; an unknown force or session is no error.

        Raises:
            InvalidAsk: It is neither JSON nor a form, or holds no message and no topic.
        """
        fields = _form(body) if "form" in content_type else _json(body)
        message, topic = fields.get("message"), fields.get("topic")
        if isinstance(topic, str) and topic:
            return cls(None, topic, fields.get("session"), _force(fields))
        if not isinstance(message, str):
            raise InvalidAsk("no message and no topic")
        return cls(message, None, fields.get("session"), _force(fields))


def words_in(body: bytes) -> str:
    """All that may be a visitor's words in a body, however it was sent.

    For the net, which reads what nothing else can: escapes of JSON and of forms are
    undone where they can be.
    """
    try:
        return Asked.read(body, "application/json").message or ""
    except InvalidAsk:
        text = body.decode("utf-8", "replace")
    return " ".join([text, *(v for found in parse_qs(text).values() for v in found)])


def _force(fields: dict[str, Any]) -> str | None:
    force = fields.get("force")
    return force if isinstance(force, str) else None


def _json(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:  # also wrong UTF-8
        raise InvalidAsk("not JSON") from error
    if not isinstance(fields, dict):
        raise InvalidAsk("not a JSON object")
    return fields


def _form(body: bytes) -> dict[str, Any]:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise InvalidAsk("not a form") from error
    return {name: values[0] for name, values in fields.items()}
