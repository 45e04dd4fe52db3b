"""Writes record.json beside an encoder: how it was built, and its files' hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write(folder: Path, files: Iterable[str], **about: Any) -> None:
    """Records some files of a folder, with what else is to be known about them."""
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files
    }
    text = json.dumps({**about, "sha256": hashes}, indent=2)
    (folder / "record.json").write_text(f"{text}\n")
