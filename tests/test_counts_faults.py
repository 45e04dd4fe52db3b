"""Counts when their database is broken, gone, frozen or has changed."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.counts import counts as module
from bot.counts.counts import Counts, Entry
from tests.conftest import Server, until
from tests.postgres_server import PostgresServer
from tests.test_counts import DAY, NEXT, count, counts_in, number, token_of


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "counts.sqlite"


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresServer]:
    running = PostgresServer()
    yield running
    running.close()


@pytest.fixture
def postgres(cluster) -> PostgresServer:
    """A PostgreSQL that has no table yet."""
    run(cluster, "DROP TABLE IF EXISTS daily_counts")
    return cluster


def run(postgres: PostgresServer, statement: str) -> None:
    engine = create_engine(postgres.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def counts_at(url: str, answers, day: date = DAY) -> Counts:
    return Counts(url, answers.topics, answers.directory.forces, lambda: day)


def add(counts: Counts, times: int = 1) -> None:
    for _ in range(times):
        assert counts.add("asked")


def test_a_table_that_was_dropped_is_made_again(file, answers):
    counts = counts_in(file, answers)
    add(counts, 2)
    assert counts.write()
    with sqlite3.connect(file) as other:
        other.execute("DROP TABLE daily_counts")
    add(counts, 3)

    assert counts.write() and number(counts, "asked") == 3


@pytest.mark.parametrize("loss", [Path.unlink, lambda file: file.write_bytes(b"")])
def test_a_file_that_was_deleted_or_emptied_is_made_again(file, answers, loss):
    counts = counts_in(file, answers)
    add(counts)
    assert counts.write()
    loss(file)
    add(counts, 2)

    assert counts.write() and number(counts, "asked") == 2


def test_a_table_in_postgresql_that_was_dropped_is_made_again(postgres, answers):
    counts = counts_at(postgres.url, answers)
    add(counts)
    assert counts.write()
    run(postgres, "DROP TABLE daily_counts")
    add(counts, 4)

    assert counts.write() and number(counts, "asked") == 4


@pytest.mark.parametrize(
    "table",
    [
        # A restored copy that lost its key, an older version, somebody else's.
        "(day TEXT, event TEXT, topic TEXT, force TEXT, number INTEGER)",
        "(day VARCHAR(10) PRIMARY KEY, number INTEGER)",
        "(words TEXT)",
    ],
)
def test_a_table_of_another_shape_is_set_aside_as_often_as_it_comes(
    postgres, answers, table
):
    counts = counts_at(postgres.url, answers)
    for _ in range(2):
        run(postgres, "DROP TABLE IF EXISTS daily_counts")
        run(postgres, f"CREATE TABLE daily_counts {table}")
        add(counts)
        assert counts.write()
        assert number(counts, "asked") == 1
    for aside in ("daily_counts_until_20261125", "daily_counts_until_20261125_2"):
        run(postgres, f"DROP TABLE {aside}")


def test_a_file_that_may_only_be_read_loses_nothing(file, answers):
    add(first := counts_in(file, answers))
    assert first.write()
    counts = counts_at(f"sqlite:///file:{file}?mode=ro&uri=true", answers)
    add(counts, 2)

    assert not counts.write() and not counts.write()
    assert counts._waiting == {Entry("2026-11-25", "asked"): 2}


def test_a_file_that_is_no_database_is_left_alone_and_loses_nothing(file, answers):
    file.write_text("the minutes of a meeting " * 100)
    counts = counts_in(file, answers)
    add(counts)
    assert not counts.write()
    assert file.read_text().startswith("the minutes of a meeting")
    file.unlink()

    assert counts.write() and number(counts, "asked") == 1


def test_a_database_that_comes_after_the_start_gets_what_was_counted_before(
    tmp_path, answers
):
    folder = tmp_path / "later"
    counts = counts_in(folder / "counts.sqlite", answers)
    add(counts, 2)
    assert not counts.write()
    folder.mkdir()

    assert counts.write() and number(counts, "asked") == 2


def test_a_clock_that_passes_midnight_or_is_set_back_moves_nothing(file, answers):
    days = iter([DAY, NEXT, DAY, NEXT])
    url = f"sqlite:///{file}"
    counts = Counts(url, answers.topics, answers.directory.forces, lambda: next(days))
    add(counts, 4)
    assert counts.write()

    found = counts.read(DAY, NEXT)
    assert {entry.day: n for entry, n in found.items()} == {
        "2026-11-25": 2,
        "2026-11-26": 2,
    }


def test_what_no_driver_should_raise_loses_nothing_and_ends_no_writing(
    file, answers, monkeypatch
):
    counts = counts_in(file, answers)
    add(counts)
    with monkeypatch.context() as broken:
        broken.setattr(module, "inspect", lambda _: 1 / 0)
        assert not counts.write()

    assert counts.write() and number(counts, "asked") == 1


def test_a_stop_waits_for_the_write_that_has_begun(file, answers, monkeypatch):
    """The thread that writes would end with the process, and what it held with it."""
    monkeypatch.setattr(module, "WRITE_EVERY_SECONDS", 0.01)
    begun, go_on = threading.Event(), threading.Event()
    counts = counts_in(file, answers)
    prepare = counts._prepare

    def slowly(connection):
        begun.set()
        assert go_on.wait(60)
        prepare(connection)

    monkeypatch.setattr(counts, "_prepare", slowly)
    monkeypatch.setattr(module, "STOP_SECONDS", 60)
    add(counts, 3)
    counts.start()
    assert begun.wait(60)
    add(counts, 2)  # while the write has begun
    stopping = threading.Thread(target=counts.stop)
    stopping.start()
    assert stopping.is_alive()
    go_on.set()
    stopping.join(60)

    assert number(counts, "asked") == 5


def stopped(counts: Counts) -> bool:
    """Whether a stop finishes while its database is frozen."""
    stopping = threading.Thread(target=counts.stop, daemon=True)
    stopping.start()
    stopping.join(60)
    return not stopping.is_alive()


def test_a_stop_with_a_frozen_postgresql_ends_and_says_how_much_is_lost(
    postgres, answers, caplog
):
    assert module.STOP_SECONDS <= 2
    counts = counts_at(postgres.url, answers)
    counts.start()
    add(counts, 3)
    with postgres.frozen():
        assert stopped(counts)

    assert "counts.lost 3" in [record.getMessage() for record in caplog.records]


def test_a_stop_while_a_write_hangs_in_postgresql_ends_and_says_how_much_is_lost(
    postgres, answers, caplog, monkeypatch
):
    monkeypatch.setattr(module, "WRITE_EVERY_SECONDS", 0.01)
    counts = counts_at(postgres.url, answers)
    add(counts)
    assert counts.write()
    engine = create_engine(postgres.url)
    with engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE daily_counts")
        counts.start()
        add(counts, 2)
        until(lambda: counts._writing)
        add(counts, 3)
        assert stopped(counts)
    engine.dispose()

    assert "counts.lost 5" in [record.getMessage() for record in caplog.records]


def test_a_server_with_a_frozen_postgresql_answers_and_stops(postgres):
    server = Server(engine=False, COUNTS_URL=postgres.url)
    server.wait("/health/live", 20)
    press = {"event": "call", "token": token_of(server)}
    with postgres.frozen():
        assert count(server, press).status == 204
        assert server.post({"topic": "harm"}).status == 200
        log = server.stop()

    assert "counts.lost 1\n" in log and "server.stopped\n" in log


def test_a_server_writes_everything_before_it_stops(postgres, answers):
    server = Server(engine=False, COUNTS_URL=postgres.url)
    server.wait("/health/live", 20)
    for _ in range(7):
        assert count(server, {"event": "call", "token": token_of(server)}).status == 204
    log = server.stop()

    assert "counts.lost" not in log
    found = counts_at(postgres.url, answers).read(module.today(), module.today())
    assert sum(found.values()) == 7


def test_a_killed_server_loses_what_it_counted_last_and_breaks_nothing(file, answers):
    server = Server(engine=False, COUNTS_URL=f"sqlite:///{file}")
    server.wait("/health/live", 20)
    assert count(server, {"event": "call", "token": token_of(server)}).status == 204
    until(file.exists)
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    counts = counts_in(file, answers)
    add(counts)

    assert counts.write()
