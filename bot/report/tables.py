"""The tables of data/report.yml, filled."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.answers import Answers
from bot.counts import Entry
from bot.report.figures import Figures, Period, Table, change, shown, week_of


def fill(
    words: dict[str, Any], answers: Answers, counts: Counter[Entry], period: Period
) -> dict[str, Table]:
    """Every table by its name.

    Args:
        words: data/report.yml.
        answers: For the titles of topics and forces.
        counts: From the period before up to the end, and from the first of January.
        period: What the report is about.
    """
    figures = Figures(counts, words["measures"])
    forces = {key: entry["name"] for key, entry in answers.directory.forces.items()}
    forces[""] = words["columns"]["none"]
    topics = {key: topic.title for key, topic in answers.topics.by_key.items()}
    days = figures.days(period)
    weeks = {week: week for week in sorted(map(week_of, days))}
    years = {day[:4]: day[:4] for day in figures.days(period.years)}
    rows_by = {
        "force": (forces, lambda entry: entry.force, period),
        "topic": (topics, lambda entry: entry.topic, period),
        "week": (weeks, lambda entry: week_of(entry.day), period),
        "year": (years, lambda entry: entry.day[:4], period.years),
    }
    filled = {}
    for name, table in words["tables"].items():
        title, measures = table["title"], table.get("measures", ())
        if table["rows"] == "measure":
            filled[name] = _summary(title, words, figures, period)
        elif table["rows"] == "week_and_force":
            filled[name] = _crossed(title, measures[0], figures, weeks, forces, period)
        else:
            rows = figures.rows(*_in_order(rows_by[table["rows"]], measures))
            heads = [words["measures"][measure]["title"] for measure in measures]
            filled[name] = Table(title, (table["rows"], *heads), rows)
    return filled


def _in_order(by: tuple, measures: list[str]) -> tuple:
    names, row_of, period = by
    return names, measures, row_of, period


def _summary(title: str, words: dict, figures: Figures, period: Period) -> Table:
    columns, rows = words["columns"], []
    for measure, entry in words["measures"].items():
        now, before = (
            figures.number(measure, lambda e, p=p: p.holds(e.day))
            for p in (period, period.before)
        )
        rows.append((entry["title"], shown(now), shown(before), change(now, before)))
    headings = ("", columns["this"], columns["before"], columns["change"])
    return Table(title, headings, tuple(rows))


def _crossed(
    title: str,
    measure: str,
    figures: Figures,
    weeks: dict[str, str],
    forces: dict[str, str],
    period: Period,
) -> Table:
    def number(week: str, force: str) -> int:
        return figures.number(
            measure,
            lambda e: (
                e.force == force and week_of(e.day) == week and period.holds(e.day)
            ),
        )

    rows = tuple(
        (week, *(shown(number(week, force)) for force in forces)) for week in weeks
    )
    return Table(title, ("week", *forces.values()), rows)
