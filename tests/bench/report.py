"""What the bench prints, and docs/performance.md, from the figures file."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from tests.bench import figures, growth_tables, plots, sizing, tables
from tests.bench.big_bodies import OTHERS, PAUSE_SECONDS
from tests.bench.default_project import EPOCHS, MOST_MESSAGES, rasa
from tests.bench.figures import Figures
from tests.bench.load import MESSAGES_A_CONVERSATION, REFUSED_WAITS
from tests.bench.measure import MANY, Plan, Results
from tests.bench.soak import SHORT_WORDS

PAGE = ROOT / "docs" / "performance.md"


def all_tables(results: Results, stages: dict[str, float]) -> dict[str, list[str]]:
    """The lines of each table that has content, under its heading."""
    found = {}
    if results.default:
        found["Beside Rasa's default"] = tables.compared(
            results.ours, results.default, "default"
        )
    if results.baseline:
        found["Beside an earlier build"] = tables.compared(
            results.ours, results.baseline, "baseline"
        )
    found["While one address posts a body of 1 MB every second"] = tables.big_table(
        results
    )
    found["By itself"] = tables.own_table(results)
    found["Where the time goes"] = tables.stage_table(stages, results)
    return found


def as_text(found: dict[str, list[str]], level: str = "##") -> str:
    """The tables in Markdown, each under its heading."""
    return "\n\n".join(
        "\n".join([f"{level} {heading}", "", *lines])
        for heading, lines in found.items()
    )


def comparison(results: Results, stages: dict[str, float], plan: Plan) -> Figures:
    """What the figures file keeps of a comparison."""
    return {
        "rasa": rasa().version,
        "epochs": EPOCHS,
        "learnt_from": f"up to {MOST_MESSAGES} messages of each intent",
        "front_python": _version(ROOT / ".venv/bin/python"),
        "engine_python": _version(ENGINE),
        "rounds": plan.rounds,
        "many": plan.many,
        "alone": plan.alone,
        "starts": plan.starts + 1,
        "tables": all_tables(results, stages),
    }


def write(found: Figures) -> None:
    """Writes the page and, from the figures on growth, its plots and the sizes."""
    PAGE.write_text(page(found), encoding="utf-8")
    if growth := found.get("growth"):
        plots.draw(growth)
        sizing.write(growth)


def page(found: Figures) -> str:
    """docs/performance.md: the parts that have been measured."""
    texts = [PARTS[part](found[part]) for part in PARTS if part in found]
    return "\n\n".join([HEAD, *texts]) + "\n"


HEAD = f"""# Speed and memory

`make bench` writes this page from `docs/performance.yml`; do not edit it. The load
generator runs on the same cores as the bot. It types the messages of
`tests/bench/messages.yml`, in conversations of {MESSAGES_A_CONVERSATION}. Each message
is sent once: it has a number after it, and a typing mistake in every part between
commas and full stops, so that no cache of messages, sentences or clauses can help.
`make bench PART=compare`, `growth`, `soak` or `training` measures one part."""


def _compare(part: Figures) -> str:
    return f"""## Comparison

{figures.sentence(part)}

Rasa's default is what `rasa init` fills in (DIET, TED and the rest) for Rasa
{part["rasa"]}, trained on {part["learnt_from"]} and, for each intent, a rule
and a story with its answer. It had {part["epochs"]} epochs instead of 100, which take
hours. That makes its answers worse, but not slower; if it is not sure it says nothing,
which is a little quicker.

It runs with its REST channel (`rasa run`), this bot and any earlier build with
`python -m bot serve`. The front of this bot runs Python {part["front_python"]},
its engine {part["engine_python"]}. `make bench BASELINE=` with a tag or a
commit measures an earlier build.

- The bots take turns, {part["rounds"]} times: {part["many"]:g} s with {MANY} clients,
  {part["alone"]:g} s with one. Each figure is the median of the rounds, each ratio the
  median of the ratios within a round.
- Each build of this bot starts {part["starts"]} times, Rasa's default once. The first
  useful answer is that of a button, which needs no model; the 999 net works from then
  on, too.
- Memory is the resident set of all processes after the rounds and, but for Rasa's
  default, after a few messages in every other language; memory that processes share
  counts in each of them.
- The big bodies are a long message, JSON with many small values, and a body that is not
  JSON. Meanwhile {OTHERS} others type, and wait {PAUSE_SECONDS * 1000:.0f} ms before
  their next message.
- Two engines (`ENGINES=2`) run in a separate server, which takes turns with this one.

{as_text(part["tables"], "###")}

One client, on average. All but the last line is measured inside the engine."""


def _growth(part: Figures) -> str:
    return f"""## How cost grows

{figures.sentence(part)}

![Messages a second and memory over clients, engines, words, examples and intents](\
{plots.PATH.name})

Clients, engines and the length of a message are measured on the running bot, after a
few messages in every language: {part["rounds"]} times in turn, {part["seconds"]:g} s
each. The tables show medians. If an engine's queue is full, a client gets the numbers
(503) and asks again after {REFUSED_WAITS:g} s. More engines than cores have nothing to
run on. A long message is several of the bench's messages in a row.

Examples and intents are measured on the code with which the engine learns and reads
English (`bot/nlu`), without Rasa, the front and other languages: a full training for
every point would take hours. The examples are the {part["taught"]:,} messages of
data/nlu and data/conversations: a smaller set is drawn by hash, a larger one repeats
some with a typing mistake. The intents are ours, or their families, or, for the largest
number, ours split at random. Random parts cannot be told apart, so this shows what they
cost, not how well the bot would understand. Learning means encoding and the
regressions; both end after a fixed number of steps, however few examples there are.

{as_text(growth_tables.growth_tables(part), "###")}"""


def _soak(part: Figures) -> str:
    return f"""## Many conversations

{figures.sentence(part)}

After a few messages in every language, {part["pressed"]:,} conversations begin with a
button, then {part["typed"]:,} with one message of up to {SHORT_WORDS} words. Memory is
the resident set.

""" + "\n".join(growth_tables.soak_table(part))


def _training(part: Figures) -> str:
    return f"""## Training from nothing

{figures.sentence(part)}

`python -m bot train` in a folder that only has the files of a commit.

""" + "\n".join(growth_tables.training_table(part))


PARTS: dict[str, Any] = {
    "compare": _compare,
    "training": _training,
    "growth": _growth,
    "soak": _soak,
}


def _version(python: os.PathLike[str]) -> str:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip()
