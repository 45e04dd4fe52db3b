"""The plots of the report, as PNG."""

from __future__ import annotations

import io

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

from bot.counts.figures import Table

# Lines can be told apart without colour as well.
MARKS = ("o", "s", "^", "D", "x")


def lines(table: Table) -> bytes:
    """A line for each column over the rows; what is not shown counts as 0."""
    figure, axes = pyplot.subplots(figsize=(9, 4), layout="constrained")
    for at, heading in enumerate(table.headings[1:], start=1):
        axes.plot(
            [row[0] for row in table.rows],
            [_number(row[at]) for row in table.rows],
            marker=MARKS[at % len(MARKS)],
            label=heading,
        )
    axes.set_title(table.title)
    axes.set_ylim(bottom=0)
    axes.tick_params(axis="x", rotation=45)
    axes.legend()
    return _png(figure)


def bars(table: Table) -> bytes:
    """A bar for each row, with the number of its first column."""
    rows = sorted(table.rows, key=lambda row: _number(row[1]))
    figure, axes = pyplot.subplots(
        figsize=(9, 1 + 0.3 * len(rows)), layout="constrained"
    )
    axes.barh([row[0] for row in rows], [_number(row[1]) for row in rows])
    axes.set_title(f"{table.title}: {table.headings[1]}")
    return _png(figure)


def _number(text: str) -> int:
    return int(text.replace(",", "")) if text[0].isdigit() else 0


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    pyplot.close(figure)
    return file.getvalue()
