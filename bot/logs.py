"""What the server writes to its log: event names and error types, never a message."""

from __future__ import annotations

import asyncio
import ctypes
import faulthandler
import logging
import os
import re
import resource
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import Any, TextIO

# Everything that the log can ever say. tests/test_logs.py compares it with the code.
EVENTS = frozenset(
    {
        "Open %s (typed questions once engine.ready)",
        "server.stopped",
        "notice.read closed=%s",
        "notice.unreadable %s",
        "embed.js %s %s",
        "embed.js has changed since it was last released: run `make embed`",
        "engine.ready",
        "engine.load_failed %s (%s): make train builds the model",
        "engine.incomplete %s (`make run` installs its packages)",
        "engine.network_open (the kernel allows no filter)",
        "engine.socket_taken %s (another engine answers there)",
        "engine.no_socket %s %s",
        "engine.asked_nonsense %s",
        "engine.failed %s",
        "engine.missing %s (`make run` builds it)",
        "engine.unreachable %s (is the engine running?)",
        "engine.not_started %s; next try in %d s",
        "engine.nonsense %s",
        "engine.other_version (deploy both from one release)",
        "engine.slow",
        "engine.stuck",
        "engine.ended",
        "chat.unanswered %s",
        "chat.failed %s",
        "counts.lost %d",
        "counts.older_table_set_aside",
        "counts.table_made",
        "counts.waiting %s",
        "counts.written_again",
        "action.failed %s %s",
        "redis.lost %s",
        "redis.back",
        "content.reload_refused %s %s",
        "content.reloaded",
        "request.failed %s",
        "page.failed %s",
        "process.failed %s",
        "thread.failed %s",
        "task.failed %s",
        "object.failed %s",
    }
)
# Names of errors, actions and hosts, a hash. A sentence has spaces.
_VALUE = re.compile(r"[\w.:@/+=-]{1,120}", re.ASCII)
_NO_VALUE = re.compile(r"[^\w.:@/-]", re.ASCII)
_PR_SET_DUMPABLE = 4  # linux/prctl.h

logger = logging.getLogger(__name__)

_log: TextIO | None = None


def configure() -> None:
    """Sends the project's own events to stderr and silences the libraries."""
    # Read by TensorFlow and Rasa when they are imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # whatever else was asked for
    # A filter is not enough: Rasa and TensorFlow set their own when they are imported.
    warnings.showwarning = lambda *_, **__: None
    # What cannot be logged is not printed with its arguments either.
    logging.raiseExceptions = False
    logging.lastResort = None
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
    # The file is kept, so later changes to sys.stderr do not affect it.
    global _log
    _log = os.fdopen(os.dup(2), "w", buffering=1)
    for name in ("bot", "actions"):
        own = logging.getLogger(name)
        own.handlers = [_handler(_log)]
        own.setLevel(logging.INFO)
        own.propagate = False


def descriptor() -> int:
    """Where the log goes, for a child process that keeps to the same rules."""
    return _log.fileno() if _log else 2


def only_events() -> None:
    """Makes the log the only thing that this process can write to its output.

    Call it before the first message is read. Everything else that is written to
    stdout or stderr goes nowhere: libraries at any level, `print`, warnings, tracebacks
    and what C code writes. A crash leaves no core dump.
    """
    _forbid_core_dumps()
    faulthandler.disable()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    sys.excepthook = lambda _, error, __: logger.critical(
        "process.failed %s", fault(error)
    )
    threading.excepthook = lambda failed: logger.error(
        "thread.failed %s", fault(failed.exc_value)
    )
    sys.unraisablehook = lambda failed: logger.error(
        "object.failed %s", fault(failed.exc_value)
    )


def fault(error: BaseException | None) -> str:
    """What can be said of an error without its words: `ValueError@nlu/reader.py:12`.

    The error that began it, and the line that raised it.
    """
    if error is None:
        return "unknown"
    while error.__cause__:
        error = error.__cause__
    steps = traceback.extract_tb(error.__traceback__, limit=-1)
    file = "/".join(Path(steps[0].filename).parts[-2:]) if steps else ""
    place = f"@{file}:{steps[0].lineno}" if steps else ""
    return _NO_VALUE.sub("_", type(error).__name__ + place)


def place(path: Path) -> str:
    """A path as the log may hold it; only the end of a long one."""
    return _NO_VALUE.sub("_", str(path))[-120:]


def note_failed_task(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The exception handler of every event loop: asyncio's own prints the values."""
    logger.error("task.failed %s", fault(context.get("exception")))


def is_event(record: logging.LogRecord) -> bool:
    """Whether a record is one of `EVENTS` and its values cannot be a sentence."""
    values = record.args if isinstance(record.args, tuple) else (record.args,)
    return record.msg in EVENTS and all(map(_is_safe, values))


def _is_safe(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_VALUE.fullmatch(value))
    return isinstance(value, int | float)


class _EventFormatter(logging.Formatter):
    """One line for an event, and nothing else that the record holds."""

    def formatException(self, ei: Any) -> str:
        return ei[0].__name__ if ei[0] else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def _handler(log: Any) -> logging.Handler:
    handler = logging.StreamHandler(log)
    handler.addFilter(is_event)
    handler.setFormatter(_EventFormatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


def _forbid_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A core that the system pipes to a program ignores the limit, not this.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
