"""What training from nothing takes: this build's last commit, and an earlier build."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bot import ROOT
from tests.bench import baseline, processes
from tests.bench.processes import Used
from tests.bench.tell import BenchError, tell

POLL_SECONDS = 0.5
TELL_SECONDS = 20


def measure(earlier: baseline.Earlier | None) -> dict[str, Any]:
    """Seconds, processor seconds and the most memory of each; raises BenchError.

    Args:
        earlier: The name of an earlier build, and its folder.
    """
    found = []
    if earlier:
        name, folder = earlier
        found.append({"name": f"build {name}", **_train(folder, folder)})
    # Without anything that an earlier training left behind.
    with tempfile.TemporaryDirectory(prefix="signposting-bench-") as made:
        fresh = Path(made, "build")
        baseline.export("HEAD", fresh)
        found.append({"name": "this bot", **_train(fresh, ROOT)})
    return {"builds": found}


def _train(folder: Path, environment: Path) -> dict[str, Any]:
    """Trains a build with Rasa, from the environment of a folder."""
    # Where Rasa is, in this build and in earlier ones.
    names = (".venv-rasa", ".venv-engine", ".venv")
    places = [environment / name / "bin/python" for name in names]
    python = next(place for place in places if place.exists())
    tell(f"Training in {folder} ...")
    with (folder / "train.log").open("w+") as log:
        started = time.monotonic()
        process = subprocess.Popen(
            [python, "-m", "bot", "train"], cwd=folder, stdout=log, stderr=log
        )
        try:
            cpu, most = _watch(process, started)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            log.seek(0)
            raise BenchError(f"A build did not train:\n{log.read()[-2000:]}")
    seconds = time.monotonic() - started
    tell(f"  trained in {seconds:.0f} s, {cpu:.0f} s of processors, {most:.0f} MB")
    return {"seconds": round(seconds, 1), "cpu": round(cpu, 1), "most_mb": round(most)}


def _watch(process: subprocess.Popen[bytes], started: float) -> tuple[float, float]:
    """Processor seconds, and the most megabytes, until a process has ended."""
    cpu, most, told = Used(), 0.0, started
    while process.poll() is None:
        now = processes.cpu_seconds(process.pid)
        cpu = now if now.total > cpu.total else cpu  # 0 when it has just ended
        most = max(most, processes.memory_mb(process.pid).total)
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            tell(f"  training: {told - started:.0f} s")
        time.sleep(POLL_SECONDS)
    return cpu.total, most
