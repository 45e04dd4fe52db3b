"""An earlier build of this repository, made as its own Makefile makes it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from bot import ROOT
from tests.bench.tell import BenchError, tell, watch

# What `make run` needs in every build; if the engine has a separate environment, its
# model depends on that.
TARGETS = (".venv/ready", "models/signposting.tar.gz")

# Its name, and its folder.
Earlier = tuple[str, Path]


def built(ref: str) -> Path:
    """The folder of a build; makes it only if it is not there.

    It is among the system's temporary files, under the name of its commit.

    Raises:
        BenchError: There is no such version, or it could not be built.
    """
    try:
        found = _git("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    except (OSError, subprocess.CalledProcessError) as error:
        raise BenchError(
            f"BASELINE={ref}: git knows no such version here. Give a tag or a commit."
        ) from error
    commit = found.decode().strip()
    folder = Path(tempfile.gettempdir(), f"signposting-bench-{commit[:12]}")
    if folder.is_symlink() and not folder.exists():
        folder.unlink()  # its target has been removed
    if not (folder / "Makefile").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            fresh = Path(made, "build")
            export(commit, fresh)
            fresh.rename(folder)
    if not all((folder / target).exists() for target in TARGETS):
        _make(folder, ref)
    tell(f"The build {ref} is in {folder}; remove the folder to build it again.")
    return folder


def export(commit: str, folder: Path) -> None:
    """Writes the files of a commit; raises OSError or CalledProcessError."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as files:
        files.extractall(folder, filter="data")


def _git(*command: str) -> bytes:
    """What git prints; raises OSError or CalledProcessError."""
    return subprocess.run(
        ["git", *command], cwd=ROOT, check=True, capture_output=True
    ).stdout


def _make(folder: Path, ref: str) -> None:
    tell(f"Making the build {ref}: a few minutes, only once.")
    # The options of this `make` are not for that one.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    log = folder / "make.log"
    with log.open("w") as written:
        started = time.monotonic()
        process = subprocess.Popen(
            ["make", "-C", folder, *TARGETS],
            env=inherited,
            stdout=written,
            stderr=written,
        )
        watch(process, f"making the build {ref}", started, 240)
    if process.returncode:
        raise BenchError(f"The build {ref} could not be made; see {log}.")
