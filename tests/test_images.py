"""The images of deploy/Dockerfile, laid out by hand: that needs no container."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import MODEL, ROOT
from tests.conftest import ENGINE, Server, calls_999_first, serving, until

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
READY = ROOT / "deploy" / "ready.sh"
BYTECODE = "compileall -q -j 0 --invalidation-mode unchecked-hash"


@dataclass
class Copy:
    """A COPY: what, from which stage ("" is the tree), and where to."""

    sources: list[str]
    stage: str
    target: str


@dataclass
class Stage:
    """One FROM and what follows it."""

    base: str
    name: str
    body: str

    @property
    def copies(self) -> list[Copy]:
        found = []
        for line in re.findall(r"^COPY (.*)$", self.body, re.M):
            words = line.split()
            stage = words.pop(0).removeprefix("--from=") if "--from" in line else ""
            sources = [word.removeprefix("/app/") for word in words[:-1]]
            found.append(Copy(sources, stage, words[-1]))
        return found

    def command(self, instruction: str) -> list[str]:
        """What an ENTRYPOINT or CMD runs."""
        [found] = re.findall(rf"^{instruction} \[(.*)\]$", self.body, re.M)
        return shlex.split(found.replace(",", " "))


STAGES = {
    name: Stage(base, name, body)
    for base, name, body in re.findall(
        r"^FROM (\S+) AS (\S+)$(.*?)(?=^FROM|\Z)", DOCKERFILE, re.M | re.S
    )
}


def lay_out(stage: str, folder: Path) -> Path:
    """Copies into a folder what a stage copies, without its packages; returns it.

    The stages that it copies from are laid out beside it, once.
    """
    if folder.exists():
        return folder
    for copy in STAGES[stage].copies:
        beside = folder.with_name(copy.stage or "none")
        built = lay_out(copy.stage, beside) if copy.stage else ROOT
        for source in copy.sources:
            for found in built.glob(source) if source[0] != "/" else []:
                _put(found, folder / copy.target, copy.target.endswith("/"))
    if stage == "training":  # what it makes
        shutil.copyfile(MODEL, folder / "models" / MODEL.name)
    return folder


def _put(found: Path, target: Path, into: bool) -> None:
    if found.is_dir():
        shutil.copytree(found, target, ignore=shutil.ignore_patterns("__pycache__"))
        return
    target = target / found.name if into else target
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found, target)


@dataclass
class Pod:
    """A front and an engine, each from its image, with a socket between them."""

    front: Server
    engine: subprocess.Popen[bytes]
    start: list[str]
    folder: Path

    def start_engine(self) -> None:
        self.engine = subprocess.Popen(self.start, cwd=self.folder)


@pytest.fixture(scope="module")
def pod(tmp_path_factory) -> Iterator[Pod]:
    folder = tmp_path_factory.mktemp("pod")
    socket_path = folder / "engine.sock"
    engine = lay_out("engine", folder / "engine")
    front = lay_out("front", folder / "front")
    tini, _, _, *module = STAGES["engine"].command("ENTRYPOINT")
    assert tini == "tini"
    start = [str(ENGINE), *module, str(socket_path)]
    with serving(front, ENGINE_SOCKETS=str(socket_path)) as running:
        found = Pod(running, subprocess.Popen(start, cwd=engine), start, engine)
        yield found
        found.engine.kill()
        found.engine.wait()


def test_the_images_hold_all_that_their_processes_read(pod):
    pod.front.wait_until_ready()

    assert pod.front.ask("is the helpline anonymous").status == 200
    assert pod.front.get("/answers").status == 200
    assert calls_999_first(pod.front.ask("he is hurting my son right now").text)


def test_an_engine_that_died_is_replaced_from_outside_and_found_again(pod):
    pod.front.wait_until_ready()
    pod.engine.kill()
    pod.engine.wait()
    until(lambda: pod.front.get("/health/ready").status == 503)

    assert calls_999_first(pod.front.ask("he is hurting my son right now").text)
    pod.start_engine()
    pod.front.wait_until_ready()
    assert pod.front.ask("is the helpline anonymous").status == 200


def test_an_image_has_the_rooms_of_its_process_alone(tmp_path):
    front = {p.name for p in (lay_out("front", tmp_path / "f") / "bot").iterdir()}
    engine = lay_out("engine", tmp_path / "e")

    assert front & {"rasa_parts", "engine", "nlu", "dialogue", "desk"} == set()
    others = {"rasa_parts", "server", "chat", "pages", "counts", "desk"}
    assert {p.name for p in (engine / "bot").iterdir()} & others == set()
    # The model, and nothing that it was learnt from.
    assert (engine / "models" / MODEL.name).exists()
    assert not (engine / "data" / "nlu").exists()
    assert not list((engine / "models").rglob("vectors.npz"))


# Each stage that installs packages, and the file that pins them.
INSTALLS = {"front-build": "front", "engine-build": "engine", "training": "rasa"}


@pytest.mark.parametrize("stage", INSTALLS)
def test_a_stage_has_the_packages_of_its_process_alone(stage):
    build = STAGES[stage].body

    assert re.findall(r"requirements/\S+\.txt", build) == [
        f"requirements/{INSTALLS[stage]}.txt",
        f"requirements/{INSTALLS[stage]}.txt",
    ]
    assert "--require-hashes" in build


def test_nothing_of_rasa_is_in_an_image():
    """The stage that has Rasa gives one file away: the model."""
    of_rasa = re.compile(r"^(rasa|tensorflow|keras|scikit-learn)\b", re.M)
    found = {
        stage: set(of_rasa.findall((ROOT / "requirements" / f"{name}.txt").read_text()))
        for stage, name in INSTALLS.items()
    }
    taken = {
        (name, *copy.sources)
        for name, stage in STAGES.items()
        for copy in stage.copies
        if copy.stage == "training"
    }

    assert len(found.pop("training")) == 4
    assert found == {"front-build": set(), "engine-build": set()}
    assert taken == {("engine", f"models/{MODEL.name}")}
    assert all(stage.base != "training" for stage in STAGES.values())


@pytest.mark.parametrize("process", ["front", "engine"])
def test_everything_that_an_image_runs_is_compiled(process):
    build, final = STAGES[f"{process}-build"], STAGES[process]
    python = STAGES[final.base]

    assert f"{BYTECODE} /usr/local/lib/{python.name.replace('-', '')}" in python.body
    assert f"{BYTECODE} .venv" in build.body
    assert "compileall -q --invalidation-mode unchecked-hash bot" in build.body
    assert build.base == python.name and "PYTHONDONTWRITEBYTECODE=1" in python.body


def test_every_base_image_is_named_by_its_digest():
    for stage in STAGES.values():
        assert stage.base in STAGES or re.search(r"@sha256:[0-9a-f]{64}$", stage.base)


def test_the_pythons_are_those_that_make_run_builds():
    makefile = (ROOT / "Makefile").read_text()
    built = dict(re.findall(r"environment,\.(venv\S*),([\d.]+),", makefile))
    current, for_rasa = (ROOT / ".python-version").read_text().split()

    assert built["venv"] == built["venv-engine"] == current
    assert STAGES["front"].base == STAGES["engine"].base == f"python-{current}"
    assert STAGES[f"python-{current}"].base.startswith(f"python:{current}-")
    assert built["venv-rasa"] == for_rasa
    assert STAGES["training"].base.startswith(f"python:{for_rasa}-")


def test_no_image_runs_as_root():
    for name in ("front", "engine", "nginx"):
        [user] = re.findall(r"^USER (\d+):\1$", STAGES[name].body, re.M)
        assert int(user) > 0


def test_a_build_sees_what_is_copied_and_nothing_else():
    wanted = {
        source.split("*")[0].rstrip("/")
        for stage in STAGES.values()
        for copy in stage.copies
        if not copy.stage
        for source in copy.sources
    }
    allowed = {line[1:] for line in IGNORED if line.startswith("!")}
    rest = [line for line in IGNORED if line and line[0] not in "#!"]

    assert rest[0] == "*"
    assert all(any(f"{w}/".startswith(f"{a}/") for a in allowed) for w in wanted)
    assert all(any(f"{w}/".startswith(f"{a}/") for w in wanted) for a in allowed)
    assert {"**/__pycache__", "bot/desk"} <= set(rest)


def test_tini_keeps_the_engine_from_being_process_1():
    # Process 1 of a container would ignore the alarm that ends an engine that is stuck.
    assert STAGES["engine"].command("ENTRYPOINT")[:2] == ["tini", "--"]


def probe(port: str | int) -> int:
    """The exit status of the health check for a port of this machine."""
    done = subprocess.run(
        ["bash", READY], env={**os.environ, "PORT": str(port)}, capture_output=True
    )
    return done.returncode


def test_the_health_check_says_whether_typed_questions_are_answered(server, young):
    assert probe(server.address.rsplit(":", 1)[1]) == 0
    assert probe(young.address.rsplit(":", 1)[1]) == 1


def test_the_health_check_takes_a_port_that_never_answers_for_dead():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert probe(port) == 1
    assert probe(port) == 1  # nor is it open
