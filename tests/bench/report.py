"""What the bench prints, and docs/performance.md, from the figures file."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from tests.bench import figures, growth_tables, plots, sizing, tables
from tests.bench.big_bodies import OTHERS, PAUSE_SECONDS
from tests.bench.default_project import EPOCHS, rasa
from tests.bench.figures import Figures
from tests.bench.load import MESSAGES_A_CONVERSATION, REFUSED_WAITS
from tests.bench.measure import MANY, Plan, Results
from tests.bench.soak import SHORT_WORDS

PAGE = ROOT / "docs" / "performance.md"


def all_tables(results: Results, stages: dict[str, float]) -> dict[str, list[str]]:
    """The lines of each table that there is something for, under its heading."""
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
        "front_python": _version(ROOT / ".venv/bin/python"),
        "engine_python": _version(ENGINE),
        "rounds": plan.rounds,
        "many": plan.many,
        "alone": plan.alone,
        "starts": plan.starts + 1,
        "tables": all_tables(results, stages),
    }


def write(found: Figures) -> None:
    """Writes the page, and from the part on growth its plots and the sizes."""
    PAGE.write_text(page(found), encoding="utf-8")
    if growth := found.get("growth"):
        plots.draw(growth)
        sizing.write(growth)


def page(found: Figures) -> str:
    """docs/performance.md: the parts that have been measured."""
    texts = [PARTS[part](found[part]) for part in PARTS if part in found]
    return "\n\n".join([HEAD, *texts]) + "\n"


HEAD = f"""# Speed and memory

Written by `make bench` from `docs/performance.yml`; not to be edited. The load
generator runs on the same cores as the bot. What it types is in
`tests/bench/messages.yml`, in conversations of {MESSAGES_A_CONVERSATION}. Each message
is sent once: it has a number behind it, and a slip of the keyboard in every part
between commas and stops, so that nothing kept of a message, a sentence or a clause can
help. `make bench PART=compare`, `growth`, `soak` or `training` measures one part."""


def _compare(part: Figures) -> str:
    return f"""## Compared

{figures.sentence(part)}

Rasa's default is what `rasa init` fills in (DIET, TED and the rest) for Rasa
{part["rasa"]}, taught the same messages (data/nlu) and, for each intent, a rule and a
story with its answer. It had {part["epochs"]} epochs instead of 100, which take hours.
Its answers are worse for that, but no slower; where it is not sure it says nothing,
which is a little quicker.

It serves through its own REST channel (`rasa run`), this bot and any earlier build
through `python -m bot serve`. The front of this bot runs Python {part["front_python"]},
its engine {part["engine_python"]}. An earlier build is measured with `make bench
BASELINE=` and its tag or commit.

- The bots take turns, {part["rounds"]} times: {part["many"]:g} s with {MANY} clients,
  {part["alone"]:g} s with one. Each figure is the median of the rounds, each ratio the
  median of the ratios within a round.
- A build of this bot is started {part["starts"]} times, Rasa's default once. The first
  useful answer is that of a button, which needs no model; the 999 net works from then
  on, too.
- Memory is the resident set of all processes after the rounds and, but for Rasa's
  default, after some messages in every other language; what the processes share is
  counted in each.
- The big bodies are a long message, JSON with many small values, and no JSON at all.
  Beside them {OTHERS} others type, and wait {PAUSE_SECONDS * 1000:.0f} ms before each
  next message.
- Two engines (`ENGINES=2`) are a server of their own, which takes turns with this one.

{as_text(part["tables"], "###")}

One client, on average. All but the last line is measured inside the engine."""


def _growth(part: Figures) -> str:
    return f"""## How cost grows

{figures.sentence(part)}

![Messages a second and memory over clients, engines, words, examples and intents](\
{plots.PATH.name})

Clients, engines and the length of a message are measured on the bot as it is served,
after some messages in every language: {part["rounds"]} times in turn,
{part["seconds"]:g} s each; the medians are shown. More clients than an engine's queue
holds are refused with the numbers (503), and ask again after {REFUSED_WAITS:g} s. More
engines than cores have nothing to run on. A long message is several of the bench's, one
after the other.

Examples and intents are measured on what the engine learns and reads English with
(`bot/nlu`), without Rasa, the front and other languages: a full training for every
point would take hours. The examples are the {part["taught"]:,} messages of data/nlu and
data/conversations: a smaller set is drawn by hash, a larger one has some again with a
slip. Our intents are taken as they are, put together to their families, or, for the
most, split at random. Such parts cannot be told apart, so this says what they cost,
not how well it would understand. Learning is encoding and the regressions; both
end after a number of steps, however few examples there are.

{as_text(growth_tables.growth_tables(part), "###")}"""


def _soak(part: Figures) -> str:
    return f"""## Many conversations

{figures.sentence(part)}

After some messages in every language {part["pressed"]:,} conversations begin with a
button, then {part["typed"]:,} with one message of {SHORT_WORDS} words at most. Memory
is the resident set.

""" + "\n".join(growth_tables.soak_table(part))


def _training(part: Figures) -> str:
    return f"""## Training from nothing

{figures.sentence(part)}

`python -m bot train` in a folder with nothing but the files of a commit.

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
