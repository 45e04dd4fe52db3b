"""The numbers that `make evaluate` fits: thresholds and calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot import DATA
from bot.words import shapes, yaml_files


class FittedError(ValueError):
    """One of the files lacks a number, or holds something else."""


def read_thresholds(folder: Path = DATA) -> dict[str, float]:
    """Probabilities by name; raises YamlFileError or FittedError."""
    return _read(folder, "thresholds", "thresholds")


def read_language_thresholds(folder: Path = DATA) -> dict[str, dict[str, float]]:
    """Probabilities by group of languages; raises YamlFileError or FittedError."""
    return _read(folder, "thresholds_languages", "thresholds_languages")


def read_calibration(
    folder: Path = DATA, name: str = "calibration"
) -> dict[str, dict[str, float]]:
    """The weights of each formula by name; raises YamlFileError or FittedError."""
    return _read(folder, name, "calibration")


def _read(folder: Path, name: str, shape: str) -> dict[str, Any]:
    content = yaml_files.read(folder / f"{name}.yml")
    shapes.check(f"data/{name}.yml", content, shape, FittedError)
    return content
