"""The table of the bench, and docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from statistics import fmean
from typing import NamedTuple

from bot import ROOT
from tests.bench.default_project import EPOCHS
from tests.bench.load import MESSAGES_A_CONVERSATION
from tests.bench.measure import MANY, SHORT_WORDS, Plan, Results

PAGE = ROOT / "docs" / "performance.md"


class Row(NamedTuple):
    """A line of the table: `default` and `ours` as shown, and what is compared."""

    what: str
    default: str
    ours: str
    ratio: str
    target: str
    met: bool | None


def rows(results: Results) -> Iterator[Row]:
    """The lines of the table; those that need the default only when it was there."""
    ours, default = results.ours, results.default
    if default:

        def row(what: str, unit: str, a: float, b: float, most: float) -> Row:
            ratio = b / a
            target = f"{most:.0%} or less" if most < 1 else f"{most:g} times or more"
            met = ratio <= most if most < 1 else ratio >= most
            shown = f"{ratio:.0%}" if most < 1 else f"{ratio:.1f} times"
            return Row(what, f"{a:.{unit}}", f"{b:.{unit}}", shown, target, met)

        yield row(
            f"Messages a second, {MANY} clients",
            "0f",
            default.of("many", "per_second"),
            ours.of("many", "per_second"),
            6,
        )
        yield row(
            "One client, half of the answers within (ms)",
            "1f",
            default.of("alone", "p50"),
            ours.of("alone", "p50"),
            0.25,
        )
        yield row("Model ready (s)", "1f", default.ready, ours.ready, 1 / 3)
        yield row("Memory of one process (MB)", "0f", default.memory, ours.memory, 0.6)
    first = default.first_answer if default else None
    yield Row(
        "First useful answer (s)",
        f"{first:.1f}" if first else "",
        f"{ours.first_answer:.1f}",
        "",
        "under 2",
        ours.first_answer < 2,
    )
    yield Row(
        f"Memory grows over {results.conversations:,} conversations by",
        "",
        f"{results.growth:.1%}",
        "",
        "under 5%",
        results.growth < 0.05,
    )
    yield Row(
        "Two processes, messages a second",
        "",
        f"{results.scaling:.2f} times one",
        "",
        "1.6 times or more",
        results.scaling >= 1.6,
    )
    for what, value, form in (
        (f"{MANY} clients, half of the answers within (ms)", "p50", ".0f"),
        (f"{MANY} clients, 95 % of the answers within (ms)", "p95", ".0f"),
        ("Processor time of the bot for a message (ms)", "cpu_a_message", ".1f"),
        ("Messages answered with nothing", "silent_share", ".0%"),
        ("Load generator, of one core", "own_share", ".0%"),
    ):
        shown = [f"{m.of('many', value):{form}}" if m else "" for m in (default, ours)]
        yield Row(what, *shown, "", "", None)
    shares = fmean(load.own_share for load in results.two)
    yield Row("The same, beside two processes", "", f"{shares:.0%}", "", "", None)


def table(results: Results) -> list[str]:
    """The lines in Markdown."""
    lines = [
        "| | Rasa's default | this bot | ratio | target | met |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows(results):
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        lines.append("| " + " | ".join([*row[:5], met]) + " |")
    return lines


def stage_table(found: dict[str, float], results: Results) -> list[str]:
    """Where the time of a message goes, in Markdown."""
    alone = fmean(fmean(load.each) for load in results.ours.alone)
    http = "HTTP: the server, JSON, the net before the model, the client"
    whole = {**found, http: max(alone - sum(found.values()), 0.0)}
    return [
        "| where | ms a message |",
        "| --- | --- |",
        *(f"| {stage} | {taken:.2f} |" for stage, taken in whole.items()),
    ]


def write(results: Results, found: dict[str, float], plan: Plan) -> None:
    """Writes docs/performance.md."""
    text = f"""# Speed and memory

Written by `make bench` on {date.today():%d %B %Y}; not to be edited. Rasa's default is
what `rasa init` fills in (DIET, TED and the rest) for Rasa {version("rasa")}, taught
the same messages (data/nlu) and, for each intent, a rule and a story with its answer.
It had {EPOCHS} epochs instead of 100, which take hours. Its answers are worse for that,
but no slower; where it is not sure it says nothing, which is a little quicker.

It serves through its own REST channel (`rasa run`), this bot through
`python -m bot serve`. The machine has {os.cpu_count()} cores ({platform.machine()}) and
runs Python {platform.python_version()}; the load generator runs on the same cores.

{chr(10).join(table(results))}

- The same messages (`tests/bench/messages.yml`), in conversations of
  {MESSAGES_A_CONVERSATION}, for {plan.seconds:g} s a round; the bots take turns,
  and each figure is the median of {plan.rounds} rounds.
- The first useful answer of this bot is that of a button, which needs no model; the 999
  net works from then on, too.
- Memory is the resident set of the process after the rounds. Its growth is that over
  conversations of one message, each in a session of its own, of {SHORT_WORDS} words
  at most so that there can be many.
- Of two processes each is held to a core of its own, as the one that they are
  compared with is; they answer as many clients on two ports.

## Where the time goes

One client, on average. All but the last line is measured inside one process.

{chr(10).join(stage_table(found, results))}
"""
    PAGE.write_text(text, encoding="utf-8")
