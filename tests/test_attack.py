"""A very small `make attack`, and proof that it notices a server that fails."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from tests.attack import clock, flood, origins, report, singles
from tests.attack.cases import PRESSED, Case, get, post, said
from tests.attack.part import Aim, Part
from tests.attack.tally import Tally, judge
from tests.attack.target import AttackError, Reply, Target
from tests.conftest import serving

DANGER = Case("danger", post(said()), True)
NUMBERS = "Call 999, or 0808 1000 900."
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
NOTHING = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n"


# What it finds in the bot


@pytest.mark.parametrize(
    "module", singles.KINDS, ids=lambda m: m.__name__.split(".")[-1]
)
def test_every_request_of_the_attack_gets_a_reply_and_the_numbers(server, module):
    part = Part("", "")
    singles.send(part, "the bot itself", Target(server.address), module.cases())
    [tally] = part.rows.values()

    assert tally.sent == tally.answered > 40
    assert part.short == []


def test_no_other_website_plants_a_token(server):
    part = Part("", "")
    origins.plant(part, Target(server.address), "the bot itself")

    [aim] = part.aims
    assert aim.met and re.fullmatch(r"0 of \d\d", aim.found)


def test_no_emergency_is_lost_in_a_small_flood():
    part = Part("", "")
    with serving(engine=False, RATE_LIMIT="20") as limited:
        flood.attack(part, Target(limited.address), emergencies=20)

    assert part.rows["the bot itself"].emergencies == 20
    assert part.short == []


def test_a_clock_that_is_moved_ends_no_talk_and_loses_no_emergency():
    part = Part("", "")
    clock.attack(part, 0.2, {"a minute back": "-60"})

    assert len(part.rows) == 2 and all(
        tally.emergencies for tally in part.rows.values()
    )
    assert part.short == []


# That it notices


@pytest.mark.parametrize(
    "host", ["example.org", "192.0.2.1", "localhost", "[2001:db8::1]"]
)
def test_no_other_machine_is_attacked(host):
    with pytest.raises(AttackError, match="only addresses of this machine"):
        Target(f"http://{host}:80")


def test_nothing_is_sent_from_an_address_of_another_machine(server):
    with pytest.raises(AttackError, match="only addresses of this machine"):
        Target(server.address).ask(get(), source="192.0.2.1")


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("numberless", "without the numbers"),
        ("deaf", "emergencies lost"),
    ],
)
def test_a_server_that_fails_is_noticed(fault, found):
    part = Part("", "")
    faulty = ("tests.faulty_server", "quick", fault)
    with serving(module=faulty, engine=False) as broken:
        singles.send(part, "", Target(broken.address), origins.cases())

    assert found in " ".join(part.short)


@contextmanager
def saying(answer: bytes) -> Iterator[Target]:
    """A port that says the same to everybody and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_all() -> None:
            try:
                while True:
                    line, _ = listener.accept()
                    with line:
                        line.recv(65536)
                        line.sendall(answer)
            except OSError:
                pass  # closed

        threading.Thread(target=answer_all, daemon=True).start()
        yield Target(f"http://127.0.0.1:{listener.getsockname()[1]}")
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"", ["silent", "lost"]),
        (b"hello\r\n\r\n", ["faults", "lost"]),
        (OK + b"13\r\n\r\n{\"replies\":[", ["faults", "lost"]),
        (OK + b"2\r\n\r\n{}", ["lost"]),
        (NOTHING % 500, ["faults", "without_numbers", "lost"]),
        (NOTHING % 404, ["without_numbers", "lost"]),
    ],
)  # fmt: skip
def test_silence_half_a_reply_and_no_http_are_noticed(answer, found):
    with saying(answer) as target:
        assert judge(DANGER, target.ask(DANGER.sent)) == found


def reply(
    status: int = 200, kind: str = "text/html", body: str = "", to: str = ""
) -> Reply:
    return Reply(status, kind, to, body, 0.1)


def answer(kind: str, text: str) -> Reply:
    body = json.dumps({"replies": [{"kind": kind, "text": text}]})
    return reply(200, "application/json", body)


@pytest.mark.parametrize(
    ("case", "told", "found"),
    [
        (Case("", get()), reply(body=NUMBERS), []),
        (Case("", get()), reply(body="Call 999."), ["without_numbers"]),
        (Case("", get(method="HEAD")), reply(), []),
        (Case("", get()), reply(404, body=""), ["without_numbers"]),
        (Case("", get()), reply(200, "text/css"), []),
        (Case("", get()), reply(301, to="https://evil.example/"), ["faults"]),
        (Case("", get()), reply(301, to="https://127.0.0.1:9/"), []),
        (Case("", post(PRESSED)), answer("answer", "Hello"), []),
        (Case("", post(PRESSED)), answer("unavailable", "Hello"), ["without_numbers"]),
        (DANGER, answer("answer", "Hello"), ["lost"]),
        (DANGER, answer("clarify", "If a child is in danger, call 999."), ["lost"]),
        (DANGER, answer("emergency", "Call 999 now."), []),
        (DANGER, reply(429, "application/json", NUMBERS), ["lost"]),
        (DANGER, reply(body=NUMBERS), ["lost"]),
    ],
)  # fmt: skip
def test_each_reply_is_judged_by_what_was_sent(case, told, found):
    assert judge(case, told) == found


def test_the_page_says_what_fell_short_and_what_was_reached():
    tally = Tally()
    tally.note(DANGER, None)
    part = Part("Flood", "Far too much.", {"the bot": tally})
    part.aims += [Aim("all", "100", "100", True), Aim("some", "9", "8", False)]
    page = report.write([part], date(2026, 11, 29))

    assert "Of 1 requests 1 had no reply" in page
    assert (
        "- Flood, the bot: 1 emergencies lost, 1 silent (danger: silent, lost)" in page
    )
    assert "- Flood, some: 8, not 9" in page
    assert "| all | 100 | 100 | yes |\n| some | 9 | 8 | **no** |" in page
    assert "| the bot | 1 | 0 | 0 | 1 | 1 | 1 | 0 | 0 |" in page


def test_a_page_on_which_nothing_fell_short_says_so():
    assert "\n\nNothing.\n" in report.write([Part("a", "b")], date(2026, 1, 1))
