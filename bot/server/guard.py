"""What is between uvicorn and the Sanic app: limits, deadlines, headers, counts.

Under ASGI Sanic ignores its REQUEST_MAX_SIZE and RESPONSE_TIMEOUT, and sends a reply in
pieces without its length: a process that is killed meanwhile would leave half of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from bot import logs
from bot.chat.body import Body
from bot.chat.exchange import CUT
from bot.server import metrics
from bot.server.headers import missing
from bot.server.last_resort import LastResort
from bot.server.routes.responses import wants_page

logger = logging.getLogger(__name__)

# The server reads and discards much more than the chat accepts, so that somebody who
# sends too much gets a reply and not a broken connection.
MOST_READ = 8_000_000
# For the whole body. nginx gives the same time to each piece of it.
BODY_SECONDS = 10.0
# For the reply: twice what the engine may take (bot/chat/engine.py).
ANSWER_SECONDS = 10.0

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Gives the app a whole body and a deadline, and sends its reply as a whole.

    If the app fails, the guard answers instead.
    """

    def __init__(self, app: App, last_resort: LastResort) -> None:
        """Guards `app`; `last_resort` is the reply when it fails."""
        self._app = app
        self._last_resort = last_resort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # HEAD is answered like GET; the server leaves out the body.
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        with metrics.request(scope["path"]) as answer:
            body, cut, ended = await _read(receive)
            scope[CUT] = cut

            reply = _Reply()
            try:
                app = self._app(scope, _whole(body, receive), reply.take)
                await asyncio.wait_for(app, ANSWER_SECONDS)
            except Exception as error:  # noqa: BLE001 - a visitor is waiting
                logger.error("request.failed %s", logs.fault(error))
                reply = self._in_its_place(scope)
            answer["status"] = reply.status
            # After half a body, the rest would be read as a request.
            await reply.send(send, () if ended else (CLOSE,))

    def _in_its_place(self, scope: Scope) -> _Reply:
        sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
        html = wants_page(sent.get(b"accept", ""), sent.get(b"content-type", ""))
        headers, body = self._last_resort.reply(html)
        return _Reply(503, headers, bytearray(body))


CLOSE = (b"connection", b"close")
FRAMING = (b"content-length", b"transfer-encoding")
# RFC 9110 forbids a length in such a reply (8.6).
WITHOUT_LENGTH = (204, 304)


@dataclass
class _Reply:
    """A reply as the app makes it: in pieces, of an unknown length."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    async def take(self, message: MutableMapping[str, Any]) -> None:
        """Takes the next piece."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], [*message["headers"]]
        else:
            self.body += message.get("body", b"")

    async def send(self, send: Send, more: tuple[tuple[bytes, bytes], ...]) -> None:
        """Sends the whole, with `more` headers."""
        headers = [(n, v) for n, v in self.headers if n.lower() not in FRAMING]
        headers += missing(headers)
        if self.status not in WITHOUT_LENGTH:
            headers.append((b"content-length", str(len(self.body)).encode()))
        start = {"status": self.status, "headers": [*headers, *more]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": bytes(self.body)})


async def _read(receive: Receive) -> tuple[bytes, int | None, bool]:
    """Reads a body.

    Returns:
        What the chat reads of it (bot/chat/body.py); 413 or 408 if that is not all of
        it, otherwise None; and whether it was read to its end.
    """
    found = Body()
    clock = asyncio.get_running_loop().time
    until = clock() + BODY_SECONDS
    while found.size <= MOST_READ:
        try:
            message = await asyncio.wait_for(receive(), until - clock())
        except asyncio.TimeoutError:
            return found.read(), 408, False
        found.add(message.get("body", b""))
        if not message.get("more_body", False):
            return found.read(), 413 if found.too_long else None, True
    return found.read(), 413, False


def _whole(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that has been read, then what the server says."""
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> MutableMapping[str, Any]:
        return unread.pop() if unread else await receive()

    return next_message
