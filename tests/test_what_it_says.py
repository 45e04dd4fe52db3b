"""Checks tests/what_it_says.md, the table for safeguarding leads, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("what_it_says.md")


def rows() -> list[tuple[str, str]]:
    """The rows of all tables: what is typed, and how the reply must begin."""
    found = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("|") or line.startswith(("| ---", "| somebody types")):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 2 and all(cells), f"{TABLE.name}, line {number}: {line}"
        found.append((cells[0], cells[1]))
    return found


@pytest.mark.parametrize(("typed", "begins"), rows())
def test_the_reply_begins_as_the_table_says(server, typed, begins):
    session, text = None, ""
    for message in typed.split(" → "):
        answer = server.ask(message, session=session)
        session, text = answer.session, answer.replies[0]["text"]

    assert text.startswith(tuple(begins.split(" or "))), text[:120]
