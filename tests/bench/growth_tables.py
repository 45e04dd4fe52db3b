"""The tables of how cost grows, of training and of many conversations, in Markdown."""

from __future__ import annotations

from tests.bench.figures import Figures

# Targets for many conversations and for training.
MOST_GROWTH, MOST_TRAINING = 0.02, 1 / 3


def growth_tables(found: Figures) -> dict[str, list[str]]:
    """A table for each kind of growth, under its heading."""
    clients = f"{found['long_clients']} clients"
    return {
        "More clients, one engine": _served("clients", found["clients"]),
        "More engines, 16 clients": _engines(found["engines"]),
        f"Longer messages, {clients}, one engine": _served("words", found["words"]),
        "More examples to learn from": _learnt("examples", found["examples"]),
        "More intents": _learnt("intents", found["intents"]),
    }


def _served(what: str, points: list[Figures]) -> list[str]:
    rows = [
        [
            f"{p['at']:,}",
            f"{p['per_second']:.0f}",
            f"{p['p50']:.1f}",
            f"{p['p95']:.1f}",
            f"{p['front_ms']:.2f} + {p['engines_ms']:.2f}",
            f"{p['memory_mb']:.0f}",
            f"{p['refused']:.0%}",
        ]
        for p in points
    ]
    heads = [
        what,
        "messages a second",
        "50 % (ms)",
        "95 % (ms)",
        "processor, front + engine (ms)",
        "memory (MB)",
        "refused",
    ]
    return table(heads, rows)


def _engines(points: list[Figures]) -> list[str]:
    one = points[0]["per_second"]
    rows = [
        [
            f"{p['at']}",
            f"{p['per_second']:.0f}",
            f"{p['per_second'] / one:.2f}",
            f"{p['p50']:.1f}",
            f"{p['p95']:.1f}",
            f"{p['front_mb']} + {p['engines_mb']}",
        ]
        for p in points
    ]
    heads = ["engines", "messages a second", "times one", "50 % (ms)", "95 % (ms)"]
    return table([*heads, "memory, front + engines (MB)"], rows)


def _learnt(what: str, points: list[Figures]) -> list[str]:
    other = "intents" if what == "examples" else "examples"
    rows = [
        [
            f"{p[what]:,}",
            f"{p[other]:,}",
            f"{p['per_second']:.0f}",
            f"{p['read_ms']:.2f}",
            f"{p['memory_mb']:.0f}",
            f"{p['training_seconds']:.0f}",
            f"{p['training_mb']:,}",
        ]
        for p in points
    ]
    heads = [
        what,
        other,
        "read a second",
        "one message (ms)",
        "memory (MB)",
        "learning (s)",
        "memory while learning (MB)",
    ]
    return table(heads, rows)


def soak_table(found: Figures) -> list[str]:
    """Memory over the conversations, and whether it grows more than it may."""
    points = found["points"]
    rows = [
        [f"{p['at']:,.0f}", f"{p['front_mb']:.0f}", f"{p['engines_mb']:.0f}"]
        for p in points
    ]
    before, after = (p["front_mb"] + p["engines_mb"] for p in (points[0], points[-1]))
    growth = after / before - 1
    met = "met" if growth <= MOST_GROWTH else "**not met**"
    return [
        *table(["conversations", "front (MB)", "engine (MB)"], rows),
        "",
        f"Memory grows over {points[-1]['at']:,.0f} conversations by {growth:.1%} "
        f"(target: {MOST_GROWTH:.0%} or less, {met}).",
    ]


def training_table(found: Figures) -> list[str]:
    """What training takes, and whether it takes a third of an earlier build's."""
    builds = found["builds"]
    rows = [
        [b["name"], f"{b['seconds']:.0f}", f"{b['cpu']:.0f}", f"{b['most_mb']:,}"]
        for b in builds
    ]
    lines = table(["", "seconds", "of processors", "memory at most (MB)"], rows)
    if len(builds) > 1:
        ratio = builds[-1]["seconds"] / builds[0]["seconds"]
        met = "met" if ratio <= MOST_TRAINING else "**not met**"
        lines += ["", f"{ratio:.2f} times (target: {MOST_TRAINING:.2f}, {met})."]
    return lines


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
