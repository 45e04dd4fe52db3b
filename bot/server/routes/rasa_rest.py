"""Rasa's REST protocol, for existing web clients; RASA_REST switches it on.

It differs from Rasa's channel (rasa/core/channels/rest.py) where that fails visitors:
after an error the reply is the numbers and never an empty list, the net reads every
message first, the limits and origins of /chat apply, and guessing a `sender` does not
let anybody into another person's conversation (bot/chat/senders.py).
"""

from __future__ import annotations

import logging
from functools import partial
from http import HTTPStatus
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import logs
from bot.chat import exchange, senders
from bot.chat.asked import Asked, InvalidAsk, read_json
from bot.chat.exchange import Exchange
from bot.shared_key import SharedKey
from bot.words.reply import Reply

logger = logging.getLogger(__name__)

PRESSED = "topic:"
# No answer has this many. The last message of an answer holds the rest.
MOST_PARAGRAPHS = 10

rasa_rest = Blueprint("rasa_rest", url_prefix="/webhooks/rest")


@rasa_rest.get("/")
async def status(request: Request) -> HTTPResponse:
    """What Rasa's channel says about itself."""
    return json({"status": "ok"})


@rasa_rest.options("/webhook")
async def preflight(request: Request) -> HTTPResponse:
    """Lets the websites of data/forces.yml ask from their own pages."""
    origin = request.headers.get("origin")
    if origin and not request.app.ctx.site.origins.listed(origin):
        refused = _safe(request, "utter_other_origin")
        return json(as_messages(refused), status=HTTPStatus.FORBIDDEN)
    return empty(headers=_cors(request))


@rasa_rest.post("/webhook")
async def receive(request: Request) -> HTTPResponse:
    """Answers `{"sender", "message"}` with a list of messages, always with 200.

    Clients drop a reply with any other status, and the numbers with it.
    """
    key = request.app.ctx.site.sessions.key
    done = await exchange.answer(request, partial(read, key=key))
    return json(as_messages(done), headers=_cors(request))


@rasa_rest.exception(Exception)  # type: ignore[untyped-decorator]  # Sanic's lacks one
async def failed(request: Request, error: Exception) -> HTTPResponse:
    """Turns every error into a message that carries the numbers."""
    logger.error("request.failed %s", logs.fault(error))
    done = _safe(request, "utter_unavailable")
    return json(as_messages(done), headers=_cors(request))


def read(body: bytes, content_type: str, key: SharedKey) -> Asked:
    """Reads a body of Rasa's protocol.

    A pressed button sends a text that begins with `PRESSED`; no other text is read as a
    command. `key` hashes a sender that is not one of our tokens.

    Raises:
        InvalidAsk: It is not JSON or holds no message.
    """
    fields = read_json(body)
    message, sender = fields.get("message"), fields.get("sender")
    if not isinstance(message, str):
        raise InvalidAsk("no message")
    pressed = message.startswith(PRESSED)
    return Asked(
        message=None if pressed else message,
        topic=message[len(PRESSED) :] if pressed else None,
        session=sender,
        conversation=senders.conversation_of(sender, key),
    )


def as_messages(done: Exchange) -> list[dict[str, Any]]:
    """The answer as Rasa's REST channel would send it, one message per paragraph.

    RasaHQ's chat-widget lays the paragraphs of one message side by side, and chatroom
    runs them together.
    """
    by_sender = done.session == done.asked.conversation
    recipient = done.asked.session if by_sender else done.session
    return [
        {"recipient_id": recipient, **part}
        for reply in done.replies
        for part in _parts(reply)
    ]


def _parts(reply: Reply) -> list[dict[str, Any]]:
    *first, last = reply.text.split("\n\n", MOST_PARAGRAPHS - 1)
    parts: list[dict[str, Any]] = [
        {"text": paragraph} for paragraph in (*first, last.replace("\n\n", " "))
    ]
    if reply.buttons:  # Rasa leaves out empty values
        parts[-1]["buttons"] = [
            {"title": button["title"], "payload": f"{PRESSED}{button['topic']}"}
            for button in reply.buttons
        ]
    return parts


def _safe(request: Request, response: str) -> Exchange:
    """What to say instead of an answer."""
    site = request.app.ctx.site
    said = [site.conversation.say(response)]
    return Exchange(Asked(), site.sessions.issue(), said, HTTPStatus.OK)


def _cors(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    if not origin or not request.app.ctx.site.origins.listed(origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        # A Rasa web client may have a token; it means nothing here.
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Vary": "Origin",
    }
