"""The tables of data/report.yml, filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from bot.counts.counts import Entry
from bot.counts.figures import Figures, Period, Table, change, shown, week_of
from bot.words.answers import Answers


class Rows(NamedTuple):
    """What the rows of a table are: their titles, whose entry is whose, and when."""

    names: dict[str, str]
    row_of: Callable[[Entry], str]
    period: Period


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
    forces = {key: force.name for key, force in answers.directory.forces.items()}
    forces[""] = words["columns"]["none"]
    topics = {key: topic.title for key, topic in answers.topics.by_key.items()}
    days = figures.days(period)
    weeks = {week: week for week in sorted(map(week_of, days))}
    years = {day[:4]: day[:4] for day in figures.days(period.years)}
    rows_by = {
        "force": Rows(forces, lambda entry: entry.force, period),
        "topic": Rows(topics, lambda entry: entry.topic, period),
        "week": Rows(weeks, lambda entry: week_of(entry.day), period),
        "year": Rows(years, lambda entry: entry.day[:4], period.years),
    }
    filled: dict[str, Table] = {}
    for name, table in words["tables"].items():
        title, measures = table["title"], table.get("measures", ())
        if table["rows"] == "measure":
            filled[name] = _summary(title, words, figures, period)
        elif table["rows"] == "week_and_force":
            filled[name] = _crossed(title, measures[0], figures, weeks, forces, period)
        else:
            names, row_of, within = rows_by[table["rows"]]
            rows = figures.rows(names, measures, row_of, within)
            heads = [words["measures"][measure]["title"] for measure in measures]
            filled[name] = Table(title, (table["rows"], *heads), rows)
    return filled


def _summary(
    title: str, words: dict[str, Any], figures: Figures, period: Period
) -> Table:
    def number(measure: str, within: Period) -> int:
        return figures.number(measure, lambda entry: within.holds(entry.day))

    columns, rows = words["columns"], []
    for measure, entry in words["measures"].items():
        now, before = number(measure, period), number(measure, period.before)
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
