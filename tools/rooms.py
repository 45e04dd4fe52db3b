"""Draws the rooms of bot/ into docs/architecture.md: `make rooms`.

The picture shows what the code imports now; the table gives each room's description.
tests/test_documents.py compares the document with both.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
DOCUMENT = ROOT / "docs" / "architecture.md"
BLOCK = re.compile(r"(?<=<!-- rooms -->\n).*?(?=<!-- /rooms -->)", re.S)
# The rooms where a process starts; it has every room that they need.
FRONT, ENGINE, TRAINING = "server", "engine", "rasa_parts"
BOTH, COMMANDS = "both", "commands"
TITLES = {
    "front": "front: serves visitors",
    "engine": "engine: decides which answers",
    "training": "training, and Rasa's own commands",
    COMMANDS: "commands for editors",
    BOTH: "both processes",
}

Imports = dict[str, set[str]]


def names() -> list[str]:
    """The rooms, by name."""
    return sorted(path.parent.name for path in BOT.glob("*/__init__.py"))


def imports() -> Imports:
    """The other rooms that each room imports from."""
    rooms = names()
    return {
        room: {
            target
            for path in (BOT / room).rglob("*.py")
            for target in _named(path)
            if target in rooms and target != room
        }
        for room in rooms
    }


def _named(path: Path) -> Iterator[str]:
    """The names that follow `bot.` in the imports of a file, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        for module in modules:
            if module.startswith("bot."):
                yield module.split(".")[1]


def runs_in(found: Imports) -> dict[str, str]:
    """Where each room runs: a key of `TITLES`."""
    front, engine = _needed(FRONT, found), _needed(ENGINE, found)
    both = front & engine
    return {
        room: BOTH if room in both
        else "front" if room in front
        else "engine" if room in engine
        else "training" if room == TRAINING
        else COMMANDS
        for room in found
    }  # fmt: skip


def _needed(room: str, found: Imports) -> set[str]:
    """A room and all that it needs, directly or not."""
    needed, waiting = set[str](), [room]
    while waiting:
        if (name := waiting.pop()) not in needed:
            needed.add(name)
            waiting += found[name]
    return needed


def picture(found: Imports) -> str:
    """The rooms and their imports as a Mermaid flow chart, which GitHub draws."""
    lines = ["```mermaid", "flowchart TD"]
    where = runs_in(found)
    for process, title in TITLES.items():
        lines.append(f'  subgraph {process}_["{title}"]')
        lines += [f"    {room}" for room in found if where[room] == process]
        lines.append("  end")
    for room, targets in found.items():
        lines += [f"  {room} --> {target}" for target in sorted(targets)]
    return "\n".join([*lines, "```", ""])


def table(found: Imports) -> str:
    """The rooms as a table: what each one is for, where it runs, what it needs."""
    where = runs_in(found)
    lines = ["| room | what it holds | runs in | may import |"]
    lines.append("| --- | --- | --- | --- |")
    for room in found:
        sentence, allowed = said(room)
        lines.append(f"| `bot/{room}/` | {sentence} | {where[room]} | {allowed} |")
    return "\n".join([*lines, ""])


def said(room: str) -> tuple[str, str]:
    """What a room is for, and what it says it may import."""
    init = (BOT / room / "__init__.py").read_text(encoding="utf-8")
    text = ast.get_docstring(ast.parse(init)) or ""
    what, _, allowed = text.partition("May import:")
    # The next column says where it runs.
    what = re.sub(r" \((?:front|engine|training)\)", "", " ".join(what.split()))
    return what, allowed.strip().rstrip(".")


def block() -> str:
    """What is between the two marks in the document."""
    found = imports()
    return f"\n{picture(found)}\n{table(found)}\n"


def main() -> None:
    """Writes the block into docs/architecture.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    written, marked = BLOCK.subn(lambda _: block(), text)
    if marked != 1:
        sys.exit(
            f"{DOCUMENT.name}: put `<!-- rooms -->` and `<!-- /rooms -->` in once."
        )
    DOCUMENT.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
