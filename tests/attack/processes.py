"""Two servers behind nginx, whose processes are killed, frozen and restarted."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.attack.load import visitors
from tests.attack.part import Part
from tests.attack.target import Target
from tests.conftest import Server
from tests.freezing import send
from tests.front import FAST, Front

SECONDS = 8.0
ENDS_WITHIN_SECONDS = 30
SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1"}


class Pair:
    """Two servers, each of which can be ended and started again where it was."""

    def __init__(self, **settings: str) -> None:
        """Starts both; `settings` are theirs."""
        self._settings = {**SETTINGS, **settings}
        self.servers = [Server(**self._settings) for _ in range(2)]
        for server in self.servers:
            server.wait_until_ready()

    def start_again(self, number: int) -> None:
        """Starts one that has ended, on the same port."""
        address = self.servers[number].address
        port = address.rpartition(":")[2]
        self.servers[number] = Server(**{**self._settings, "PORT": port})
        self.servers[number].address = address

    def mend(self) -> None:
        """Wakes anything frozen, starts anything that has ended and waits for both."""
        for number, server in enumerate(self.servers):
            if server._process.poll() is not None:
                server.stop()
                self.start_again(number)
            else:
                send(server.pid, signal.SIGCONT)
        for server in self.servers:
            server.wait_until_ready()

    def stop(self) -> list[str]:
        """Ends both; what they logged."""
        return [server.stop() for server in self.servers]


def front(number: int, sent: signal.Signals) -> Callable[[Pair], None]:
    """A signal to a server."""
    return lambda pair: send(pair.servers[number].pid, sent)


def engines(sent: signal.Signals, *numbers: int) -> Callable[[Pair], None]:
    """A signal to the engines of some servers."""

    def to_each(pair: Pair) -> None:
        for number in numbers:
            for engine in pair.servers[number].engines:
                send(engine, sent)

    return to_each


def both_killed(pair: Pair) -> None:
    """Ends both servers at once."""
    for number in (0, 1):
        front(number, signal.SIGKILL)(pair)


def stopped(pair: Pair) -> None:
    """Ends a server as an update does, and waits until it has gone."""
    front(1, signal.SIGTERM)(pair)
    pair.servers[1]._process.wait(ENDS_WITHIN_SECONDS)


KILL, FREEZE = signal.SIGKILL, signal.SIGSTOP
NOBODY = "both servers killed"  # only nginx's own page is left
WAYS: dict[str, Callable[[Pair], None]] = {
    "an engine killed": engines(KILL, 0),
    "an engine frozen": engines(FREEZE, 0),
    "both engines killed": engines(KILL, 0, 1),
    "both engines frozen": engines(FREEZE, 0, 1),
    "a server killed": front(0, KILL),
    "a server frozen": front(0, FREEZE),
    "a server stopped": stopped,
    NOBODY: both_killed,
}


@contextmanager
def behind_nginx(**settings: str) -> Iterator[tuple[Pair, Target]]:
    """A pair of servers, and the way to them."""
    pair = Pair(**settings)
    with tempfile.TemporaryDirectory() as made:
        hosts = [server.address.removeprefix("http://") for server in pair.servers]
        try:
            nginx = Front(Path(made) / "front", *hosts, FAST)
            try:
                address = f"https://127.0.0.1:{nginx.tls}"
                yield pair, Target(address, nginx.certificate)
            finally:
                nginx.stop()
        finally:
            pair.stop()


def attack(part: Part, seconds: float = SECONDS) -> None:
    """Does each of these while people ask, and repairs it before the next."""
    with behind_nginx() as (pair, target):
        for name, breaks in WAYS.items():
            with visitors([target], part.row(name), urgent=name != NOBODY):
                time.sleep(seconds / 4)
                breaks(pair)
                time.sleep(seconds)
            pair.mend()
    part.note = (
        "A frozen server delays the visitors who were sent to it by up to 7 seconds: "
        "then nginx asks the other. With both servers gone no emergency is sent, since "
        "nothing can read it; every reply must show the numbers."
    )
