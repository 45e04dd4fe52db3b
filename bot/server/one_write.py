"""Gives each reply to the system in one call, and hangs up once it has arrived."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# How long somebody who is still sending has to read the reply.
LINGER_SECONDS = 2.0


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol, which writes the head of a reply and then its body.

    If a process was killed between the two, nginx had already passed on the head, and
    could not ask the other process.

    uvicorn also hangs up as soon as it has answered. If somebody is still sending, the
    system then discards the reply; here the rest is read first.
    """

    transport: asyncio.Transport

    def connection_made(  # type: ignore[override] # as uvicorn's
        self, transport: asyncio.Transport
    ) -> None:
        self._line = _Line(transport, self.loop)
        super().connection_made(cast(asyncio.Transport, self._line))

    def data_received(self, data: bytes) -> None:
        if not self._line.is_closing():
            self._line.unread = True
            super().data_received(data)
            self._line.unread = self.cycle is not None and self.cycle.more_body

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.lost()
        super().connection_lost(exc)


class _Line:
    """A transport that keeps what is written until more comes, or the loop continues.

    `unread` says whether the other end may still be sending a request.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.unread = False
        self._transport = transport
        self._loop = loop
        self._kept = b""
        self._hanging_up: asyncio.TimerHandle | None = None

    def write(self, data: bytes) -> None:
        if self._hanging_up:
            return
        if self._kept:
            self._kept += data
            self._flush()
        else:
            self._kept = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        if self._hanging_up:
            return
        self._flush()
        if not self.unread or self._transport.is_closing():
            self._transport.close()
            return
        # Nothing more goes out; what still comes in is discarded.
        self._transport.write_eof()
        self._transport.resume_reading()
        self._hanging_up = self._loop.call_later(LINGER_SECONDS, self._transport.close)

    def is_closing(self) -> bool:
        return self._hanging_up is not None or self._transport.is_closing()

    def lost(self) -> None:
        if self._hanging_up:
            self._hanging_up.cancel()

    def _flush(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, b""
            self._transport.write(kept)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
