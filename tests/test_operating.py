"""docs/operating.md describes what exists, with the figures in the code."""

from __future__ import annotations

import re

import pytest

from bot import ROOT, logs
from bot.chat import engine
from bot.chat.body import MOST_BYTES
from bot.chat.limits import CHARACTERS_EACH, DEFAULT_PER_MINUTE, MOST_EACH
from bot.chat.link import LONG, LONG_TAKES
from bot.pages.notice import MOST_CHARACTERS
from bot.server import guard, metrics
from bot.server.bad_request import MOST_HEAD

GUIDE = (ROOT / "docs" / "operating.md").read_text()
NGINX = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text()
# Read only to be refused.
GONE = {"WORKERS"}


def told_settings() -> set[str]:
    [table] = re.findall(r"## Settings.*?(\| setting.*?)\n\n", GUIDE, re.S)
    cells = [line.split("|")[1] for line in table.splitlines()]
    return {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_the_settings_described_are_those_that_the_code_reads():
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"(?!\] =)", code))
    read |= set(re.findall(r"\(\"([A-Z_]+)\", environ\)", code))

    assert read - GONE == told_settings()


@pytest.mark.parametrize(
    "told",
    [
        rf"`RATE_LIMIT` \|.*\| {DEFAULT_PER_MINUTE} \|",
        rf"up to {MOST_CHARACTERS} characters",
        rf"bot takes .*\| {MOST_BYTES:,} bytes \|",
        rf"too large, without nginx .*\| {MOST_HEAD // 1024} KiB \|",
        rf"every {CHARACTERS_EACH} characters, {MOST_EACH} times at most \|",
        rf"than {engine.SLOW_SECONDS} s, or {LONG_TAKES * engine.SLOW_SECONDS:.0f} s "
        rf"if it has more than {LONG} characters",
        rf"than {engine.DEADLINE_SECONDS:.0f} s, or"
        rf" {LONG_TAKES * engine.DEADLINE_SECONDS:.0f} s \| the engine is ended",
        rf"{engine.MOST_LONG_WAITING} of more than {LONG} characters",
        rf"longer still.*\| {guard.MOST_READ:,} bytes \|",
        rf"whole body not sent.*\| {guard.BODY_SECONDS:.0f} s \|",
        rf"answer as a whole.*\| {guard.ANSWER_SECONDS:.0f} s \|",
        rf"the model \|.*\| {engine.DEADLINE_SECONDS:.0f} s \|",
    ],
)
def test_a_figure_in_the_guide_is_the_one_in_the_code(told):
    assert re.search(told, GUIDE)


@pytest.mark.parametrize(
    ("directive", "told"),
    [
        ("client_header_timeout 10s;", "headers not sent | nginx | 10 s"),
        ("client_body_timeout 10s;", "body pauses | nginx | 10 s"),
        ("client_max_body_size 1001k;", "nginx | 1,001 KiB"),
        ("rate=20r/s;", "nginx | 20 a second, 200 at once"),
        ("burst=200 ", "nginx | 20 a second, 200 at once"),
        ("rate=30r/m;", "one at a time, 30 a minute, 5 more at once"),
        ("zone=large_requests burst=5 ", "one at a time, 30 a minute, 5 more at once"),
        ("limit_conn large_bodies 1;", "from 12,000 bytes on | nginx | one at a time"),
        ("limit_conn connections 100;", "connections of one address | nginx | 100"),
        ("proxy_read_timeout 7s;", "7 s, then the other, 10 s in all"),
        ("proxy_next_upstream_timeout 10s;", "7 s, then the other, 10 s in all"),
    ],
)  # fmt: skip
def test_a_figure_in_the_guide_is_the_one_in_the_conf(directive, told):
    assert directive in NGINX and told in GUIDE


def test_every_number_to_watch_exists():
    told = set(re.findall(r"`(chat_\w+)`", GUIDE))
    own = {
        found.name + ("_total" if found.type == "counter" else "")
        for part in (metrics.REQUESTS, metrics.SECONDS, metrics.WAITING,
                     metrics.READY, metrics.LOADS)
        for found in part.collect()
    }  # fmt: skip

    assert told == own


def test_every_line_that_the_log_can_hold_is_explained():
    [table] = re.findall(r"## What the log says.*?(\| line.*?)\n\n", GUIDE, re.S)
    told = set(re.findall(r"`([a-z]+\.[a-z_]+)`", table))
    events = {event.split()[0] for event in logs.EVENTS} - {"Open", "embed.js"}

    assert told == events


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(\.\./([^)]+)\)", GUIDE))))
def test_a_file_that_the_guide_links_exists(path):
    assert (ROOT / path).exists()
