"""docs/reliability.md: what was attacked, how, and what fell short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tests.attack.part import Part
from tests.attack.tally import Tally

HEAD = """# Under attack

Written by `make attack` on {day}; do not edit it. It starts the bot with its
trained model, nginx, Redis and PostgreSQL on one machine, and sends the bot what no
visitor would send, or breaks its parts while people ask. Then it counts the replies.
Each part is a module in `tests/attack/`.

- **Sent** and **answered**: requests, and those that got any reply at all. The rest
  are **silent**.
- **Without the numbers**: replies that should have shown 999 and the helpline, and
  did not. Every page and every refusal must; an answer to a question need not.
- **Lost**: emergencies whose reply did not begin with 999.
- **Slower than 2 s**: the attacker uses the same processors.
- **Errors**: replies with a status of 500 or more. A 503 says that the bot cannot
  answer a question just now, and shows the numbers.

## What fell short

{short}

## Targets

{aims}

## What was done
"""
COLUMNS = ("", "sent", "answered", "without the numbers", "emergencies", "lost",
           "silent", "slower than 2 s", "errors")  # fmt: skip


def write(parts: Sequence[Part], day: date) -> str:
    """The whole page."""
    short = [f"{part.name}, {said}" for part in parts for said in part.short]
    aims = [
        (a.what, a.target, a.found, "yes" if a.met else "**no**")
        for part in parts
        for a in part.aims
    ]
    totals = [tally for part in parts for tally in part.rows.values()]
    silent, bare = sum(t.silent for t in totals), sum(t.without_numbers for t in totals)
    lost, urgent = sum(t.lost for t in totals), sum(t.emergencies for t in totals)
    whole = (
        f"Of {sum(t.sent for t in totals)} requests {silent} had no reply, and {bare} "
        f"replies lacked the numbers. Of {urgent} emergencies {lost} were lost."
    )
    fell = "\n".join(f"- {each}" for each in short) or "Nothing."
    head = HEAD.format(
        day=f"{day:%-d %B %Y}",
        short=f"{whole}\n\n{fell}",
        aims=_table(("", "target", "found", "met"), aims),
    )
    return "\n".join([head, *map(_part, parts)])


def _part(part: Part) -> str:
    rows = [(name, *_counts(tally)) for name, tally in part.rows.items()]
    table = _table(COLUMNS, rows) + "\n" if rows else ""
    note = f"\n{part.note}\n" if part.note else ""
    return f"### {part.name}\n\n{part.what}\n{note}\n{table}"


def _counts(tally: Tally) -> Iterable[str]:
    t = tally
    return map(str, (t.sent, t.answered, t.without_numbers, t.emergencies, t.lost,
                     t.silent, t.slow, t.errors))  # fmt: skip


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
