"""Answers anything that is not an HTTP request with the numbers, too."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import httptools

from bot.server.last_resort import LastResort
from bot.server.one_write import OneWrite
from bot.server.routes.responses import wants_page

# For the first line and the headers of a request; nginx takes 32 KiB.
MOST_HEAD = 64 * 1024
_UPGRADE = re.compile(rb"\r\nupgrade:[^\r\n]*", re.I)
_ACCEPT = re.compile(rb"^accept:([^\r\n]*)", re.I | re.M)


class AnsweringAll(OneWrite):
    """uvicorn's protocol, which answers what it cannot parse without the numbers."""

    def __init__(self, last_resort: LastResort, *arguments: Any, **values: Any) -> None:
        """As uvicorn's, with the reply to anything that is not a request."""
        super().__init__(*arguments, **values)
        self._last_resort = last_resort
        self._head: bytearray | None = bytearray()  # what came so far; None: all

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
        super().data_received(data)
        if self._head is not None and len(self._head) > MOST_HEAD:
            self._refuse()

    def on_headers_complete(self) -> None:
        # Either makes httptools give up, as any other fault does.
        if len(self.url) + sum(len(n) + len(v) for n, v in self.headers) > MOST_HEAD:
            raise ValueError("too large")
        if self.parser.should_upgrade():
            raise ValueError("another protocol is asked for")
        super().on_headers_complete()
        self._head = None

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._head = bytearray()

    def send_400_response(self, msg: str) -> None:
        head, end, rest = bytes(self._head or b"").partition(b"\r\n\r\n")
        plain, wishes = _UPGRADE.subn(b"", head)
        if not wishes or not end:
            self._refuse()
            return
        # A server may ignore this header, but httptools then leaves the body unread,
        # and with it the message of a program that would prefer HTTP/2 (findings/).
        self.parser = httptools.HttpRequestParser(self)
        self._head = bytearray()
        self.data_received(plain + end + rest)

    def _refuse(self) -> None:
        if self._line.is_closing():
            return
        status = HTTPStatus.BAD_REQUEST
        if self._head is not None and len(self._head) > MOST_HEAD:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        for cycle in (self.cycle, *(waiting for waiting, _ in self.pipeline)):
            if cycle is not None:  # nobody can read its answer any more
                cycle.disconnected = True
                cycle.message_event.set()
        self.transport.write(self._last_resort.written_out(status, self._wants_page()))
        self._line.unread = True
        self.transport.close()

    def _wants_page(self) -> bool:
        """By the header Accept, whether or not parsing got that far."""
        if found := _ACCEPT.search(self._head or b""):
            return wants_page(found[1].decode("latin-1"), "")
        read = {name: value.decode("latin-1") for name, value in self.headers or ()}
        return wants_page(read.get(b"accept", ""), read.get(b"content-type", ""))
