"""Writes docs/evaluation.md, its picture of confusions, and the list of misses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from bot import ROOT
from tests.evaluation.score import TOPICS, Scores, Tally
from tests.evaluation.sets import interval

DOCS = ROOT / "docs"
# The lines of the report and what each is to reach, in percent: at least.
TARGETS: dict[str, float | None] = {
    "emergency led by 999": 99,
    "emergency answered as one": 93,
    "conversation led by 999 at the turn": 98,
    "calm near-miss not taken for one": 95,
    "calm near-miss not led by 999": 70,
    "question not taken for an emergency": 97,
    "question not led by 999": 85,
    "question answered": 88,
    "question answered or one tap away": 97,
    "question not given a second answer": None,
    "two questions, both answered": 75,
    "two questions, answered or one tap away": 95,
    "calm conversation without an alarm": None,
    "follow-up answered": None,
    "follow-up answered or one tap away": None,
    "false alarm not repeated": None,
    "correction answered or one tap away": None,
}
MOST_CHARACTERS = 900
BREAKDOWNS = (
    ("emergency led by 999", "kind", "Kinds of risk"),
    ("emergency led by 999", "style", "Styles of writing, emergencies"),
    ("emergency answered as one", "kind", "Kinds of risk, answered as an emergency"),
    ("calm near-miss not taken for one", "style", "Styles of writing, near-misses"),
    ("question answered", "topic", "Topics"),
)


def write(scores: Scores) -> None:
    """Writes all three files into docs/."""
    (DOCS / "evaluation.md").write_text("\n".join(_report(scores)) + "\n")
    (DOCS / "evaluation_misses.md").write_text("\n".join(_misses(scores)) + "\n")
    _draw(scores)


def lines(scores: Scores) -> Iterator[str]:
    """The table of results, as Markdown."""
    yield "| of the held-back messages | found | 95 % interval | of | target |"
    yield "| --- | --- | --- | --- | --- |"
    for name, target in TARGETS.items():
        tally = scores[name]
        low, high = interval(tally.right, tally.total)
        aim = f"{target} %" if target else ""
        share = f"{_percent(tally):.1f} %"
        span = f"{low:.1f} to {high:.1f}"
        yield f"| {name} | {share} | {span} | {tally.total} | {aim} |"
    longest = sorted(scores.lengths)[int(0.95 * len(scores.lengths))]
    limit = f"at most {MOST_CHARACTERS}"
    yield f"| length of a reply, 95th percentile | {longest} characters | | | {limit} |"


def _percent(tally: Tally) -> float:
    return 100 * tally.right / max(tally.total, 1)


def _report(scores: Scores) -> Iterator[str]:
    yield "# Evaluation"
    yield ""
    yield (
        f"Written on {date.today()} by `make evaluate`: the messages of "
        "`tests/evaluation/held_back/`, posted to a running bot. They were written by "
        "other hands than the training data and the tuning messages; no threshold was "
        "chosen on them. [The misses](evaluation_misses.md) are listed apart."
    )
    yield ""
    yield from lines(scores)
    for name, by, title in BREAKDOWNS:
        yield from _breakdown(scores[name], by, title, name)
    yield ""
    yield "## What is taken for what"
    yield ""
    yield (
        "A row for each topic asked about, a column for what was answered; on the "
        "diagonal the right answer, alone or beside another. Shares of the row."
    )
    yield ""
    yield "![Confusions of the topics](evaluation_confusions.png)"


def _breakdown(tally: Tally, by: str, title: str, name: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield f"| {by} | {name} | 95 % interval |"
    yield "| --- | --- | --- |"
    found = tally.groups[by].items()
    for group, (right, total) in sorted(found, key=lambda g: g[1][0] / g[1][1]):
        low, high = interval(right, total)
        yield f"| {group} | {right} of {total} | {low:.0f} to {high:.0f} % |"


def _misses(scores: Scores) -> Iterator[str]:
    yield "# Misses"
    yield ""
    yield f"Written on {date.today()} by `make evaluate`. Each message is invented."
    for name in TARGETS:
        if not scores[name].missed:
            continue
        yield ""
        yield f"## Not so: {name}"
        yield ""
        for text, told in scores[name].missed:
            yield f"- {text}" + (f" ({told})" if told else "")


def _draw(scores: Scores) -> None:
    """The confusion matrix as docs/evaluation_confusions.png."""
    topics = [key for key in TOPICS if key != "immediate_risk"]
    columns = ["immediate_risk", *topics, "asked back"]
    table = np.zeros((len(topics), len(columns)))
    for (wanted, answered), times in scores.confused.items():
        if wanted in topics:
            table[topics.index(wanted), columns.index(answered)] += times
    table /= np.maximum(table.sum(1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(11, 10), layout="constrained")
    image = axes.imshow(table, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=7)
    axes.set_yticks(range(len(topics)), topics, fontsize=7)
    axes.set_xlabel("answered")
    axes.set_ylabel("asked about")
    figure.colorbar(image, shrink=0.5, label="share of the row")
    figure.savefig(
        DOCS / "evaluation_confusions.png", dpi=90, metadata={"Software": ""}
    )
    plt.close(figure)
