"""Writes the report: HTML with plots, CSV, and tables on the terminal."""

from __future__ import annotations

import base64
import csv
import os
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from tabulate import tabulate

from bot import DATA
from bot.counts import plots, tables
from bot.counts.counts import Counts, CountsError, Entry
from bot.counts.figures import Period, Table
from bot.pages.pages import Pages
from bot.words import yaml_files
from bot.words.answers import Answers


def write(first: str, last: str, folder: Path | None = None) -> Path:
    """Writes report.html and report.csv into a folder and the tables to the terminal.

    Args:
        first: The first day, as 2026-11-01.
        last: The last day.
        folder: Where to write; None: `report-<first>-<last>` in the current folder.

    Raises:
        SystemExit: A date is invalid, or the counts cannot be read.
    """
    period = _period(first, last)
    answers = Answers.read()
    words = yaml_files.read(DATA / "report.yml")
    filled = tables.fill(words, answers, _read(answers, period), period)
    folder = folder or Path(f"report-{first}-{last}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").write_text(
        _html(answers, words, filled, period), encoding="utf-8"
    )
    _write_csv(folder / "report.csv", filled)
    for table in filled.values():
        sys.stdout.write(f"\n{table.title}\n")
        sys.stdout.write(tabulate(table.rows, table.headings, disable_numparse=True))
        sys.stdout.write("\n")
    sys.stdout.write(f"\n{words['numbers']}\n\nWritten to {folder}/\n")
    return folder


def _period(first: str, last: str) -> Period:
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        sys.exit(f"--from {first} --to {last}: give a date such as 2026-11-01.")
    if period.last < period.first:
        sys.exit(f"--to {last} is before --from {first}.")
    return period


def _read(answers: Answers, period: Period) -> Counter[Entry]:
    earliest = min(period.before.first, period.years.first)
    try:
        counts = Counts.from_setting(os.environ.get("COUNTS_URL"), answers)
        return counts.read(earliest, period.last)
    except CountsError as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"COUNTS_URL: the counts cannot be read ({type(error).__name__}).")


def _html(
    answers: Answers,
    words: dict[str, Any],
    filled: dict[str, Table],
    period: Period,
) -> str:
    pictures = {}
    if filled["weeks"].rows:
        pictures = {
            "weeks_and_forces": plots.lines(filled["weeks_and_forces"]),
            "topics": plots.bars(filled["topics"]),
        }
    return Pages(answers).render(
        "report.html",
        words=words,
        tables=filled,
        period=period,
        pictures={n: base64.b64encode(png).decode() for n, png in pictures.items()},
    )


def _write_csv(file: Path, filled: dict[str, Table]) -> None:
    """One line for each number: table, row, column, number."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        out = csv.writer(opened)
        out.writerow(["table", "row", "column", "number"])
        for name, table in filled.items():
            for title, *numbers in table.rows:
                for heading, number in zip(table.headings[1:], numbers, strict=True):
                    out.writerow([name, title, heading, number.replace(",", "")])
