"""Free ports of this machine, for servers that a test starts."""

from __future__ import annotations

import random
import socket

# Below those that the system gives to connections that go out: one of them could take
# a port between the moment it was found free and the moment a server opens it.
FIRST, LAST = 10_000, 32_000
_draw = random.SystemRandom()  # test workers that start at once draw differently


def free_port() -> str:
    """A port of 127.0.0.1 on which nothing listens."""
    while True:
        port = _draw.randint(FIRST, LAST)
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return str(port)
