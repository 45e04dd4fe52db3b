"""Carries out one visit: each step, a picture of it, and how the reply began."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import yaml
from PIL import Image

from bot import ROOT
from tests.browser.visits.visitor import Visitor

PLAN = ROOT / "docs" / "visits.yml"
PICTURES = ROOT / "docs" / "visits"
COLOURS = 48  # enough for flat surfaces and text


@dataclass
class Step:
    """One step as it went."""

    did: str
    said: str
    picture: str


def plan() -> dict[str, Any]:
    """What docs/visits.yml says."""
    return yaml.safe_load(PLAN.read_text(encoding="utf-8"))


def picture_name(person: str, browser: str, number: int) -> str:
    """The name of a step's picture, in docs/visits/."""
    return f"{person}-{browser}-{number}.png"


def carry_out(visitor: Visitor, person: dict, browser: str, address: str) -> list[Step]:
    """Does all that a person does, and takes a picture of each step.

    Args:
        visitor: The browser that they use.
        person: Their part of docs/visits.yml.
        browser: Its name.
        address: Of the server, as they reach it.
    """
    steps = []
    for number, step in enumerate(person["steps"], 1):
        before = visitor.text() if steps else ""
        _do(visitor, step, address)
        visitor.wait(step["sees"], before)
        name = picture_name(person["key"], browser, number)
        (PICTURES / name).write_bytes(_smaller(visitor.picture()))
        steps.append(Step(in_words(step), visitor.said(), name))
    return steps


def in_words(step: dict) -> str:
    """A step as docs/visits.md says it."""
    if "opens" in step:
        return f"opens `{step['opens']}`"
    if "presses" in step:
        return f"presses “{step['presses']}”"
    return f"types “{step['types']}”"


def _do(visitor: Visitor, step: dict, address: str) -> None:
    if "opens" in step:
        visitor.open(address + step["opens"])
    elif "presses" in step:
        visitor.press(step["presses"])
    else:
        field, send = step.get("beside", ["Your question", "Send"])
        visitor.ask(step["types"], field, send)


def _smaller(png: bytes) -> bytes:
    """The same picture in fewer colours."""
    shrunk = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(
        shrunk, "PNG", optimize=True
    )
    return shrunk.getvalue()
