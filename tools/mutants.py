"""Breaks modules on purpose and counts what their own tests notice: `make mutants`.

mutmut changes one thing at a time in a copy of the project and runs only that module's
tests. tools/mutants.yml says which modules, and which changes make no
difference. The result is written into CONTRIBUTING.md.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "tools" / "mutants.yml"
DOCUMENT = ROOT / "CONTRIBUTING.md"
BLOCK = re.compile(r"(?<=<!-- mutants -->\n).*?(?=<!-- /mutants -->)", re.S)
# What the tests of the modules read or import.
COPIED = ("bot", "data", "tests")
# It loads the model, which the decision does not need.
LEFT_OUT = "tests/engine/conftest.py"
# Not those that ran out of time: a busy machine causes that too, and no test failed.
NOTICED = "killed"
# A fork server: what one test has built and kept must not hide a change from the next.
# Much time: mutmut does not know how long the tests' fixtures take.
SETTINGS = """
[tool.pytest.ini_options]
asyncio_mode = "auto"

[tool.mutmut]
process_isolation = "forkserver"
timeout_multiplier = 60.0
source_paths = ["bot"]
also_copy = ["data"]
only_mutate = {files}
pytest_add_cli_args = {options}
pytest_add_cli_args_test_selection = {tests}
"""


@dataclass(frozen=True)
class Mutant:
    """A change that no test noticed: the function, and its changed lines."""

    where: str
    now: str


@dataclass
class Result:
    """What happened to a module's mutants."""

    name: str
    all: int
    alike: list[dict[str, str]] = field(default_factory=list)
    missed: list[Mutant] = field(default_factory=list)
    outdated: list[dict[str, str]] = field(default_factory=list)

    @property
    def noticed(self) -> int:
        return self.all - len(self.alike) - len(self.missed)

    @property
    def score(self) -> float:
        """Per cent of those that make a difference."""
        return 100 * self.noticed / (self.all - len(self.alike))

    def row(self) -> str:
        """The module's row of the table."""
        raw = 100 * self.noticed / self.all
        return (
            f"| {self.name} | {self.all} | {self.noticed} | {len(self.alike)} | "
            f"{len(self.missed)} | {raw:.1f} % | {self.score:.1f} % |"
        )


def measure(module: dict[str, Any], folder: Path) -> Result:
    """Runs mutmut on a module in an empty folder."""
    for name in COPIED:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    (folder / LEFT_OUT).unlink()
    options = [f"--deselect={test}" for test in module.get("without", [])]
    settings = SETTINGS.format(**module, options=options)
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    said = _mutmut(folder, "run", "--max-children", "2")
    fates = dict(_fate(line) for line in _mutmut(folder, "results", "--all", "true"))
    if not fates or "not checked" in fates.values():
        sys.exit(f"{module['name']}: mutmut did not finish:\n" + "\n".join(said))
    result = Result(module["name"], len(fates))
    entries = list(module["alike"])
    for name in (name for name, fate in fates.items() if fate != NOTICED):
        mutant = Mutant(_function(name), _changed(_mutmut(folder, "show", name)))
        same = [e for e in entries if mutant == Mutant(e["where"], e["now"])]
        for entry in same[:1]:
            entries.remove(entry)
            result.alike.append(entry)
        if not same:
            result.missed.append(mutant)
    result.outdated = entries
    return result


def _mutmut(folder: Path, *arguments: str) -> list[str]:
    """What a command of mutmut prints."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


def _fate(line: str) -> tuple[str, str]:
    name, _, fate = line.partition(":")
    return name.strip(), fate.strip()


def _function(name: str) -> str:
    """The function of a mutant, such as `Memory.after`."""
    mangled = name.rpartition("__mutmut_")[0].rpartition(".")[2]
    return mangled.removeprefix("x").strip("ǁ").removeprefix("_").replace("ǁ", ".")


def _changed(diff: list[str]) -> str:
    """The lines that a mutant has instead of others."""
    lines = [line[1:].strip() for line in diff if re.match(r"\+(?!\+\+ )", line)]
    return " ".join(lines)


def block(results: list[Result]) -> str:
    """What is between the two marks in the document."""
    lines = [
        "",
        f"Measured on {date.today()} with mutmut {version('mutmut')}:",
        "",
        "| module | mutants | noticed | alike | missed | of all | of all but alike |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(result.row() for result in results),
        "",
        "Alike, so no test can notice:",
        "",
    ]
    for result in results:
        lines += [f"- `{e['where']}`: `{e['now']}`: {e['why']}" for e in result.alike]
    if missed := [mutant for result in results for mutant in result.missed]:
        lines += ["", "Missed:", ""]
        lines += [f"- `{mutant.where}`: `{mutant.now}`" for mutant in missed]
    return "\n".join([*lines, "", ""])


def main() -> None:
    """Measures every module, writes the result, and fails below the lowest score."""
    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    results = []
    for module in plan["modules"]:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(module, Path(folder)))
        sys.stdout.write(results[-1].row() + "\n")
        sys.stdout.flush()
    text = DOCUMENT.read_text(encoding="utf-8")
    written, marked = BLOCK.subn(lambda _: block(results), text)
    if marked != 1:
        sys.exit(f"{DOCUMENT.name}: put `<!-- mutants -->` and its end in once.")
    DOCUMENT.write_text(written, encoding="utf-8")
    wrong = [
        f"{r.name}: below {plan['least']} %" for r in results if r.score < plan["least"]
    ]
    wrong += [
        f"{r.name}: nothing survives like {e}" for r in results for e in r.outdated
    ]
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
