"""Reads the project's YAML files, with errors that name the file and the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot import ROOT


class YamlFileError(ValueError):
    """A data file is missing, is not a YAML mapping, or names something twice."""


class Entry(dict[Any, Any]):
    """A mapping that knows which line each of its keys is on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: dict[str, int] = {}


def read(path: Path, may_be_empty: bool = False) -> dict[str, Any]:
    """Reads one mapping; if it `may_be_empty`, the file may hold only comments.

    Raises:
        YamlFileError: The file cannot be read, is not YAML, holds no mapping, or names
            something twice, of which PyYAML itself would silently keep the last.
    """
    content = _load(path)
    if content is None and may_be_empty:
        return {}
    if not isinstance(content, dict):
        raise YamlFileError(
            f"{shown(path)}: must hold `name: value` entries; if it was emptied by "
            "mistake, restore an older version of it."
        )
    return content


def read_list(path: Path) -> list[Any]:
    """Reads one list; raises YamlFileError as `read` does."""
    content = _load(path)
    if not isinstance(content, list):
        raise YamlFileError(
            f"{shown(path)}: must hold a list of `- entry`; if it was emptied by "
            "mistake, restore an older version of it."
        )
    return content


def _load(path: Path) -> Any:
    file = shown(path)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise YamlFileError(f"{file}: cannot be read ({error.strerror}).") from error
    except _Twice as error:
        raise YamlFileError(f"{file}, {error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlFileError(_not_yaml(path, error)) from error


def shown(path: Path) -> str:
    """A file's name as an editor knows it: from the project's own folder."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def at(file: str, content: Any, *path: Any) -> str:
    """The place of an entry, such as `data/services.yml, line 12`.

    Args:
        file: The file's name, as `shown` gives it.
        content: What was read from it. A part that was not read from a file has no
            lines; the line before it is named, or the file alone.
        path: The keys and indices that lead to the entry.
    """
    line = None
    for key in path:
        if isinstance(content, Entry):
            line = content.lines.get(key, line)
        try:
            content = content[key]
        except (KeyError, IndexError, TypeError):
            break
    return f"{file}, line {line}" if line else file


class _Twice(ValueError):
    """A mapping names the same key twice."""


if TYPE_CHECKING:
    _FastLoader = yaml.SafeLoader
else:  # PyYAML in C, where it was built with it
    _FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FastLoader):
    """PyYAML's safe loader, which also keeps lines and refuses a key given twice."""

    def entry(self, node: yaml.MappingNode) -> Iterator[Entry]:
        entry = Entry()
        yield entry
        for key_node, _ in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if isinstance(key, str) and key in entry.lines:
                raise _Twice(
                    f"line {line}: `{key}` is also on line {entry.lines[key]}. "
                    "Keep one of the two."
                )
            if isinstance(key, str):
                entry.lines[key] = line
        entry.update(self.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.entry)
# What was read can be written again, as the mapping that it is.
yaml.SafeDumper.add_representer(Entry, yaml.SafeDumper.represent_dict)


def _not_yaml(path: Path, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"{shown(path)}: is not UTF-8. Save it with that encoding."
    try:  # the slower parser gives the place more exactly
        yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except yaml.MarkedYAMLError as better:
        error = better
    mark = getattr(error, "problem_mark", None)
    place = f"{shown(path)}, line {mark.line + 1}" if mark else shown(path)
    problem = getattr(error, "problem", error)
    return (
        f"{place}: is not valid YAML ({problem}). Look at this line and the one before "
        "it: the indentation, the quotes and the colons."
    )
