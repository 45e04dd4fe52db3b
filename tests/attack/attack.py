"""`make attack`: runs every part against real servers and writes docs/reliability.md.

It only contacts addresses of this machine, and ends by itself. SOAK_MINUTES says how
long the last part takes.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType

from bot import ROOT
from tests.attack import (
    clock,
    flood,
    hosts,
    postgres_broken,
    pressure,
    processes,
    redis_broken,
    reloading,
    report,
    singles,
    slow_lines,
    soak,
)
from tests.attack.part import Part
from tests.attack.target import Target
from tests.bench.tell import tell
from tests.conftest import Server
from tests.front import FAST, Front

PAGE = ROOT / "docs" / "reliability.md"
SOAK_MINUTES = 20.0
# Everything except the soak; anything that still hangs is abandoned then.
MOST_MINUTES = 40
# nginx would refuse the attacker's long bodies before the bot has read them.
OPEN = {**FAST, "rate=30r/m": "rate=9999r/s"}


@contextmanager
def one_server(
    edits: dict[str, str], **settings: str
) -> Iterator[tuple[Server, Front]]:
    """A server with its engine, and nginx in front of it."""
    server = Server(TRUSTED_PROXIES="127.0.0.1", **settings)
    with tempfile.TemporaryDirectory() as made:
        try:
            server.wait_until_ready()
            host = server.address.removeprefix("http://")
            front = Front(Path(made) / "front", host, host, edits)
            try:
                yield server, front
            finally:
                front.stop()
        finally:
            server.stop()


def single_requests() -> list[Part]:
    """Requests one by one, to a server that limits nobody."""
    with one_server(OPEN) as (server, front):
        secure = Target(f"https://127.0.0.1:{front.tls}", front.certificate)
        parts = singles.attack(
            {"the bot itself": Target(server.address), "through nginx": secure}
        )
        [names] = [part for part in parts if part.name == "Hosts"]
        plain = Target(f"http://127.0.0.1:{front.plain}")
        singles.send(names, "through nginx without TLS", plain, hosts.cases())
        held = part_of("Slow lines", slow_lines)
        run(held, lambda: slow_lines.attack(held, Target(server.address)))
        return [*parts, held]


def crowds() -> list[Part]:
    """Floods, to a server with its usual limits."""
    flooded, pressed = part_of("Flood", flood), part_of("Pressure", pressure)
    with one_server({}, RATE_LIMIT="300") as (server, front):
        run(flooded, lambda: flood.attack(flooded, Target(server.address)))
        run(pressed, lambda: pressure.attack(pressed, front))
    return [flooded, pressed]


def part_of(name: str, module: ModuleType) -> Part:
    """A part with its module's description."""
    return Part(name, " ".join((module.__doc__ or "").split()))


def run(part: Part, attack: Callable[[], object]) -> None:
    """Runs a part; if it cannot continue, that is a finding and the rest still run."""
    started = time.monotonic()
    try:
        attack()
    except Exception as error:  # noqa: BLE001 - the next part must still run
        part.failed, part.note = True, f"ended by {type(error).__name__}: {error}"[:200]
    tell(f"{part.name}: {time.monotonic() - started:.0f} s; {part.short or 'well'}")


def everything(soak_minutes: float) -> list[Part]:
    """All parts, in the order of the page."""
    parts = [*single_requests(), *crowds()]
    for name, module in {
        "Redis broken": redis_broken, "PostgreSQL broken": postgres_broken,
        "Processes killed and frozen": processes, "Bad content": reloading,
        "The clock": clock,
    }.items():  # fmt: skip
        part = part_of(name, module)
        run(part, lambda: module.attack(part))  # noqa: B023 - run at once
        parts.append(part)
    last = part_of("Soak", soak)
    run(last, lambda: soak.attack(last, soak_minutes))
    return [*parts, last]


def main() -> None:
    """Writes the page, and says what fell short."""
    minutes = float(os.environ.get("SOAK_MINUTES") or SOAK_MINUTES)
    signal.signal(signal.SIGALRM, signal.default_int_handler)  # ends what was started
    signal.alarm(int(60 * (MOST_MINUTES + minutes)))
    page = report.write(everything(minutes), date.today())
    PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
