"""Writes docs/visits.md: who visited, what they did and saw, what we changed."""

from __future__ import annotations

from bot import ROOT
from tests.browser.visits.visit import Step

DOCUMENT = ROOT / "docs" / "visits.md"
SIZES = {
    "phone": "a screen of 390 by 844, as on a phone",
    "narrow": "a screen of 320 by 640, as on a small phone",
    "desktop": "a computer, 1280 by 800",
}
BEGINNING = """# Six people visit the chat

`make visits` makes these visits to a running server with the trained model, in Chromium
and in Debian's Firefox, and writes this page. [visits.yml](visits.yml) holds the steps,
and what we changed because of them. The people and their messages are invented: no
member of the public has taken part.
"""


def conditions(plan: dict, how: dict) -> str:
    """The conditions of a visit in words."""
    said = [SIZES[how["size"]]]
    said.append(plan["slow" if how.get("slow") else "fast"])
    said += [plan["keyboard"]] if how.get("keyboard") else []
    said += [plan["no_script"]] if not how.get("script", True) else []
    said += [plan["large_text"]] if "large_text" in how else []
    return ", ".join(said)


def document(plan: dict, made: dict[tuple[str, str], list[Step]]) -> str:
    """The whole of docs/visits.md.

    Args:
        plan: What docs/visits.yml says.
        made: The steps of each visit, by person and browser.
    """
    parts = [BEGINNING]
    for person in plan["people"]:
        parts.append(f"## {person['title']}\n\n{person['about']}\n")
        for browser, how in person["visits"].items():
            steps = made[person["key"], browser]
            parts.append(f"### {browser.title()}: {conditions(plan, how)}\n")
            parts.append(_table(person["title"], steps))
        parts.append("### What we changed\n")
        parts += [f"- {each}" for each in person["changed"]]
        parts.append("")
    return "\n".join(parts)


def _table(title: str, steps: list[Step]) -> str:
    rows = [
        f"| {n} | {step.did} | {step.said.replace('|', '/')} "
        f"| ![{title}, step {n}](visits/{step.picture}) |"
        for n, step in enumerate(steps, 1)
    ]
    head = "| step | what they did | how the reply began | what was in sight |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows, ""])
