"""Anonymous daily counts: how often something happened, by topic and force.

Fixed names and a day, nothing else: no text, no token, no address, no time of day.
Emergencies are counted by day only, so that none can be traced to a force.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, inspect
from sqlalchemy.engine import Connection, Engine, Inspector, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot import ROOT, logs
from bot.words.answers import Answers
from bot.words.topics import Topics

logger = logging.getLogger(__name__)

# Where the forces and their board are: a count belongs to their day. Not the zone of
# bot/words/opening_hours.py: the helpline's hours have nothing to do with it.
ZONE = ZoneInfo("Europe/London")
USUAL_URL = f"sqlite:///{ROOT / 'counts.sqlite'}"
EMERGENCY = "emergency"
# What the server counts, and what a page may ask it to count.
COUNTED_HERE = ("asked", "answered", "offered_help", "not_understood", EMERGENCY)
COUNTED_BY_PAGES = ("call", "chat", "message", "self_help", "left", "wrong")
EVENTS = (*COUNTED_HERE, *COUNTED_BY_PAGES)
SMALLEST_SHOWN = 5  # a smaller number might point to somebody
WRITE_EVERY_SECONDS = 5.0
WAIT_SECONDS = 1  # for a file that another process has locked, or a server's hello
STOP_SECONDS = 2.0  # for the last write, even if the database hangs

_METADATA = MetaData()
DAILY = Table(
    "daily_counts",
    _METADATA,
    Column("day", String(10), primary_key=True),  # as 2026-11-25
    Column("event", String(20), primary_key=True),
    Column("topic", String(40), primary_key=True),
    Column("force", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
)


class CountsError(ValueError):
    """COUNTS_URL is not the address of a usable database."""


@dataclass(frozen=True)
class Entry:
    """What is counted: a day, an event and, if known, a topic and a force."""

    day: str
    event: str
    topic: str = ""
    force: str = ""


def today() -> date:
    """The day in London."""
    return datetime.now(ZONE).date()


class Counts:
    """Counts in memory and writes every few seconds, so that nobody waits for it.

    What cannot be written stays in memory and is written once the database is back.
    """

    def __init__(
        self,
        url: str,
        topics: Topics,
        forces: Collection[str],
        clock: Callable[[], date] = today,
    ) -> None:
        """Opens nothing yet.

        Args:
            url: A database as SQLAlchemy names it: `sqlite:///…` or `postgresql://…`.
            topics: The topics that may be counted, and which are emergencies.
            forces: The police forces that may be counted.
            clock: Says which day it is.

        Raises:
            CountsError: The address cannot be read, or names another kind of database.
        """
        self._engine = _engine(url)
        self._topics, self._forces = topics.by_key, frozenset(forces)
        self._clock = clock
        self._waiting: Counter[Entry] = Counter()
        self._writing: Counter[Entry] = Counter()  # handed over, not yet confirmed
        self._lock = threading.Lock()
        self._one_write = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._write_on, name="counts", daemon=True
        )
        self._warned = False

    @classmethod
    def from_setting(cls, setting: str | None, answers: Answers) -> Counts:
        """Reads the environment's COUNTS_URL; None: a file beside the program."""
        return cls(setting or USUAL_URL, answers.topics, answers.directory.forces)

    def add(
        self, event: str, topic: str | None = None, force: str | None = None
    ) -> bool:
        """Counts one event of today; says whether it has a name that may be counted.

        An unknown topic or force counts as none. Never fails and never waits.
        """
        if event not in EVENTS:
            return False
        known = self._topics.get(topic or "")
        if event == EMERGENCY or (known and known.is_emergency):
            known = force = None
        named = {
            "topic": known.key if known else "",
            "force": force if force in self._forces else "",
        }
        with self._lock:
            self._waiting[Entry(self._clock().isoformat(), event, **named)] += 1
        return True

    def start(self) -> None:
        """Starts writing, in a separate thread."""
        self._thread.start()

    def stop(self) -> None:
        """Lets what is waiting be written, and says how much could not be.

        A write that has begun ends first. If the database hangs, this waits for
        `STOP_SECONDS`; what it was given then counts as lost, although it may still
        write it.
        """
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        with self._lock:
            lost = self._waiting.total() + self._writing.total()
        if lost:
            logger.error("counts.lost %d", lost)

    def write(self) -> bool:
        """Writes what is waiting; says whether it could."""
        with self._one_write:
            return self._write()

    def _write(self) -> bool:
        with self._lock:
            self._writing, self._waiting = self._waiting, Counter()
        if not self._writing:
            return True
        error = self._store(self._writing)
        with self._lock:
            if error:
                self._waiting.update(self._writing)
            self._writing = Counter()
        if error and not self._warned:
            logger.error("counts.waiting %s", logs.fault(error))
        elif self._warned and not error:
            logger.info("counts.written_again")
        self._warned = error is not None
        return error is None

    def read(self, first: date, last: date) -> Counter[Entry]:
        """The counts from one day to another, both included.

        Raises:
            SQLAlchemyError: The database cannot be read.
        """
        days = DAILY.c.day.between(first.isoformat(), last.isoformat())
        with self._engine.begin() as connection:
            self._prepare(connection)
            rows = connection.execute(DAILY.select().where(days))
            return Counter({Entry(*row[:4]): row.number for row in rows})

    def _write_on(self) -> None:
        while not self._stopped.wait(WRITE_EVERY_SECONDS):
            self.write()
        self.write()  # for the last time

    def _store(self, waiting: Counter[Entry]) -> Exception | None:
        """Adds some counts to the table; returns why it could not."""
        # Imported once it is known which: PostgreSQL brings a dozen modules along.
        dialect = import_module(f"sqlalchemy.dialects.{self._engine.dialect.name}")
        insert = dialect.insert(DAILY)
        add = insert.on_conflict_do_update(
            index_elements=["day", "event", "topic", "force"],
            set_={"number": DAILY.c.number + insert.excluded.number},
        )
        rows = [{**vars(entry), "number": n} for entry, n in waiting.items()]
        try:
            with self._engine.begin() as connection:
                self._prepare(connection)
                connection.execute(add, rows)
        except Exception as error:  # noqa: BLE001 - the thread must go on writing
            return error
        return None

    def _prepare(self, connection: Connection) -> None:
        """Creates the table if it is missing, before every write: it may be dropped.

        A table with other columns is renamed, never lost.
        """
        found = inspect(connection)
        there = found.has_table(DAILY.name)
        if there and not _fits(found):
            self._set_aside(connection, found)
            there = False
        if not there:
            _METADATA.create_all(connection)
            logger.info("counts.table_made")

    def _set_aside(self, connection: Connection, found: Inspector) -> None:
        aside = name = f"{DAILY.name}_until_{self._clock():%Y%m%d}"
        number, taken = 1, found.get_table_names()
        while name in taken:
            number += 1
            name = f"{aside}_{number}"
        connection.exec_driver_sql(f"ALTER TABLE {DAILY.name} RENAME TO {name}")
        logger.warning("counts.older_table_set_aside")


def _fits(found: Inspector) -> bool:
    """Whether the table has the columns and the key that counts are added by."""
    columns = {column["name"] for column in found.get_columns(DAILY.name)}
    key = found.get_pk_constraint(DAILY.name)["constrained_columns"]
    return columns == set(DAILY.c.keys()) and set(key) == set(
        DAILY.primary_key.columns.keys()
    )


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError) as error:
        raise _unusable() from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise _unusable()
    sqlite_file = parsed.get_backend_name() == "sqlite"
    wait = "timeout" if sqlite_file else "connect_timeout"
    try:
        # A connection for each write: one that stays open keeps writing to a file that
        # was deleted, and fails once after a server has come back.
        return create_engine(
            parsed, connect_args={wait: WAIT_SECONDS}, poolclass=NullPool
        )
    except (SQLAlchemyError, ImportError) as error:  # no driver for PostgreSQL
        raise _unusable() from error


def _unusable() -> CountsError:
    return CountsError(
        "COUNTS_URL: give a database as sqlite:////folder/counts.sqlite or "
        "postgresql://user@host/name."
    )
