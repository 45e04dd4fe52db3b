"""`make bench` works, and compares like with like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import DATA, ROOT, yaml_files
from bot.plain_text import plain
from tests.bench import default_project
from tests.bench.messages import read_messages
from tests.evaluation.sets import HELD_BACK, TUNING
from tests.variety import read


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("default")
    default_project.write(folder)
    return folder


def test_a_short_run_prints_every_figure_and_leaves_the_page_alone():
    page = ROOT / "docs" / "performance.md"
    before = page.read_bytes() if page.exists() else None
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    for figure in ("First useful answer", "Memory grows", "Two processes", "encoder"):
        assert figure in done.stdout
    assert (page.read_bytes() if page.exists() else None) == before


def test_the_default_learns_the_same_messages_for_the_same_intents(project):
    domain = yaml_files.read(project / "domain.yml")
    ours = {path.name: path.read_bytes() for path in (DATA / "nlu").glob("*.yml")}

    assert domain["intents"] == yaml_files.read(ROOT / "domain.yml")["intents"]
    assert ours == {
        path.name: path.read_bytes() for path in (project / "data/nlu").iterdir()
    }


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
