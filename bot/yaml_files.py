"""Reads the project's YAML files, with errors that name the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class YamlFileError(ValueError):
    """A data file is missing or is not a YAML mapping."""


def read(path: Path, may_be_empty: bool = False) -> dict[str, Any]:
    """Reads one mapping; a file of comments alone holds none, where it `may_be_empty`.

    Raises:
        YamlFileError: The file cannot be read, is not YAML or holds no mapping.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise YamlFileError(f"{path}: cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlFileError(f"{path}: is not valid YAML. {error}") from error
    if content is None and may_be_empty:
        return {}
    if not isinstance(content, dict):
        raise YamlFileError(f"{path}: must hold `name: value` entries.")
    return content
