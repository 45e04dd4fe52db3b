"""The engines behind one call: started here, or reached at a socket, and let go."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvloop

from bot import ROOT
from bot.chat import launch
from bot.chat.content import Content
from bot.chat.engine import (
    MOST_LONG_WAITING,
    MOST_WAITING,
    Engine,
    EngineBusy,
    EngineLate,
    EngineNotReady,
)
from bot.chat.launch import Launcher, Sockets, Source
from bot.chat.link import LONG, EngineFailed, Link, Watch
from bot.talk.memory import Memory
from bot.talk.messages import Decision
from tests.conftest import until_soon

QUICK = {"python": Path(sys.executable), "module": "tests.quick_engine"}
SERVED = Content.read().served
PATIENT_SECONDS = 60.0


@pytest.fixture(autouse=True)
def short(monkeypatch) -> Iterator[Path]:
    """A folder for sockets: the system allows their paths a hundred characters."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


async def asked(engine: Engine, text: str) -> Decision:
    return await engine.ask(text, Memory(last_topic="harm"), None, SERVED)


class Started:
    """Engines that have started, and end with the test."""

    def __init__(self, source: Source, number: int = 1, seconds: float = 0) -> None:
        self.engine = Engine(source, number, seconds or PATIENT_SECONDS)
        self._number = number

    async def __aenter__(self) -> Engine:
        self.engine.start()
        await until_soon(lambda: self.engine.number == self._number)
        return self.engine

    async def __aexit__(self, *error: object) -> None:
        await self.engine.stop()


async def test_a_question_is_decided_with_the_memory_that_it_came_with():
    async with Started(Launcher(**QUICK)) as engine:
        decision = await asked(engine, "law_register, please")

    assert decision.intents == ("law_register",)
    assert decision.memory == Memory(last_topic="harm")


async def test_before_an_engine_is_there_nobody_waits_for_it():
    engine = Engine(Launcher(**QUICK))

    with pytest.raises(EngineNotReady):
        await asked(engine, "law_register")
    assert not engine.ready and not engine.failed


async def test_each_of_many_who_ask_at_once_gets_their_own_answer():
    topics = list(SERVED.topics["topics"])[:MOST_WAITING]
    async with Started(Launcher(**QUICK), 2) as engine:
        decisions = await asyncio.gather(*(asked(engine, t) for t in topics))

    assert [decision.intents for decision in decisions] == [(t,) for t in topics]


async def test_more_than_can_be_answered_in_time_are_refused_at_once(short):
    (short / "stick").touch()
    async with Started(Launcher(**QUICK)) as engine:
        waiting = [
            asyncio.ensure_future(asked(engine, "harm, the part sticks"))
            for _ in range(MOST_WAITING)
        ]
        await asyncio.sleep(0)
        with pytest.raises(EngineBusy):
            await asked(engine, "harm")
        (short / "stick").unlink()

        assert len(await asyncio.gather(*waiting)) == MOST_WAITING
        assert engine.loads == 1  # busy is not stuck: it is the same one


LONG_TEXT = "harm, the part sticks".ljust(LONG + 1)


async def test_short_questions_are_answered_while_long_ones_wait(short):
    (short / "stick").touch()
    async with Started(Launcher(**QUICK)) as engine:
        waiting = [asyncio.ensure_future(asked(engine, LONG_TEXT)) for _ in range(5)]
        await asyncio.sleep(0)

        for _ in range(10):
            await asked(engine, "law_register")
        assert not any(long.done() for long in waiting)
        (short / "stick").unlink()
        assert [found.intents for found in await asyncio.gather(*waiting)] == [
            ("harm",)
        ] * 5


async def test_a_long_question_costs_nobody_the_engine(short):
    """It is abandoned in time, but the engine goes on and answers others meanwhile."""
    (short / "stick").touch()
    async with Started(Launcher(**QUICK), seconds=3.0) as engine:
        with pytest.raises(EngineLate):
            await asked(engine, LONG_TEXT)
        assert engine.number == 1
        await asked(engine, "law_register")
        (short / "stick").unlink()

        assert (await asked(engine, LONG_TEXT)).intents == ("harm",)
        assert engine.loads == 1


async def test_long_questions_leave_the_places_of_short_ones_free(short):
    (short / "stick").touch()
    async with Started(Launcher(**QUICK)) as engine:
        waiting = [
            asyncio.ensure_future(asked(engine, LONG_TEXT))
            for _ in range(MOST_LONG_WAITING + 1)
        ]
        await asyncio.sleep(0)
        with pytest.raises(EngineBusy):
            await asked(engine, LONG_TEXT)
        await asked(engine, "law_register")
        (short / "stick").unlink()

        assert len(await asyncio.gather(*waiting)) == MOST_LONG_WAITING + 1


async def test_who_goes_when_called_does_not_hold_up_the_next():
    engine, watch = Engine(Launcher(**QUICK)), Watch(PATIENT_SECONDS, PATIENT_SECONDS)
    gone, next_one = (asyncio.ensure_future(engine._free_link()) for _ in range(2))
    await asyncio.sleep(0)
    link = Link(watch, engine._changed, lambda: None)
    engine._links.append(link)
    engine._changed()
    gone.cancel()

    assert await asyncio.wait_for(next_one, 10) is link


async def test_of_two_engines_the_one_that_is_free_is_asked(short):
    (short / "stick").touch()
    async with Started(Launcher(**QUICK), 2) as engine:
        stuck = asyncio.ensure_future(asked(engine, "harm, the part sticks"))
        for _ in range(5):
            assert (await asked(engine, "law_register")).intents == ("law_register",)
        (short / "stick").unlink()
        await stuck
        assert engine.loads == 2


async def test_a_question_that_a_part_breaks_on_fails_alone():
    async with Started(Launcher(**QUICK)) as engine:
        both = (asked(engine, "the part breaks"), asked(engine, "harm"))
        broken, whole = await asyncio.gather(*both, return_exceptions=True)

    assert isinstance(broken, EngineFailed) and whole.intents == ("harm",)


async def test_a_stuck_engine_is_ended_at_the_deadline_and_replaced(short):
    (short / "stick").touch()
    async with Started(Launcher(**QUICK), seconds=0.5) as engine:
        with pytest.raises(EngineLate):
            await asked(engine, "the part sticks")
        await until_soon(lambda: engine.loads == 2 and len(running(short)) == 1)


@pytest.mark.parametrize("new_loop", [uvloop.new_event_loop, asyncio.new_event_loop])
def test_how_long_our_own_loop_is_held_up_does_not_count(new_loop, caplog):
    """The engine has answered long before the loop is free to read it."""

    async def held_up() -> tuple[list[Decision], int]:
        async with Started(Launcher(**QUICK), seconds=0.4) as engine:
            decisions = []
            for _ in range(3):
                asking = asyncio.create_task(asked(engine, "law_register"))
                await asyncio.sleep(0)  # it is asked
                time.sleep(0.8)
                decisions.append(await asking)
            return decisions, engine.loads

    with asyncio.Runner(loop_factory=new_loop) as runner:
        decisions, loads = runner.run(held_up())
    assert [decision.intents for decision in decisions] == [("law_register",)] * 3
    assert loads == 1 and "engine.slow" not in caplog.text


async def test_after_a_stop_no_engine_and_no_file_is_left(short):
    async with Started(Launcher(**QUICK), 2):
        assert len(running(short)) == 2
        [folder] = short.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700

    assert not running(short) and not list(short.iterdir())


async def test_a_stop_while_engines_load_leaves_nothing_either(short):
    (short / "slow").touch()
    engine = Engine(Launcher(**QUICK), 2)
    engine.start()
    await until_soon(lambda: len(running(short)) == 2)
    await engine.stop()

    assert not running(short) and [p.name for p in short.iterdir()] == ["slow"]


async def test_engines_that_others_start_are_reached_and_found_again(short):
    paths = [short / "one.sock", short / "two.sock"]
    with separate(paths[0]) as one, separate(paths[1]) as other:
        async with Started(Sockets(paths), 2) as engine:
            assert (await asked(engine, "harm")).intents == ("harm",)
            one.kill()
            await until_soon(lambda: engine.number == 1)
            assert (await asked(engine, "harm")).intents == ("harm",)
            with separate(paths[0]):
                await until_soon(lambda: engine.number == 2)
        assert other.poll() is None  # it is not the front's to end


async def test_an_engine_of_others_that_was_slow_is_used_again(short, caplog):
    (short / "stick").touch()
    path = short / "one.sock"
    with separate(path):
        async with Started(Sockets([path]), seconds=1.0) as engine:
            late = asyncio.ensure_future(asked(engine, "harm, the part sticks"))
            await until_soon(lambda: not engine.number)
            (short / "stick").unlink()
            await late
            assert (await asked(engine, "law_life")).intents == ("law_life",)
    assert "engine.not_started" not in caplog.text


@pytest.mark.parametrize("hangs_up", [False, True])
async def test_a_socket_without_an_engine_is_named(
    short, caplog, monkeypatch, hangs_up
):
    monkeypatch.setattr(launch, "OPENS_WITHIN_SECONDS", 0.2)
    path = short / "nobody.sock"
    if hangs_up:
        server = await asyncio.start_unix_server(lambda _, out: out.close(), path)
    engine = Engine(Sockets([path]))
    engine.start()
    await until_soon(lambda: engine.failed)
    await engine.stop()

    assert f"engine.unreachable {path} (is the engine running?)" in caplog.text
    if hangs_up:
        server.close()


@contextmanager
def separate(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An engine that was not started by the front."""
    command = [sys.executable, "-m", "tests.quick_engine", path]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def running(folder: Path) -> list[str]:
    """The processes that were started with a socket in a folder."""
    commands = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            commands.append(process.read_text())
    return [command for command in commands if str(folder) in command]
