"""Whether this program can serve a trained model."""

from __future__ import annotations

import json
import re
import tarfile
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot import ROOT
from bot.words import yaml_files


class ModelError(ValueError):
    """The model cannot be served; `make train` builds one that can."""


class ModelMissing(ModelError):
    """There is no such file."""


class ModelUnreadable(ModelError):
    """It is not an archive, or only part of one."""


class ModelOutdated(ModelError):
    """Another version of Rasa, or another config.yml, made it."""


def check(model: Path) -> None:
    """Refuses a model that Rasa would load and then answer badly with.

    Raises:
        ModelError: What is wrong, as one of its subclasses.
    """
    if not model.is_file():
        raise ModelMissing(f"{model}: there is no model; run `make train`.")
    made = _metadata(model)
    if made.get("rasa_open_source_version") != version("rasa"):
        raise ModelOutdated(f"{model}: made by another Rasa; run `make train`.")
    if _trained_components(made) != _configured_components():
        raise ModelOutdated(f"{model}: made from another config.yml; run `make train`.")


def _metadata(model: Path) -> dict[str, Any]:
    try:
        with tarfile.open(model) as archive:
            found = archive.extractfile("metadata.json")
            return dict(json.load(found)) if found else {}
    except (
        OSError, EOFError, tarfile.TarError, zlib.error, KeyError, TypeError, ValueError
    ) as error:  # fmt: skip
        raise ModelUnreadable(f"{model}: cannot be read; run `make train`.") from error


def _trained_components(made: dict[str, Any]) -> list[str]:
    """The names of Rasa's graph nodes that stand for an entry of config.yml.

    `run_`, name and position: rasa/engine/recipes/default_recipe.py:499, 810, 858.
    """
    nodes = (made.get("predict_schema") or {}).get("nodes") or {}
    return sorted(node for node in nodes if re.fullmatch(r"run_.*\d+", node))


def _configured_components() -> list[str]:
    config = yaml_files.read(ROOT / "config.yml")
    return sorted(
        f"run_{entry['name']}{position}"
        for part in ("pipeline", "policies")
        for position, entry in enumerate(config[part])
    )
