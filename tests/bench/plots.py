"""The small plots of docs/performance.md, as one SVG."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.axes import Axes

from bot import ROOT
from tests.bench.figures import Figures

PATH = ROOT / "docs" / "performance_growth.svg"
# Without these, each run would write different bytes.
SETTINGS = {"svg.hashsalt": "bench", "svg.fonttype": "none"}


class Panel(NamedTuple):
    """A column of plots: its title, the field on its axis, and its scale."""

    kind: str
    along: str
    label: str
    scale: str


PANELS = (
    Panel("clients", "at", "clients", "log"),
    Panel("engines", "at", "engines", "linear"),
    Panel("words", "at", "words in a message", "log"),
    Panel("examples", "examples", "examples", "linear"),
    Panel("intents", "intents", "intents", "linear"),
)
ROWS = (("per_second", "messages a second"), ("memory_mb", "memory (MB)"))


def draw(found: Figures, path: Path = PATH) -> None:
    """Draws messages a second and memory over each kind of growth."""
    with matplotlib.rc_context(SETTINGS):
        figure, axes = pyplot.subplots(
            len(ROWS), len(PANELS), figsize=(13, 4.6), layout="constrained"
        )
        for row, (value, name) in zip(axes, ROWS, strict=True):
            for panel, place in zip(PANELS, row, strict=True):
                _plot(place, panel, found[panel.kind], value)
            row[0].set_ylabel(name)
        for panel, place in zip(PANELS, axes[-1], strict=True):
            place.set_xlabel(panel.label)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def _plot(place: Axes, panel: Panel, points: list[Figures], value: str) -> None:
    along = [point[panel.along] for point in points]
    values = [point[value] for point in points]
    place.plot(along, values, marker="o", color="#1d70b8")
    place.set_xscale(panel.scale)
    # Labels in between would run into each other.
    shown = [along[0], along[-1]] if panel.kind == "examples" else along
    place.set_xticks(shown, [f"{at:,}" for at in shown])
    place.minorticks_off()
    place.set_ylim(0, 1.1 * max(values))
    place.grid(alpha=0.3)
