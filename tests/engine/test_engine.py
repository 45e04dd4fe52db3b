"""The engine process, as a front sees it: over its socket, and in system tables."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.talk.memory import Memory
from bot.talk.messages import PROTOCOL, Answered, Nonsense
from tests.engine.process import FAULTY, EngineProcess, open_sockets, question

SENTENCE = "how long do you go to prison for having indecent images"
LATER = "he has her with him tonight"
NETWORK = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Iterator[EngineProcess]:
    """An engine that outlives each front, where an earlier one left its socket."""
    folder = tmp_path_factory.mktemp("engine")
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(str(folder / "engine.sock"))
    running = EngineProcess(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Iterator[EngineProcess]:
    """An engine whose classifier fails when a message asks for it."""
    running = EngineProcess(tmp_path_factory.mktemp("faulty"), module=FAULTY)
    yield running
    running.stop()


@pytest.fixture
def start(tmp_path) -> Iterator:
    """Starts an engine in the test's folder, and ends it."""
    started: list[EngineProcess] = []

    def one(*flags: str, **more) -> EngineProcess:
        started.append(EngineProcess(more.pop("folder", tmp_path), *flags, **more))
        return started[-1]

    yield one
    for running in started:
        running.stop()


# ---- what is said ----


def test_it_says_hello_once_the_model_is_loaded(engine):
    with engine.connect() as front:
        assert front.hello().protocol == PROTOCOL


def test_it_decides_with_the_topics_that_are_served(engine):
    with engine.connect() as front:
        front.ready()
        decision = front.ask(SENTENCE)

    assert decision and decision.intents == ("law_sentence",)
    assert decision.memory.last_topic == "law_sentence"


def test_each_of_many_questions_gets_its_own_answer(engine):
    texts = [SENTENCE, "what is the helpline", "thank you"] * 7
    with engine.connect() as front:
        front.ready()
        alone = [front.ask(text) for text in texts]
        asked = [question(id=number, text=text) for number, text in enumerate(texts)]
        front.send(*(each.line() for each in asked))
        at_once = [Answered.read(front.read()) for _ in asked]

    assert len({decision.intents for decision in alone}) == 3
    assert {a.id: a.decision for a in at_once} == dict(enumerate(alone))


def test_it_keeps_nothing_between_two_questions(engine):
    alarming = Memory(person_gives_cause=0.9, child_reachable=0.9, last_topic="harm")
    with engine.connect() as front:
        front.ready()
        alone = front.ask(LATER)
        after = front.ask(LATER, memory=alarming)
        again = front.ask(LATER)

    assert alone == again != after


def test_a_rule_of_the_net_that_fired_is_obeyed(engine):
    with engine.connect() as front:
        front.ready()
        decision = front.ask(SENTENCE, forced="immediate_risk")

    assert decision and decision.intents[0] == "immediate_risk"


def test_a_question_about_content_that_is_not_served_fails_and_the_next_does_not(
    engine,
):
    with engine.connect() as front:
        front.ready()
        assert front.ask(SENTENCE, version="v2") is None
        front.serve("v2")
        assert front.ask(SENTENCE, version="v2") is not None


@pytest.mark.parametrize(
    "line",
    [
        b"hello?\n",
        b"[]\n",
        b'{"id":1,"text":"no more than this"}\n',
        b'{"version":"v1","topics":[]}\n',
        b'{"version":"v1","topics":{}}\n',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
    ],
    ids=["text", "list", "part", "no topics", "empty topics", "bytes", "deep"],
)
def test_nonsense_ends_the_connection_and_not_the_engine(engine, line):
    with engine.connect() as front:
        front.hello()
        front.send(line)
        assert front.read() == b""

    with engine.connect() as front:
        assert front.ready().ask(SENTENCE)
    assert "ERROR engine.asked_nonsense" in engine.log[-1]


def test_a_front_that_goes_before_hello_or_within_a_question_does_no_harm(engine):
    with engine.connect(), engine.connect():
        pass
    with engine.connect() as front:
        front.ready()
        front.send(question(text=SENTENCE).line()[:20])
    with engine.connect() as front:
        front.ready()
        front.send(question(text=SENTENCE).line())

    with engine.connect() as front:
        assert front.ready().ask(SENTENCE)


# ---- where it answers ----


def test_a_second_engine_at_the_same_socket_is_refused_and_the_first_goes_on(
    engine, start
):
    second = start(folder=engine.socket.parent)

    assert second.ended() == 1
    assert "ERROR engine.socket_taken" in engine.log[-1]
    with engine.connect() as front:
        assert front.ready().ask(SENTENCE)


def test_only_the_user_it_runs_as_can_reach_it(engine):
    with engine.connect() as front:
        front.hello()
        assert stat.S_IMODE(engine.socket.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["missing/engine.sock", "x" * 120], ids=["no folder", "too long"]
)
def test_a_socket_that_cannot_be_opened_is_named_in_one_line(start, name):
    engine = start(name=name)

    assert engine.ended() == 1
    [said] = engine.log
    assert "engine.no_socket" in said and str(engine.socket)[-40:] in said


# ---- how it ends, and what it leaves ----


def test_an_engine_of_one_front_ends_with_it(start):
    engine = start("--once")
    with engine.connect() as front:
        assert front.ready().ask(SENTENCE)

    assert engine.ended() == 0 and engine.log == []


def test_nothing_typed_is_to_be_found_in_the_system_s_tables(engine):
    place = Path(f"/proc/{engine.process.pid}")
    with engine.connect() as front:
        front.ready().ask("zebra crossing")
        for name in ("cmdline", "environ", "comm"):
            assert b"zebra" not in (place / name).read_bytes()
        files = {os.readlink(path) for path in (place / "fd").iterdir()}
        limits = (place / "limits").read_text()

    files = {file for file in files if not file.startswith(("socket:", "/dev/null"))}
    assert files == {f"{engine.socket}.lock", str(engine.socket.parent / "log")}
    assert not any("zebra" in Path(file).read_text() for file in files)
    assert "Max core file size        0                    0" in limits


def test_it_has_no_socket_of_the_network(engine):
    with engine.connect() as front:
        front.hello()
        assert open_sockets(engine.process.pid, NETWORK) == []
        # The kernel's word that a filter holds, and that no program undoes it.
        status = Path(f"/proc/{engine.process.pid}/status").read_text()
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status


def test_a_part_that_breaks_fails_its_question_and_no_other(faulty):
    with faulty.connect() as front:
        front.ready()
        assert front.ask("zebra, the part breaks") is None
        assert front.ask(SENTENCE)

    assert "ERROR engine.failed ValueError@engine/faulty_engine.py" in faulty.log[-1]
    assert "zebra" not in "".join(faulty.log)


def test_a_part_that_opens_a_socket_fails(faulty):
    with faulty.connect() as front:
        assert front.ready().ask("the part opens a socket") is None

    assert "engine.failed PermissionError" in faulty.log[-1]


def test_a_part_can_be_made_to_say_what_no_front_expects(faulty):
    with faulty.connect() as front:
        front.ready()
        with pytest.raises(Nonsense):
            front.ask("the part talks nonsense")
        with pytest.raises(AssertionError):
            front.ask("the part answers another")


def test_a_question_that_takes_too_long_ends_the_process(start, tmp_path):
    (tmp_path / "stick").touch()
    engine = start(module=FAULTY)
    with engine.connect() as front:
        front.ready()
        assert front.ask("the part does not stick", seconds=30.0)
        front.send(question(text="the part sticks", seconds=0.2).line())
        assert front.read() == b""

    assert engine.ended() == -signal.SIGALRM


def test_whatever_is_logged_and_however_it_ends_no_word_of_a_visitor_is_written(
    start, tmp_path
):
    (tmp_path / "loud").touch()
    engine = start("--once", module=FAULTY)
    with engine.connect() as front:
        front.ready()
        front.ask("zebra crossing")
        front.ask("zebra crossing, the part breaks")
        front.send(b"zebra crossing, the process dies")
        front.send(b"\n")

    assert engine.ended() == 0
    assert "zebra" not in (tmp_path / "log").read_text()
    assert [line.split()[1] for line in engine.log] == [
        "engine.failed",
        "engine.asked_nonsense",
    ]
