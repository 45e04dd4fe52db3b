"""Keeps TensorFlow out of the serving process.

Rasa imports it wherever it defines a policy or a component, for networks that this
bot's model does not have. That would cost 300 MB and two seconds for nothing. Only
`serve` uses this module; training, `rasa shell` and `rasa test` import the real
TensorFlow.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from bot import ROOT
from bot.words import yaml_files

# Rasa imports these at the top of its modules; `keras` comes with TensorFlow.
NAMES = ("tensorflow", "tensorflow_addons", "keras")


def keep_out_tensorflow() -> None:
    """Replaces TensorFlow with stand-ins, if the model can do without it.

    Call it before Rasa is imported; it does nothing once TensorFlow is.
    """
    config = yaml_files.read(ROOT / "config.yml")
    if can_do_without(config) and NAMES[0] not in sys.modules:
        sys.meta_path.insert(0, _StandIns())


def can_do_without(config: dict[str, Any]) -> bool:
    """Whether all parts of a config.yml are the project's own.

    An empty pipeline, or no policies, leaves the choice to Rasa.
    """
    pipeline, policies = config.get("pipeline"), config.get("policies")
    if not pipeline or not policies:
        return False
    return all(part["name"].startswith("bot.") for part in [*pipeline, *policies])


class _StandIns(MetaPathFinder, Loader):
    """Finds an empty module for every name in or below `NAMES`."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.split(".")[0] not in NAMES:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: names in the module are made when they are asked for."""


class _Module(ModuleType):
    """Has every public name, each a class that only serves as a base class."""

    def __getattr__(self, name: str) -> Any:
        return _named(f"{self.__name__}.{name}")


class _Absent(type):
    def __getattr__(cls, name: str) -> Any:
        return _named(f"{cls.__name__}.{name}")


def _named(path: str) -> type:
    if path.rpartition(".")[2].startswith("__"):
        raise AttributeError(path)
    return _Absent(path, (), {"__init__": _refuse})


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    raise RuntimeError(
        f"{type(self).__name__} is wanted, but "
        "bot/rasa_parts/without_tensorflow.py keeps TensorFlow out of this process."
    )
