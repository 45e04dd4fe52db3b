"""What stands between uvicorn and the Sanic app: body limit, deadlines, counts.

Under ASGI Sanic 21.12 ignores its REQUEST_MAX_SIZE and RESPONSE_TIMEOUT.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bot import logs, metrics
from bot.error_page import ErrorPage
from bot.exchange import CUT, MOST_BYTES
from bot.routes.responses import wants_page

logger = logging.getLogger(__name__)

# Up to eight times as much as the chat accepts is read and thrown away, so that who
# sends too much gets a reply and not a broken connection.
MOST_READ = 8 * MOST_BYTES
# For the whole body. nginx gives the same time to each piece of it.
BODY_SECONDS = 10.0
# For the reply: twice what the engine may take (bot/engine.py).
ANSWER_SECONDS = 10.0

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Gives the app a whole body and a deadline; answers in its place when it fails."""

    def __init__(self, app: App, page: ErrorPage, headers: dict[str, str]) -> None:
        """Guards `app`; `page` is the reply of last resort, sent with `headers`."""
        self._app = app
        self._page = page
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with metrics.request(scope["path"]) as answer:
            body, cut, ended = await _read(receive)
            scope[CUT] = cut

            async def send_on(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    answer["status"] = message["status"]
                    if not ended:  # the rest of the body would be read as a request
                        message["headers"] = [*message["headers"], CLOSE]
                await send(message)

            try:
                app = self._app(scope, _whole(body, receive), send_on)
                await asyncio.wait_for(app, ANSWER_SECONDS)
            except Exception as error:  # noqa: BLE001 - a visitor is waiting
                logger.error("request.failed %s", logs.fault(error))
                if "status" not in answer:
                    await self._answer(scope, send_on)

    async def _answer(self, scope: Scope, send: Send) -> None:
        """Sends the reply of last resort."""
        sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
        html = wants_page(sent.get(b"accept", ""), sent.get(b"content-type", ""))
        kind = "text/html; charset=utf-8" if html else "application/json"
        headers = {**self._headers, "Cache-Control": "no-store", "Content-Type": kind}
        start = {
            "type": "http.response.start",
            "status": 503,
            "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
        }
        await send(start)
        body = self._page.html if html else self._page.json
        await send({"type": "http.response.body", "body": body})


CLOSE = (b"connection", b"close")


async def _read(receive: Receive) -> tuple[bytes, int | None, bool]:
    """Reads a body.

    Returns:
        At most `MOST_BYTES` of it; 413 or 408 when that is not the whole, or None; and
        whether it was read to its end.
    """
    kept, size = bytearray(), 0
    clock = asyncio.get_running_loop().time
    until = clock() + BODY_SECONDS
    while size <= MOST_READ:
        try:
            message = await asyncio.wait_for(receive(), until - clock())
        except asyncio.TimeoutError:
            return bytes(kept), 408, False
        piece = message.get("body", b"")
        kept += piece[: MOST_BYTES - len(kept)]
        size += len(piece)
        if not message.get("more_body", False):
            return bytes(kept), 413 if size > MOST_BYTES else None, True
    return bytes(kept), 413, False


def _whole(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that has been read, then whatever the server says."""
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> MutableMapping[str, Any]:
        return unread.pop() if unread else await receive()

    return next_message
