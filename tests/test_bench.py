"""`make bench` works, and compares like with like."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import DATA, ROOT
from bot.safety.plain_text import plain
from bot.words import yaml_files
from tests.bench import (
    baseline,
    big_bodies,
    default_project,
    figures,
    report,
    sizing,
    tables,
)
from tests.bench.contenders import Measured
from tests.bench.load import Load
from tests.bench.measure import Plan, Results
from tests.bench.messages import never_seen, read_messages
from tests.bench.processes import Used, cpu_seconds, memory_mb
from tests.bench.tell import BenchError
from tests.evaluation.sets import HELD_BACK, TUNING
from tests.front import CONF
from tests.variety import read

FIGURES = (
    "First useful answer",
    "front and engine",
    "Two engines",
    "longer",
    "encoder",
    "More clients",
    "More intents",
    "Memory grows",
)
WRITTEN = (figures.PATH, report.PAGE, sizing.GUIDE)
# A process that starts another, which says when it is ready and waits.
PARENT = """
import subprocess, sys
child = "print('ready', flush=True); input()"
subprocess.run([sys.executable, "-c", child])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("default")
    default_project.write(folder)
    return folder


def test_a_short_run_prints_every_figure_and_leaves_the_page_alone():
    before = [path.read_bytes() for path in WRITTEN]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    for figure in FIGURES:
        assert figure in done.stdout
    assert [path.read_bytes() for path in WRITTEN] == before


def test_what_the_children_of_a_bot_use_is_counted_too():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        parent.stdout.readline()
        memory, cpu = memory_mb(parent.pid), cpu_seconds(parent.pid)
        parent.communicate(b"\n")

    assert memory.own > 1
    assert memory.children > 1
    assert memory.total == memory.own + memory.children
    assert cpu.own >= 0
    assert cpu.children >= 0


def measured(name: str, rate: int, megabytes: float) -> Measured:
    load = Load(1.0, [10.0] * rate, Used(1.0, 1.0))
    return Measured(name, [1.0], [2.0], [load], [load], memory=Used(megabytes))


def test_the_page_has_every_table_below_what_it_was_measured_with():
    compared = Results(measured("this bot", 95, 100), measured("default", 10, 100))
    for found in (compared.ours, compared.default):
        found.without_big = found.beside_big = found.many
        found.beside_big[0].big = [1.0]
    found = report.comparison(compared, {"Decision": 0.1}, Plan(rounds=7))
    page = report.page({"compare": {"measured": figures.measured(), **found}})

    assert page.startswith("# Speed and memory\n")
    assert "take turns, 7 times" in page
    assert f"Rasa\n{default_project.rasa().version}" in page
    for heading, lines in found["tables"].items():
        assert "\n".join([f"### {heading}", "", *lines]) in page


@pytest.mark.parametrize(
    ("rate", "megabytes", "missed"),
    [
        (1000, 45, []),
        (999, 45, ["Messages a second, 16 clients"]),
        (1000, 46, ["Memory of all processes, all languages (MB)"]),
    ],
)
def test_a_target_that_is_missed_is_named(rate, megabytes, missed):
    ours, other = measured("this bot", rate, megabytes), measured("other", 100, 100)
    for found, milliseconds in ((ours, 15.0), (other, 100.0)):
        found.alone = [Load(1.0, [milliseconds] * 100)]
        found.many[0].bot_cpu = Used(len(found.many[0].each) * milliseconds)
    ours.readies = [0.5]
    lines = tables.compared(ours, other, "default")

    assert [line.split(" | ")[0][2:] for line in lines if "**no**" in line] == missed


def test_an_earlier_build_that_git_does_not_know_is_refused_by_its_name():
    with pytest.raises(BenchError, match="^BASELINE=v0.0.0-none: "):
        baseline.built("v0.0.0-none")


def test_an_earlier_build_is_the_files_of_its_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(baseline.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(baseline, "TARGETS", ())  # else its model would be trained

    folder = baseline.built("HEAD")

    assert folder.parent == tmp_path
    assert (folder / "Makefile").is_file()
    assert (folder / "bot" / "__main__.py").is_file()
    assert baseline.built("HEAD") == folder


def test_a_link_to_a_build_that_has_gone_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(baseline.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(baseline, "TARGETS", ())
    folder = baseline.built("HEAD")
    shutil.rmtree(folder)
    folder.symlink_to(tmp_path / "gone")

    assert (baseline.built("HEAD") / "Makefile").is_file()
    assert not folder.is_symlink()


def test_a_big_body_is_as_big_as_nginx_lets_through():
    [most] = re.findall(r"client_max_body_size (\d+)k;", CONF.read_text())
    assert 0.95 * 1024 * int(most) < big_bodies.SIZE < 1024 * int(most)
    for body in big_bodies.bodies():
        assert 0.99 * big_bodies.SIZE < len(body) <= big_bodies.SIZE


def test_the_big_bodies_are_a_message_many_values_and_no_json():
    long, many, other = big_bodies.bodies()

    assert len(json.loads(long)["message"]) > 0.99 * big_bodies.SIZE
    assert len(json.loads(many)["more"]) > 0.3 * big_bodies.SIZE
    with pytest.raises(ValueError, match="^Expecting value"):
        json.loads(other)


def test_no_message_of_the_bench_is_sent_twice():
    sent = [never_seen(text) for _ in range(3) for text in read_messages()]

    assert len(set(sent)) == len(sent)


def test_the_default_learns_some_of_our_messages_for_all_our_intents(project):
    domain = yaml_files.read(project / "domain.yml")
    blocks = yaml_files.read(project / "data" / "nlu.yml")["nlu"]
    taught = [line for block in blocks for line in block["examples"].splitlines()]
    ours = "\n".join(path.read_text() for path in sorted((DATA / "nlu").glob("*.yml")))

    assert domain["intents"] == yaml_files.read(ROOT / "domain.yml")["intents"]
    assert {block["intent"] for block in blocks} <= set(domain["intents"])
    assert len(taught) > len(blocks) * default_project.MOST_MESSAGES // 2
    assert all(line in ours for line in taught)


def test_the_default_answers_every_intent(project):
    for kind in ("rules", "stories"):
        told = yaml_files.read(project / "data" / f"{kind}.yml")[kind]
        steps = [(t["steps"][0]["intent"], t["steps"][1]["action"]) for t in told]
        domain = yaml_files.read(project / "domain.yml")

        assert steps == [(intent, f"utter_{intent}") for intent in domain["intents"]]
        assert {action for _, action in steps} == set(domain["responses"])


def test_the_default_is_rasa_s_own_but_for_its_epochs(project):
    config = yaml_files.read(project / "config.yml")
    names = [part["name"] for part in (*config["pipeline"], *config["policies"])]

    assert {"DIETClassifier", "TEDPolicy", "UnexpecTEDIntentPolicy"} < set(names)
    assert len(names) == 13


def test_no_message_of_the_bench_was_learnt_or_is_judged_on():
    folders = (DATA / "nlu", DATA / "conversations", HELD_BACK, TUNING)
    paths = [p for f in folders for p in f.glob("*.yml") if p.name != "noise.yml"]
    known = {plain(message.text) for path in paths for message in read(path)}
    long = [text for text in read_messages() if len(text.split()) > 4]

    assert [text for text in long if plain(text) in known] == []
