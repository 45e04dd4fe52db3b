"""Answers what is no HTTP request with the numbers, as everything else is answered."""

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
    """uvicorn's protocol; what it cannot parse would get a sentence without numbers."""

    def __init__(self, last_resort: LastResort, *arguments: Any, **values: Any) -> None:
        """As uvicorn's, with the reply to what is no request."""
        super().__init__(*arguments, **values)
        self._last_resort = last_resort
        self._head: bytearray | None = bytearray()  # what came of one; None: all of it

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
        super().data_received(data)
        if self._head is not None and len(self._head) > MOST_HEAD:
            self._refuse()

    def on_headers_complete(self) -> None:
        # httptools gives up over either, as over any other fault.
        if len(self.url) + sum(len(n) + len(v) for n, v in self.headers) > MOST_HEAD:
            raise ValueError("too large")
        if self.parser.should_upgrade():
            raise ValueError("another protocol is wished for")
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
        # The wish may be ignored, but httptools then leaves the body unread, and so
        # the message of a program that would rather speak HTTP/2 (findings/).
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
        """By the header Accept, whether or not the reading came as far."""
        if found := _ACCEPT.search(self._head or b""):
            return wants_page(found[1].decode("latin-1"), "")
        read = {name: value.decode("latin-1") for name, value in self.headers or ()}
        return wants_page(read.get(b"accept", ""), read.get(b"content-type", ""))
