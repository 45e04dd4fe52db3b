"""Rasa's default, as `rasa init` would leave it, trained on messages of ours."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
import time
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from bot import DATA, ROOT
from bot.words import yaml_files
from bot.words.answers import Answers
from tests.bench.bots import RASA
from tests.bench.tell import BenchError, tell, watch

# Rasa fills in 100, and one takes half a minute and more. Answering is no slower for
# having more of them; but with 2 it was never sure enough to answer, which is quicker.
EPOCHS = 8
# For each intent. How many there are makes no difference to how fast it answers.
MOST_MESSAGES = 100
MODEL = "default.tar.gz"


def config() -> dict[str, Any]:
    """The pipeline and the policies that Rasa fills in, with `EPOCHS` epochs.

    Rasa keeps them in engine/recipes/config_files/default_config.yml.
    """
    place = "rasa/engine/recipes/config_files/default_config.yml"
    filled = yaml_files.read(Path(rasa().locate_file(place)))
    for component in [*filled["pipeline"], *filled["policies"]]:
        if "epochs" in component:
            component["epochs"] = EPOCHS
    return {**filled, "assistant_id": "default"}


@cache
def rasa() -> metadata.Distribution:
    """Rasa, as installed to train our model.

    Raises:
        BenchError: It is not.
    """
    places = [str(place) for place in RASA.parents[1].glob("lib/*/site-packages")]
    for found in metadata.distributions(name="rasa", path=places):
        return found
    raise BenchError(f"There is no Rasa in {RASA.parents[1]}: run make bench.")


def write(folder: Path) -> None:
    """Writes the project: our messages, and for each intent its answer."""
    intents = yaml_files.read(ROOT / "domain.yml")["intents"]
    (folder / "data").mkdir(parents=True)
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": _messages()})
    for kind, name in (("rules", "rule"), ("stories", "story")):
        told = [
            {name: f"Say {i}", "steps": [{"intent": i}, {"action": f"utter_{i}"}]}
            for i in intents
        ]
        _write(folder / "data" / f"{kind}.yml", {"version": "3.1", kind: told})
    _write(folder / "config.yml", config())
    _write(folder / "domain.yml", _domain(intents))
    _write(folder / "credentials.yml", {"rest": None})
    _write(folder / "endpoints.yml", {})


def trained() -> Path:
    """The folder of the trained project; trains only if there is none that fits.

    It is among the system's temporary files, under a name made from everything that the
    model depends on.

    Raises:
        BenchError: Rasa could not train.
    """
    with tempfile.TemporaryDirectory() as made:
        fresh = Path(made, "project")
        write(fresh)
        kept = Path(tempfile.gettempdir(), f"signposting-bench-{_digest(fresh)}")
        if not (kept / "models" / MODEL).is_file():
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(fresh, kept)
            _train(kept)
    tell(f"Rasa's default is in {kept}; remove the folder to train it again.")
    return kept


def _train(folder: Path) -> None:
    tell(f"Training Rasa's default, {EPOCHS} epochs: some minutes, only once.")
    command = [RASA, "-m", "rasa", "train", "--fixed-model-name", MODEL[:-7]]
    started = time.monotonic()
    with (folder / "train.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        watch(process, "training Rasa's default", started, 500)
    if not (folder / "models" / MODEL).is_file():
        raise BenchError(f"Rasa did not train; see {folder / 'train.log'}.")


def _messages() -> list[dict[str, str]]:
    """Some of our messages of each intent, as Rasa reads them."""
    found: dict[str, list[str]] = {}
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml_files.read(path)["nlu"]:
            found.setdefault(block["intent"], []).extend(block["examples"].splitlines())
    return [
        {"intent": intent, "examples": "\n".join(lines[:MOST_MESSAGES]) + "\n"}
        for intent, lines in found.items()
    ]


def _domain(intents: list[str]) -> dict[str, Any]:
    """Answers with their numbers filled in, as `rasa init` has them: plain text."""
    answers = Answers.read()
    texts = {
        f"utter_{i}": [{"text": answers.reply(f"utter_{i}").text}] for i in intents
    }
    session = {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}
    return {
        "version": "3.1",
        "intents": intents,
        "responses": texts,
        "session_config": session,
    }


def _write(path: Path, content: dict[str, Any]) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")


def _digest(folder: Path) -> str:
    found = hashlib.sha256(rasa().version.encode())
    for path in sorted(folder.rglob("*.yml")):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]
