"""The anonymous daily counts, in a real SQLite file and on a real server."""

from __future__ import annotations

import json
import re
import resource
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.chat.presses import MOST_A_DAY, MOST_OF_A_KIND
from bot.counts.counts import COUNTED_BY_PAGES, Counts, CountsError, Entry, today
from tests.conftest import Server, assert_carries_the_numbers
from tests.postgres_server import PostgresServer

DAY, NEXT = date(2026, 11, 25), date(2026, 11, 26)
MARKED = "zebra umbrella is the helpline free"
DANGER = "he is hurting my little girl in there right now"


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "counts.sqlite"


def counts_in(file: Path, answers, day: date = DAY) -> Counts:
    url = f"sqlite:///{file}"
    return Counts(url, answers.topics, answers.directory.forces, lambda: day)


def number(counts: Counts, event: str) -> int:
    found = counts.read(DAY, NEXT)
    return sum(n for entry, n in found.items() if entry.event == event)


def test_counts_add_up_by_day_topic_and_force(file, answers):
    for day, times in ((DAY, 3), (NEXT, 1)):
        for _ in range(times):
            counts = counts_in(file, answers, day)
            assert counts.add("asked", "law_register", "kent") and counts.write()

    assert counts.read(DAY, NEXT) == {
        Entry("2026-11-25", "asked", "law_register", "kent"): 3,
        Entry("2026-11-26", "asked", "law_register", "kent"): 1,
    }
    assert counts.read(NEXT, NEXT).total() == 1


@pytest.mark.parametrize("event", ["", "ASKED", "asked; drop", "somebody said hello"])
def test_only_fixed_names_are_counted(file, answers, event):
    counts = counts_in(file, answers)

    assert not counts.add(event, "harm", "kent")
    counts.write()
    assert not file.exists()


def test_an_unknown_topic_or_force_counts_as_none(file, answers):
    counts = counts_in(file, answers)
    counts.add("asked", MARKED, "narnia")
    counts.write()

    assert counts.read(DAY, DAY) == {Entry("2026-11-25", "asked", "", ""): 1}


def test_an_emergency_is_counted_by_day_alone(file, answers):
    counts = counts_in(file, answers)
    counts.add("emergency", "immediate_risk", "kent")
    counts.add("asked", "immediate_risk", "kent")
    counts.add("call", "suicidal", "surrey")
    counts.write()

    assert {(e.topic, e.force) for e in counts.read(DAY, DAY)} == {("", "")}


def test_what_two_processes_count_adds_up(file, answers):
    first, second = counts_in(file, answers), counts_in(file, answers)
    for counts in (first, second, first):
        counts.add("asked")
        counts.write()

    assert number(first, "asked") == 3


def test_a_locked_file_loses_nothing(file, answers, caplog, monkeypatch):
    monkeypatch.setattr("bot.counts.counts.WAIT_SECONDS", 0)
    counts = counts_in(file, answers)
    counts.add("asked")
    counts.write()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    counts.add("asked")

    assert not counts.write() and not counts.write()
    [said] = [record.message for record in caplog.records]
    assert said.startswith("counts.waiting OperationalError@")
    holder.execute("COMMIT")
    assert counts.write() and number(counts, "asked") == 2


def test_a_full_disk_loses_nothing(file, answers):
    counts = counts_in(file, answers)
    counts.add("asked")
    counts.write()
    for topic in answers.topics.by_key:
        for force in answers.directory.forces:
            counts.add("asked", topic, force)
    waiting = counts._waiting.total()
    size, (soft, hard) = file.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # no file may grow
    try:
        assert not counts.write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert counts.write() and counts.read(DAY, DAY).total() == waiting + 1


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/c.sqlite", "sqlite:////proc/c"]
)
def test_a_place_that_cannot_be_written_loses_nothing(answers, url):
    counts = Counts(url, answers.topics, answers.directory.forces, lambda: DAY)
    counts.add("asked")

    assert not counts.write()
    assert counts._waiting == Counter({Entry("2026-11-25", "asked"): 1})


def test_an_older_file_is_set_aside_with_all_it_held(file, answers):
    older = sqlite3.connect(file)
    older.execute("CREATE TABLE daily_counts (day TEXT, topic TEXT, number INTEGER)")
    older.execute("INSERT INTO daily_counts VALUES ('2020-01-01', 'harm', 7)")
    older.commit()
    counts = counts_in(file, answers)
    counts.add("asked")

    assert counts.write() and number(counts, "asked") == 1
    kept = older.execute("SELECT number FROM daily_counts_until_20261125").fetchall()
    assert kept == [(7,)]


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    running = PostgresServer()
    yield running
    running.close()


def test_postgresql_adds_up_what_several_processes_count(postgres, answers):
    forces = answers.directory.forces
    first, second = (
        Counts(postgres.url, answers.topics, forces, lambda: DAY) for _ in range(2)
    )
    for counts in (first, second, first):
        assert counts.add("call", "helpline_how", "kent") and counts.write()

    assert second.read(DAY, DAY) == {
        Entry("2026-11-25", "call", "helpline_how", "kent"): 3
    }


def test_what_postgresql_misses_while_it_is_down_is_written_when_it_is_back(
    postgres, answers
):
    counts = Counts(
        postgres.url, answers.topics, answers.directory.forces, lambda: NEXT
    )
    counts.add("asked")
    assert counts.write()
    postgres.stop()
    counts.add("asked")
    assert not counts.write()

    postgres.start()
    assert counts.write()
    assert counts.read(NEXT, NEXT).total() == 2


@pytest.mark.parametrize("url", ["", "here", "mysql://a/b", "file.sqlite"])
def test_another_kind_of_database_is_refused(answers, url):
    with pytest.raises(CountsError, match="COUNTS_URL"):
        Counts(url, answers.topics, answers.directory.forces)


def stored(server: Server) -> Counter:
    """What a stopped server has left in its file, which is then gone."""
    file = server.counts_file
    server.stop(keep=True)
    rows = sqlite3.connect(file).execute("SELECT * FROM daily_counts").fetchall()
    content = file.read_bytes()
    server.forget()
    assert b"zebra" not in content
    assert {row[0] for row in rows} == {today().isoformat()}
    return Counter({row[1:4]: row[4] for row in rows})


def from_page(server: Server) -> dict[str, str]:
    """What a browser sends along from a page of this server."""
    return {"Origin": server.address}


def token_of(server: Server, path: str = "/") -> str:
    """The token of a new page, as count.js finds it."""
    page = server.get(path).body
    return re.findall(r'(?:name="session" value|data-token)="(\w+)"', page)[0]


def count(server: Server, body: object, **headers: str):
    raw = json.dumps(body).encode()
    headers = {"Content_Type": "application/json", **from_page(server), **headers}
    return server.send("POST", "/count", raw, **headers)


def test_a_server_counts_what_was_asked_and_answered_and_no_word_of_it():
    server = Server()
    server.wait("/health/ready", 180)
    for asked in (
        {"message": MARKED, "force": "kent"},
        {"message": DANGER, "force": "kent"},
        {"message": "asdf ghjkl qwer", "force": "sussex"},
        {"topic": "law_register", "force": "surrey"},
    ):
        server.post({**asked, "session": token_of(server)}, **from_page(server))
    token = token_of(server)
    for way in COUNTED_BY_PAGES:
        press = {"event": way, "topic": "helpline_how", "force": "kent"}
        assert count(server, {**press, "token": token}).status == 204

    found = stored(server)
    assert found["answered", "law_register", "surrey"] == 1
    assert found["asked", "", ""] == found["emergency", "", ""] == 1
    assert found["not_understood", "out_of_scope", "sussex"] == 1
    assert found["offered_help", "law_register", "surrey"] == 1
    assert all(found[way, "helpline_how", "kent"] == 1 for way in COUNTED_BY_PAGES)
    assert sum(n for (event, _, _), n in found.items() if event == "asked") == 4


def test_what_comes_from_no_page_is_answered_and_not_counted():
    """A check of the service, say, or somebody who would like higher numbers."""
    server = Server(engine=False)
    server.wait("/health/live", 20)
    page, token = from_page(server), token_of(server)
    asked = {"topic": "harm", "session": token}
    foreign = {"Origin": "https://www.example.org"}
    assert server.post(asked).status == 200
    assert server.post({"topic": "harm"}, **page).status == 200
    assert server.post({**asked, "session": "f" * 64}, **page).status == 200
    urgent = {"message": DANGER, "session": token}
    assert server.post(urgent, **foreign).replies[0]["kind"] == "emergency"
    server.post({"topic": "law_register", "session": token}, **page)

    assert set(stored(server)) == {
        (event, "law_register", "") for event in ("asked", "answered", "offered_help")
    }


def test_a_form_without_javascript_is_counted_like_the_chat():
    server = Server(engine=False)
    server.wait("/health/live", 20)
    form = f"topic=law_register&message=&force=kent&session={token_of(server)}"
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    assert server.post(form.encode(), **kind, **from_page(server)).status == 200

    assert stored(server)["asked", "law_register", "kent"] == 1


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"event": "asked"}, {"event": "emergency"}, {"event": MARKED},
     {"event": 5}],
)  # fmt: skip
def test_a_page_may_not_have_anything_else_counted(young, body):
    token = {"token": token_of(young)} if isinstance(body, dict) else {}
    answer = count(young, {**body, **token} if token else body)

    assert answer.status == 400
    assert_carries_the_numbers(answer.text)


@pytest.mark.parametrize("path", ["/", "/?force=kent", "/widget?force=kent"])
def test_a_page_with_a_chat_has_presses_counted_by_its_conversation(young, path):
    assert count(young, {"event": "call", "token": token_of(young, path)}).status == 204


@pytest.mark.parametrize(
    "path",
    ["/answers", "/answers/harm", "/privacy", "/accessibility", "/transparency"],
)
def test_a_page_without_a_chat_has_a_token_so_that_leaving_it_is_counted(young, path):
    assert count(young, {"event": "left", "token": token_of(young, path)}).status == 204


@pytest.mark.parametrize("origin", ["https://www.example.org", "null", "http://["])
def test_another_website_may_not_have_anything_counted(young, origin):
    press = {"event": "call", "token": token_of(young)}
    answer = count(young, press, Origin=origin)

    assert answer.status == 403
    assert_carries_the_numbers(answer.text)


def test_a_press_without_an_origin_is_not_counted(young):
    raw = json.dumps({"event": "call", "token": token_of(young)}).encode()
    answer = young.send("POST", "/count", raw, Content_Type="application/json")

    assert answer.status == 403


@pytest.mark.parametrize("token", [None, "", 5, "f" * 64, "\u00e9" * 64])
def test_a_press_without_a_token_of_this_server_is_not_counted(young, token):
    assert count(young, {"event": "call", "token": token}).status == 403


def test_few_presses_of_a_kind_are_counted_of_a_conversation():
    server = Server(engine=False)
    server.wait("/health/live", 20)
    press = {"event": "call", "token": token_of(server)}
    told = [count(server, press).status for _ in range(10)]

    assert told == [204] * MOST_OF_A_KIND + [429] * (10 - MOST_OF_A_KIND)
    assert count(server, {**press, "event": "wrong"}).status == 204
    assert stored(server)["call", "", ""] == MOST_OF_A_KIND


def test_a_server_counts_few_presses_of_an_address_however_many_tokens_it_takes():
    server = Server(engine=False)
    server.wait("/health/live", 20)
    for _ in range(MOST_A_DAY + 20):
        count(server, {"event": "call", "token": token_of(server, "/privacy")})

    assert stored(server)["call", "", ""] == MOST_A_DAY


def test_a_server_whose_counts_cannot_be_written_answers_all_the_same(tmp_path):
    server = Server(COUNTS_URL=f"sqlite:///{tmp_path}/no/such/folder/counts.sqlite")
    server.wait("/health/live", 20)
    try:
        assert server.post({"topic": "harm"}).status == 200
        press = {"event": "call", "token": token_of(server)}
        assert count(server, press).status == 204
    finally:
        log = server.stop()
    assert log.count("counts.waiting") == 1
    assert "counts.lost 1\n" in log


def test_a_database_that_is_none_stops_the_start():
    with pytest.raises(AssertionError, match="Cannot start: COUNTS_URL"):
        Server(COUNTS_URL="here").wait("/health/live", 20)
