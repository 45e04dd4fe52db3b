"""Rasa models of this project's pipeline and of Rasa's default, for any intents."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from bot import ROOT, logs
from bot.words import yaml_files
from tests.evaluation.public_files import PublicData, PublicDataError

if TYPE_CHECKING:
    from rasa.core.agent import Agent

OURS, DEFAULT = "this project", "Rasa's default"
FALLBACK = "nlu_fallback"
TURN, PROGRESS_EVERY = 20, 1000  # messages
HEADER = {"recipe": "default.v1", "assistant_id": "public_data", "language": "en"}
# All are read when numpy, TensorFlow and Rasa are imported.
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_INTRA_OP_PARALLELISM_THREADS",
    "TF_INTER_OP_PARALLELISM_THREADS",
)


class Guess(NamedTuple):
    """What a model said of one message.

    `intent` is the likeliest of those taught, "" when there is none; `overruled` says
    that one it was not taught stood in front.
    """

    intent: str
    confidence: float
    overruled: bool
    milliseconds: float


def prepare() -> None:
    """Sets one thread and silences the libraries; to be called before any is imported.

    Rasa's cache is turned off: with it, the same data are learnt in no time.
    """
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    logs.configure()
    from bot.rasa_parts.quiet import quieten_rasa

    quieten_rasa()
    from rasa.utils.tensorflow.environment import setup_tf_environment

    setup_tf_environment()


def pipelines() -> dict[str, list[dict[str, Any]]]:
    """This project's pipeline, and the one Rasa fills in for a new project.

    Ours without data/conversations and without other languages: those messages are of
    this project's own field.
    """
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    ours = yaml_files.read(ROOT / "config.yml")
    default = DefaultV1Recipe.complete_config({}, {"pipeline"})
    own = [part for part in ours["pipeline"] if "messages" not in part]
    for component in own:
        component.pop("conversations", None)
    return {OURS: own, DEFAULT: default["pipeline"]}


def train(pipeline: list[dict[str, Any]], data: PublicData, folder: Path) -> str:
    """Trains an NLU model in a new folder; returns the path of its archive.

    Raises:
        PublicDataError: Rasa cannot learn from the data.
    """
    from rasa.model_training import train_nlu
    from rasa.shared.exceptions import RasaException

    folder.mkdir()
    config, nlu = str(folder / "config.yml"), str(folder / "nlu.yml")
    _write(config, {**HEADER, "pipeline": pipeline})
    _write(nlu, _training_data(data))
    said = io.StringIO()  # progress bars, of use only when it fails
    try:
        with redirect_stdout(said), redirect_stderr(said):
            model = train_nlu(config, nlu, str(folder / "models"))
    except RasaException as error:
        raise PublicDataError(f"{data.files}: Rasa cannot train: {error}") from error
    if model is None:
        raise PublicDataError(f"{data.files}: Rasa did not train.\n{said.getvalue()}")
    return model


async def ask(
    models: dict[str, str], texts: list[str], taught: set[str]
) -> dict[str, list[Guess]]:
    """What each trained model says of each text, asked one by one.

    The models take turns, so that what else the machine does slows them alike; not at
    every message, which would empty the processor's caches as no server does.
    """
    from rasa.core.agent import Agent

    agents = {name: Agent.load(model) for name, model in models.items()}
    guesses: dict[str, list[Guess]] = {name: [] for name in models}
    for first in range(0, len(texts), TURN):
        if first % PROGRESS_EVERY == 0:
            tell(f"asked {first} of {len(texts)} messages")
        for name, agent in agents.items():
            for text in texts[first : first + TURN]:
                guesses[name].append(await _timed(agent, text, taught))
    return guesses


async def _timed(agent: Agent, text: str, taught: set[str]) -> Guess:
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    return judge(parsed, taught, 1000 * (time.perf_counter() - started))


def judge(parsed: dict[str, Any], taught: set[str], milliseconds: float) -> Guess:
    """The likeliest of the intents taught, in what Rasa says of a message.

    Another may stand in front: `nlu_fallback`, put there by Rasa's FallbackClassifier,
    or the emergency that this project's SafetyGuard forces.
    """
    ranking = parsed.get("intent_ranking") or [parsed["intent"]]
    overruled = ranking[0]["name"] not in {*taught, FALLBACK, None}
    for found in ranking:
        if found["name"] in taught:
            confidence = float(found["confidence"])
            return Guess(found["name"], confidence, overruled, milliseconds)
    return Guess("", 0.0, overruled, milliseconds)


def tell(line: str) -> None:
    """Says how far the work is."""
    sys.stderr.write(line + "\n")


def _write(path: str, content: dict[str, Any]) -> None:
    written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    Path(path).write_text(written, encoding="utf-8")


def _training_data(data: PublicData) -> dict[str, Any]:
    lines: dict[str, str] = {}
    for text, intent in data.train:
        lines[intent] = lines.get(intent, "") + f"- {text}\n"
    blocks = [{"intent": name, "examples": block} for name, block in lines.items()]
    return {"version": "3.1", "nlu": blocks}
