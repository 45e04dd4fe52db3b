"""Nine kinds of bad content while the server keeps reloading it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import checkout
from tests.attack.load import visitors
from tests.attack.part import Aim, Part
from tests.attack.target import Target
from tests.conftest import Server, link_engine, until

SIGNALS = 10
SECONDS = 3.0
READ = "content.reload"
DOMAIN, SERVICES, TOPICS = "domain.yml", "data/services.yml", "data/topics.yml"

Change = Callable[[Path], object]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _replace(old: str, new: str) -> Change:
    def change(path: Path) -> None:
        text = path.read_text()
        assert old in text, f"{path.name} no longer holds {old}"
        path.write_text(text.replace(old, new))

    return change


# By what is wrong: in which file, and how it happens.
WAYS: dict[str, tuple[str, Change]] = {
    "half a file": (DOMAIN, _cut),
    "an empty file": (TOPICS, lambda path: path.write_text("")),
    "no file": (SERVICES, Path.unlink),
    "a folder in its place": (DOMAIN, _folder),
    "no text": (TOPICS, lambda path: path.write_bytes(os.urandom(5000))),
    "a tab": (DOMAIN, lambda path: path.write_text("responses:\n\t- a\n")),
    "998 for 999": (SERVICES, _replace('phone: "999"', 'phone: "998"')),
    "a topic that is not there": (TOPICS, _replace("menu: [own_", "menu: [no_")),
    "a list for a mapping": (SERVICES, lambda path: path.write_text("- a\n- b\n")),
}


def attack(part: Part, seconds: float = SECONDS) -> None:
    """Breaks a file, has the server reload it ten times, and repairs it."""
    refused = renewed = 0
    with tempfile.TemporaryDirectory() as made:
        folder = checkout.make(Path(made))
        link_engine(folder)
        server = Server(folder)
        try:
            server.wait_until_ready()
            for name, (file, change) in WAYS.items():
                with visitors([Target(server.address)], part.row(name)):
                    refused += _refuses(server, folder / file, change)
                    time.sleep(seconds)
                renewed += _told(server).startswith("content.reloaded")
        finally:
            server.stop()
    for what, number in (
        ("bad content refused, the last good served", refused),
        ("good content read again after it", renewed),
    ):
        met = number == len(WAYS)
        part.aims.append(Aim(what, "all", f"{number} of {len(WAYS)}", met))


def _refuses(server: Server, path: Path, change: Change) -> bool:
    good = path.read_bytes()
    change(path)
    try:
        for _ in range(SIGNALS):
            os.kill(server.pid, signal.SIGHUP)
            time.sleep(0.05)
        return _told(server).startswith("content.reload_refused")
    finally:
        if path.is_dir():
            path.rmdir()
        path.write_bytes(good)


def _told(server: Server) -> str:
    """The last line the server logs when it reloads its content."""

    def lines() -> list[str]:
        return [line for line in server.said().splitlines() if READ in line]

    before = len(lines())
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: len(lines()) > before)
    while before < (
        now := len(lines())
    ):  # of several signals some may be answered later
        before = now
        time.sleep(1)
    return "content." + lines()[-1].partition("content.")[2]
