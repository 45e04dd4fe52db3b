"""What the bench prints, and docs/performance.md."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date

from bot import ROOT
from bot.chat.launch import PYTHON as ENGINE
from tests.bench import tables
from tests.bench.big_bodies import OTHERS, PAUSE_SECONDS
from tests.bench.default_project import EPOCHS, rasa
from tests.bench.load import MESSAGES_A_CONVERSATION
from tests.bench.measure import SHORT_WORDS, Plan, Results

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


def as_text(found: dict[str, list[str]]) -> str:
    """The tables in Markdown, each under its heading."""
    return "\n\n".join(
        "\n".join([f"## {heading}", "", *lines]) for heading, lines in found.items()
    )


def write(found: dict[str, list[str]], plan: Plan) -> None:
    """Writes docs/performance.md."""
    conversations = plan.pressed + plan.typed
    text = f"""# Speed and memory

Written by `make bench` on {date.today():%d %B %Y}; not to be edited. Rasa's default is
what `rasa init` fills in (DIET, TED and the rest) for Rasa {rasa().version}, taught
the same messages (data/nlu) and, for each intent, a rule and a story with its answer.
It had {EPOCHS} epochs instead of 100, which take hours. Its answers are worse for that,
but no slower; where it is not sure it says nothing, which is a little quicker.

It serves through its own REST channel (`rasa run`), this bot and any earlier build
through `python -m bot serve`. The machine has {os.cpu_count()} cores
({platform.machine()}); the load generator runs on the same cores. The front of this bot
runs Python {_version(ROOT / ".venv/bin/python")}, its engine {_version(ENGINE)}.
An earlier build is measured with `make bench BASELINE=` and its tag or commit.

- The messages (`tests/bench/messages.yml`) come in conversations of
  {MESSAGES_A_CONVERSATION}, each with a number behind it, so that no message is ever
  sent twice and nothing kept of one can help.
- The bots take turns, {plan.rounds} times: {plan.many:g} s with many clients,
  {plan.alone:g} s with one. Each figure is the median of the rounds, each ratio the
  median of the ratios within a round.
- A build of this bot is started {plan.starts + 1} times, Rasa's default once. The first
  useful answer is that of a button, which needs no model; the 999 net works from then
  on, too.
- Memory is the resident set of all processes after the rounds, in total; what they
  share is counted in each. Its growth is that over {conversations:,} conversations:
  {plan.pressed:,} that a button begins, then {plan.typed:,} of one message
  of {SHORT_WORDS} words at most.
- The big bodies are a long message, JSON with many small values, and no JSON at all.
  Beside them {OTHERS} others type, and wait {PAUSE_SECONDS * 1000:.0f} ms before each
  next message.
- Two engines (`ENGINES=2`) are a server of their own, which takes turns with this one.

{as_text(found)}

One client, on average. All but the last line is measured inside the engine.
"""
    PAGE.write_text(text, encoding="utf-8")


def _version(python: os.PathLike[str]) -> str:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip()
