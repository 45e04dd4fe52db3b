"""Where an attack goes: to a port of this machine, and to no other."""

from __future__ import annotations

import gzip
import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HERE = "127.0.0.1"
# Longer than any answer may take; a later reply counts as none.
WAITS_SECONDS = 30.0


class AttackError(RuntimeError):
    """An attack was aimed at another machine, or cannot be carried out."""


@dataclass(frozen=True)
class Reply:
    """What came back; `status` 0: something, but no HTTP. `seconds` is its time."""

    status: int
    kind: str
    location: str
    body: str
    seconds: float


class Target:
    """A server on a loopback address, to which any bytes can be sent."""

    def __init__(self, address: str, certificate: Path | None = None) -> None:
        """Sends nothing yet.

        Args:
            address: `http://` or `https://`, a loopback address and a port.
            certificate: What the server must show; None: without TLS.

        Raises:
            AttackError: The address is not of this machine.
        """
        parts = urlsplit(address)
        self.host, self.port = _loopback(parts.hostname or "", address), parts.port or 0
        self.address = address
        self._trust = None
        if certificate:
            self._trust = ssl.create_default_context(cafile=certificate)

    def line(self, source: str = HERE) -> socket.socket:
        """A connection on which nothing has been said, from one of our addresses."""
        come_from = (_loopback(source, source), 0)
        found = socket.create_connection(
            (self.host, self.port), WAITS_SECONDS, come_from
        )
        if not self._trust:
            return found
        return self._trust.wrap_socket(found, server_hostname=self.host)

    def ask(self, sent: bytes, source: str = HERE) -> Reply | None:
        """Sends some bytes; None: nothing came back."""
        started = time.monotonic()
        try:
            with self.line(source) as line:
                _send(line, sent)
                return read(line, sent, started)
        except OSError:
            return None


def read(line: socket.socket, sent: bytes, started: float) -> Reply | None:
    """The reply to some bytes on a connection; None: nothing came."""
    method = "HEAD" if sent.startswith(b"HEAD ") else None
    answer = http.client.HTTPResponse(line, method=method)
    try:
        answer.begin()
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip" and body:
            body = gzip.decompress(body)
    except (http.client.RemoteDisconnected, OSError):
        return None
    except (http.client.HTTPException, ValueError):
        return Reply(0, "", "", "", time.monotonic() - started)
    finally:
        answer.close()
    text = body.decode("utf-8", "replace")
    kind, location = (answer.headers.get(n, "") for n in ("Content-Type", "Location"))
    return Reply(answer.status, kind, location, text, time.monotonic() - started)


def _send(line: socket.socket, sent: bytes) -> None:
    try:
        line.sendall(sent)
    except OSError:
        pass  # refused before its end; the reply may be there all the same


def _loopback(host: str, asked: str) -> str:
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass  # a name, which could lead anywhere
    raise AttackError(
        f"{asked!r} is not attacked: only addresses of this machine are, such as "
        "http://127.0.0.1:8080."
    )
