"""The tables of the bench, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import fmean, median
from typing import NamedTuple

from tests.bench.big_bodies import OTHERS
from tests.bench.contenders import Measured
from tests.bench.load import Load, percentile
from tests.bench.measure import MANY, Results

Values = list[float]


class Target(NamedTuple):
    """What a ratio must reach: at least the limit, or at most."""

    limit: float
    more: bool = False

    def __str__(self) -> str:
        return f"{self.limit:.2f} or {'more' if self.more else 'less'}"

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches it."""
        return ratio >= self.limit if self.more else ratio <= self.limit


class Figure(NamedTuple):
    """A line that compares two bots: its values, one for each round or start."""

    what: str
    form: str
    of: Callable[[Measured], Values]
    default: Target | None = None
    baseline: Target | None = None


def _many(value: str) -> Callable[[Measured], Values]:
    return lambda measured: [getattr(load, value) for load in measured.many]


FIGURES = (
    Figure(
        f"Messages a second, {MANY} clients",
        ".0f",
        _many("per_second"),
        Target(10, more=True),
        Target(2.2, more=True),
    ),
    Figure(
        f"{MANY} clients, half of the answers within (ms)",
        ".0f",
        _many("p50"),
        baseline=Target(1.1),
    ),
    Figure(f"{MANY} clients, 95 % of the answers within (ms)", ".0f", _many("p95")),
    Figure(
        "One client, half of the answers within (ms)",
        ".1f",
        lambda measured: [load.p50 for load in measured.alone],
        Target(0.15),
        Target(1.1),
    ),
    Figure(
        "First useful answer (s)",
        ".2f",
        lambda measured: measured.first_answers,
        baseline=Target(1),
    ),
    Figure(
        "Model ready (s)",
        ".2f",
        lambda measured: measured.readies,
        Target(0.33),
        Target(1),
    ),
    Figure(
        "Memory of all processes, all languages (MB)",
        ".0f",
        lambda measured: [measured.memory.total],
        Target(0.45),
    ),
    Figure(
        "Processor time for a message, all processes (ms)",
        ".1f",
        _many("cpu_a_message"),
        Target(0.15),
    ),
)


def compared(ours: Measured, other: Measured, targets: str) -> list[str]:
    """The lines that compare this bot with another one.

    Args:
        ours: What was measured of this bot.
        other: What was measured of the other.
        targets: The field of `Figure` that holds the target.
    """
    lines = [
        f"| | {other.name} | {ours.name} | ratio | target | met |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for figure in FIGURES:
        us, them = figure.of(ours), figure.of(other)
        ratio, target = _ratio(us, them), getattr(figure, targets)
        met = {True: "yes", False: "**no**"}[target.met(ratio)] if target else ""
        shown = [f"{median(values):{figure.form}}" for values in (them, us)]
        lines.append(
            f"| {figure.what} | {shown[0]} | {shown[1]} | {ratio:.2f} "
            f"| {target or ''} | {met} |"
        )
    return lines


def _ratio(ours: Values, others: Values) -> float:
    """Round by round if both took turns, so that neither had the quieter time."""
    if len(ours) == len(others):
        return median(a / b for a, b in zip(ours, others, strict=True))
    return median(ours) / median(others)


def big_table(results: Results) -> list[str]:
    """How long others wait while somebody posts big bodies."""
    lines = [
        f"| {OTHERS} others | 50 % (ms) | 95 % (ms) | 99 % (ms) | a big body (ms) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for found in filter(None, (results.baseline, results.ours)):
        without = [percentile(found.without_big, n) for n in (50, 95, 99)]
        beside = [percentile(found.beside_big, n) for n in (50, 95, 99)]
        longer = [b - w for b, w in zip(beside, without, strict=True)]
        took = fmean(big for load in found.beside_big for big in load.big)
        for what, values, form, big in (
            ("alone", without, ".1f", ""),
            ("beside big bodies", beside, ".1f", f"{took:.0f}"),
            ("**longer**", longer, "+.1f", ""),
        ):
            shown = " | ".join(f"{value:{form}}" for value in values)
            lines.append(f"| {found.name}: {what} | {shown} | {big} |")
    return lines


def own_table(results: Results) -> list[str]:
    """Measurements of only this bot."""
    lines = ["| this bot | | target | met |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {what} | {shown} | {target} | {'yes' if met else '**no**'} |"
        for what, shown, target, met in _own_targets(results)
    ]
    lines += [f"| {what} | {shown} | | |" for what, shown in _own_figures(results)]
    return lines


def _own_targets(results: Results) -> Iterator[tuple[str, str, str, bool]]:
    ours = results.ours
    first = median(ours.first_answers)
    yield "First useful answer (s)", f"{first:.2f}", "under 2", first < 2
    longer = percentile(ours.beside_big, 95) - percentile(ours.without_big, 95)
    what = "Others wait longer beside big bodies, at 95 % (ms)"
    yield what, f"{longer:.1f}", "20 or less", longer <= 20
    if two := results.two_engines:
        pairs = zip(results.one_engine, two.many, strict=True)
        times = median(b.per_second / a.per_second for a, b in pairs)
        what = "Two engines, messages a second, times those of one"
        yield what, f"{times:.2f}", "1.60 or more", times >= 1.6


def _own_figures(results: Results) -> Iterator[tuple[str, str]]:
    ours = results.ours
    yield "Memory, front and engine (MB)", _pair(*ours.memory, ".0f")
    own, whole = _of(ours.many, "own_cpu_a_message"), _of(ours.many, "cpu_a_message")
    what = "Processor time for a message, front and engine (ms)"
    yield what, _pair(own, whole - own, ".1f")
    if two := results.two_engines:
        yield "Two engines, memory of all processes (MB)", f"{two.memory.total:.0f}"
    yield "Load generator, of one core", f"{_of(ours.many, 'generator_share'):.0%}"
    if results.default:
        silent = _of(results.default.many, "silent_share")
        yield "Messages that Rasa's default answers with nothing", f"{silent:.0%}"


def _of(loads: list[Load], value: str) -> float:
    return median(getattr(load, value) for load in loads)


def _pair(front: float, engine: float, form: str) -> str:
    return f"{front:{form}} + {engine:{form}}"


def stage_table(found: dict[str, float], results: Results) -> list[str]:
    """Where the time of a message goes."""
    alone = fmean(fmean(load.each) for load in results.ours.alone)
    rest = "The front, the socket between both, HTTP, the client"
    whole = {**found, rest: max(alone - sum(found.values()), 0.0)}
    return [
        "| where | ms a message |",
        "| --- | --- |",
        *(f"| {stage} | {taken:.2f} |" for stage, taken in whole.items()),
    ]
