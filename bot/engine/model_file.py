"""Opens a trained model: the archive that Rasa writes, without Rasa."""

from __future__ import annotations

import json
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    """Another config.yml made it."""


@contextmanager
def learnt(model: Path) -> Iterator[Callable[[str], Path]]:
    """Unpacks what was learnt; it is gone afterwards.

    Yields:
        For the name of a class in config.yml, the folder that it wrote.

    Raises:
        ModelError: It would be read and then answer badly; a subclass says why.
    """
    if not model.is_file():
        raise ModelMissing(f"{model}: there is no model; run `make train`.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if _trained_components(_unpack(model, folder)) != _configured_components():
            raise ModelOutdated(
                f"{model}: made from another config.yml; run `make train`."
            )
        yield lambda name: folder / "components" / f"train_{_component(name)}"


def _unpack(model: Path, folder: Path) -> dict[str, Any]:
    """What the model says of itself."""
    try:
        with tarfile.open(model) as archive:
            archive.extractall(folder, filter="data")
        return dict(json.loads((folder / "metadata.json").read_bytes()))
    except (
        OSError, EOFError, tarfile.TarError, zlib.error, TypeError, ValueError
    ) as error:  # fmt: skip
        raise ModelUnreadable(f"{model}: cannot be read; run `make train`.") from error


def _trained_components(made: dict[str, Any]) -> list[str]:
    """The names of Rasa's graph nodes that stand for an entry of config.yml.

    `run_`, name and position: rasa/engine/recipes/default_recipe.py:499, 810, 858.
    """
    nodes = (made.get("predict_schema") or {}).get("nodes") or {}
    return sorted(node for node in nodes if re.fullmatch(r"run_.*\d+", node))


def _configured_components() -> list[str]:
    return sorted(f"run_{name}" for name in _components())


def _component(class_name: str) -> str:
    """The name of a component of config.yml in the archive, by that of its class."""
    [found] = [n for n in _components() if re.fullmatch(rf".*\.{class_name}\d+", n)]
    return found


def _components() -> list[str]:
    config = yaml_files.read(ROOT / "config.yml")
    return [
        f"{entry['name']}{position}"
        for part in ("pipeline", "policies")
        for position, entry in enumerate(config[part])
    ]
