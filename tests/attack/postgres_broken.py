"""A server whose PostgreSQL, which keeps the daily counts, breaks in nine ways."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from tests.attack.cases import PRESSED, Case, post
from tests.attack.load import visitors
from tests.attack.origins import TOKEN
from tests.attack.part import Aim, Part
from tests.attack.target import Target
from tests.conftest import Server
from tests.postgres_server import PostgresServer

PRESSES = 10
CUT_EVERY_SECONDS = 0.05
SECONDS = 6.0  # longer than the server waits from one write to the next
WRITTEN_WITHIN_SECONDS = 60


def run(postgres: PostgresServer, *statements: str) -> None:
    """Runs statements in the database."""
    engine = create_engine(postgres.url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def stopped(postgres: PostgresServer) -> Iterator[None]:
    """Nobody listens."""
    postgres.stop()
    try:
        yield
    finally:
        postgres.start()


@contextmanager
def changed(
    postgres: PostgresServer, to: Sequence[str], back: Sequence[str] = ()
) -> Iterator[None]:
    """Statements are run, and others afterwards."""
    run(postgres, *to)
    try:
        yield
    finally:
        run(postgres, *back)


@contextmanager
def cut(postgres: PostgresServer) -> Iterator[None]:
    """Every connection is ended, again and again."""
    over = threading.Event()

    def cut_on() -> None:
        while not over.wait(CUT_EVERY_SECONDS):
            run(postgres, CUT)

    cutting = threading.Thread(target=cut_on)
    cutting.start()
    try:
        yield
    finally:
        over.set()
        cutting.join()


@contextmanager
def locked(postgres: PostgresServer) -> Iterator[None]:
    """Somebody else holds the table."""
    engine = create_engine(postgres.url)
    with engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE daily_counts")
        yield
    engine.dispose()


TABLE = "daily_counts"
COUNTED = f"SELECT sum(number) FROM {TABLE} WHERE event = 'asked'"
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
SLOW = (
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN PERFORM pg_sleep(3); RETURN NULL; END'",
    f"CREATE TRIGGER slow BEFORE INSERT ON {TABLE} "
    "FOR STATEMENT EXECUTE FUNCTION slow()",
)
READ_ONLY = "ALTER DATABASE postgres SET default_transaction_read_only"
WRITABLE = "SET default_transaction_read_only = off"
REFUSE = f"ALTER TABLE {TABLE} ADD CONSTRAINT no CHECK (number < 0) NOT VALID"


def ways(postgres: PostgresServer) -> dict[str, AbstractContextManager[Any]]:
    """For each way of breaking it, what breaks it and what repairs it."""
    drop = f"DROP TABLE {TABLE}"
    return {
        "stopped": stopped(postgres),
        "frozen": postgres.frozen(),
        "the table locked": locked(postgres),
        "every connection cut": cut(postgres),
        "read-only": changed(
            postgres, [f"{READ_ONLY} = on"], [WRITABLE, f"{READ_ONLY} = off"]
        ),
        "refusing each row": changed(
            postgres, [REFUSE], [f"ALTER TABLE {TABLE} DROP CONSTRAINT no"]
        ),
        "slow": changed(postgres, SLOW, ["DROP FUNCTION slow CASCADE"]),
        "dropped": changed(postgres, [drop]),
        "of another shape": changed(
            postgres, [drop, f"CREATE TABLE {TABLE} (words TEXT)"]
        ),
    }


# What the table held went with it.
EMPTIED = ("dropped", "of another shape")


def attack(part: Part, seconds: float = SECONDS) -> None:
    """Breaks it in each way; what was counted meanwhile must be there at the end."""
    postgres = PostgresServer()
    server = Server(engine=False, COUNTS_URL=postgres.url)
    pressed = written = 0
    try:
        server.wait("/health/live", 20)
        press(part, server, "before")
        wait_for(postgres, PRESSES)
        for name, broken in ways(postgres).items():
            before = counted(postgres)
            with broken, visitors([Target(server.address)], part.row(name), 3):
                press(part, server, name)
                time.sleep(seconds)
            if name in EMPTIED:
                before = 0
            pressed += PRESSES
            written += min(wait_for(postgres, before + PRESSES) - before, PRESSES)
    finally:
        server.stop()
        postgres.close()
    part.note = "This server has no engine: each ordinary question gets a 503."
    aim = "counts made meanwhile that are in the database afterwards"
    found = f"{written} of {pressed}"
    part.aims.append(Aim(aim, "all", found, written == pressed))


def press(part: Part, server: Server, name: str) -> None:
    """Presses a button in a page, which is counted."""
    target = Target(server.address)
    [token] = TOKEN.findall(server.get("/").body)
    body = json.dumps({**json.loads(PRESSED), "session": token}).encode()
    origin = f"Origin: {server.address}"
    host = server.address.removeprefix("http://").encode()
    sent = post(body, "application/json", origin).replace(b"127.0.0.1", host, 1)
    for _ in range(PRESSES):
        part.row(name).note(Case("a counted press", sent), target.ask(sent))


def counted(postgres: PostgresServer) -> int:
    """How many questions and presses the database has."""
    engine = create_engine(postgres.url)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(COUNTED).scalar()
    except SQLAlchemyError:  # no table, or another one
        return 0
    finally:
        engine.dispose()
    return int(found or 0)


def wait_for(postgres: PostgresServer, number: int) -> int:
    """What is counted, once it is this much or the time is over."""
    until = time.monotonic() + WRITTEN_WITHIN_SECONDS
    while (found := counted(postgres)) < number and time.monotonic() < until:
        time.sleep(0.5)
    return found
