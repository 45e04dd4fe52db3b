"""The figures file, the source of the page, its plots and the sizes."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot import ROOT
from bot.words import yaml_files

PATH = ROOT / "docs" / "performance.yml"
HEAD = "# Written by `make bench`, part by part; do not edit.\n"
Figures = dict[str, Any]


def read(path: Path = PATH) -> Figures:
    """The figures of every part that has been measured."""
    return yaml_files.read(path) if path.exists() else {}


def write(part: str, found: Figures, path: Path = PATH) -> Figures:
    """Replaces the figures of one part; returns all of them."""
    figures = {**read(path), part: {"measured": measured(), **found}}
    text = yaml.safe_dump(figures, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(HEAD + text, encoding="utf-8")
    return figures


def measured() -> dict[str, str]:
    """When, which build, and on what kind of machine, in words."""
    return {
        "on": f"{date.today():%-d %B %Y}",
        "build": _git("describe", "--always", "--dirty=, changed") or "not in git",
        "machine": f"{os.cpu_count()} cores ({_processor()}), {_memory_gb():.0f} GB of "
        f"memory, {platform.system()}",
    }


def sentence(part: Figures) -> str:
    """Says when and where a part was measured."""
    of = part["measured"]
    return f"Measured on {of['on']} with the build {of['build']}, on {of['machine']}."


def _git(*command: str) -> str:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return " ".join(names[0].split()) if names else platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
