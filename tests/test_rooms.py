"""The rooms of bot/: each imports only what the sentence in its __init__ says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from bot import ROOT

BOT = ROOT / "bot"
ROOMS = sorted(path.parent.name for path in BOT.glob("*/__init__.py"))
# What serves visitors, and what it must never load: Rasa's packages and numpy's.
FRONT = ("chat", "pages", "counts", "server", "words", "safety", "talk")
ENGINE_ONLY = ("nlu", "dialogue", "engine", "rasa_parts")


def modules() -> dict[str, Path]:
    paths = sorted(BOT.rglob("*.py"))
    return {".".join(p.relative_to(ROOT).with_suffix("").parts): p for p in paths}


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else str(node.module)


def room_of(module: str) -> str:
    """The room of a module; "" for those directly in bot/."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else ""


def allowed(room: str) -> set[str]:
    """The rooms that the sentence of a room names."""
    sentence = ast.get_docstring(ast.parse((BOT / room / "__init__.py").read_text()))
    [named] = re.findall(r"^May import: (.+)\.$", sentence or "", re.M)
    return set() if named == "nothing of ours" else set(named.split(", "))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_with_a_sentence_that_says_what_belongs_there(room):
    said = ast.get_docstring(ast.parse((BOT / room / "__init__.py").read_text()))

    assert said and len(said.splitlines()[0]) > 30
    assert allowed(room) <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_no_other_than_its_sentence_allows(room):
    found = {
        (module, target)
        for module, path in modules().items()
        if room_of(module) == room
        for target in imports(path)
        if room_of(target) not in ("", room, *allowed(room))
    }

    assert found == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_needs_every_room_that_its_sentence_names(room):
    used = {
        room_of(target)
        for module, path in modules().items()
        if room_of(module) == room
        for target in imports(path)
    }

    assert allowed(room) - used == set()


def test_no_two_modules_need_each_other():
    graph = {module: set(imports(path)) for module, path in modules().items()}

    # Raises CycleError, which names the circle.
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


def test_what_meets_visitors_never_reaches_the_engine_s_rooms():
    for room in FRONT:
        assert allowed(room) & set(ENGINE_ONLY) == set(), room


def packages(path: Path) -> Iterator[str]:
    """The packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_one_room_knows_rasa_and_no_other_reaches_it():
    of_rasa = {"rasa", "rasa_sdk", "tensorflow"}
    known = {name for name, path in modules().items() if of_rasa & {*packages(path)}}

    assert {room_of(name) for name in known} == {"rasa_parts"}
    assert all("rasa_parts" not in allowed(room) for room in ROOMS)


def test_few_files_are_in_no_room():
    assert len([path for path in BOT.iterdir() if path.is_file()]) <= 7
