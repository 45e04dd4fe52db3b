"""The log holds events of a fixed list, and the code can log nothing else."""

from __future__ import annotations

import ast
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot import ROOT, logs

# What an event may contain besides numbers, as the code spells it.
SAFE = {
    # An error without its words; a path of the operator's.
    "logs.fault(error)", "logs.fault(again)", "fault(error)", "fault(failed.exc_value)",
    "fault(context.get('exception'))", "type(error).__name__",
    "logs.place(path)", "logs.place(self._python)",
    "action",  # a name from data/rules.yml
    "file",  # the name of a content file
    "address", "self._closed", "pause",  # where it listens; a switch; seconds
    "lost",  # a number of counts
    "version", "embed.integrity(site.embed_script)",
}  # fmt: skip
LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
SOURCES = [p for folder in ("bot", "actions") for p in (ROOT / folder).rglob("*.py")]


def calls(function: str) -> Iterator[ast.Call]:
    """The calls of a function, or of a method of `logger`, in the code that serves."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
                yield node


LOGGED = [call for level in LEVELS for call in calls(f"logger.{level}")]


@pytest.mark.parametrize("call", LOGGED, ids=ast.unparse)
def test_a_log_call_passes_an_event_and_safe_values_alone(call):
    event, *values = call.args

    assert isinstance(event, ast.Constant) and event.value in logs.EVENTS
    assert {ast.unparse(value) for value in values} <= SAFE
    assert not call.keywords


def test_every_event_is_logged_somewhere():
    assert {call.args[0].value for call in LOGGED} == logs.EVENTS


def test_nothing_is_called_safe_that_is_not_logged():
    used = {ast.unparse(value) for call in LOGGED for value in call.args[1:]}

    assert used == SAFE


@pytest.mark.parametrize(
    "function",
    ["print", "warnings.warn", "traceback.print_exc", "traceback.format_exc",
     *(f"logging.{level}" for level in LEVELS)],
)  # fmt: skip
def test_the_code_has_no_other_way_to_write(function):
    assert not list(calls(function))


def test_every_logger_is_the_module_s_own():
    named = [ast.unparse(call) for call in calls("logging.getLogger")]
    own = "logging.getLogger(__name__)"

    assert {name for name in named if name != own} == {
        "logging.getLogger(name)",  # bot/logs.py sets the levels of the others
        "logging.getLogger('bot.engine.answer')",  # it is run as __main__
    }


@pytest.mark.parametrize(
    ("event", "values"),
    [
        ("my neighbour feeds a quokka", ()),
        ("engine.failed %s", ("my neighbour",)),
        ("engine.failed %s", (["quokka"],)),
        ("engine.failed %s", ("quokka\n",)),
        ("engine.failed quokka", ()),
        ("engine.ready", ({"text": "quokka"},)),
    ],
)
def test_a_record_that_is_no_event_is_dropped(event, values):
    record = logging.LogRecord("bot.x", logging.ERROR, "x", 1, event, values, None)

    assert not logs.is_event(record)


def test_an_event_is_written_without_the_words_of_an_error():
    said = run(
        """
        try:
            raise ValueError("quokka")
        except ValueError as error:
            logger.error("engine.failed %s", logs.fault(error), exc_info=True,
                         stack_info=True)
        """
    )
    assert "ERROR engine.failed ValueError@" in said
    assert "quokka" not in said and "Traceback" not in said


def test_the_error_that_began_it_is_named():
    try:
        try:
            raise KeyError("quokka")
        except KeyError as first:
            raise RuntimeError("quokka") from first
    except RuntimeError as error:
        assert logs.fault(error).startswith("KeyError@tests/test_logs.py:")


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("raise ValueError('quokka')", "process.failed ValueError"),
        ("threading.Thread(target=int, args=('quokka',)).start()",
         "thread.failed ValueError"),
        ("class A:\n    def __del__(self): raise ValueError('quokka')\nA()",
         "object.failed ValueError"),
        ("async def fail(): raise ValueError('quokka')\n"
         "async def main():\n"
         "    asyncio.get_running_loop().set_exception_handler(logs.note_failed_task)\n"
         "    asyncio.create_task(fail())\n"
         "    await asyncio.sleep(0)\n"
         "asyncio.run(main())", "task.failed ValueError"),
        ("print('quokka'); print('quokka', file=sys.__stderr__)\n"
         "os.write(1, b'quokka'); os.write(2, b'quokka'); os.system('echo quokka')\n"
         "logging.basicConfig(level=10, stream=sys.stderr, force=True)\n"
         "logging.getLogger('rasa').error('quokka'); logging.error('quokka')\n"
         "logger.error('quokka'); logger.error('engine.failed %s', 'a quokka')\n"
         "logger.error('engine.failed %d %d', 'quokka')\n"
         "warnings.warn('quokka'); logger.info('engine.ready')", "engine.ready"),
        ("faulthandler.enable()\nlogger.info('engine.ready')\n"
         "quokka = 1\nos.abort()", "engine.ready"),
    ],
)  # fmt: skip
def test_whatever_is_written_only_events_are_read(code, event):
    said = run(code)

    assert event in said
    assert "quokka" not in said and "Traceback" not in said
    assert len(said.splitlines()) == 1


def run(code: str) -> str:
    """What a process writes that may only log events."""
    start = (
        "import asyncio, faulthandler, logging, os, sys, threading, warnings\n"
        "from bot import logs\n"
        "logger = logging.getLogger('bot.test')\n"
        "logs.configure(); logs.only_events()\n"
    )
    indent = "        "
    lines = [line.removeprefix(indent) for line in code.splitlines()]
    done = subprocess.run(
        [sys.executable, "-c", start + "\n".join(lines)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr
