"""The poster of a force: one A4 page."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from bot.desk.poster_words import Poster, shown

# In millimetres.
WIDTH, HEIGHT, MARGIN = 210, 297, 18
CODE, QUIET_ZONE = 74, 7  # with the white border that a reader needs
LARGEST_LINK = 30  # in points
GAP = 8
INK, QUIET, DANGER = (29, 42, 51), (74, 90, 102), (156, 28, 28)


def draw(said: Poster, link: str, colour: str) -> bytes:
    """The page as PDF.

    Args:
        said: Its words.
        link: What the code holds.
        colour: The colour of the force, as #rrggbb.
    """
    page = _page(said.poster["heading"])
    accent = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    y = _head(page, said.poster, accent)
    y = _code(page, said.poster, link, accent, y + GAP)
    for number, line in enumerate(said.poster["lines"]):
        y = _line(page, line, accent if number else DANGER, y)
    _foot(page, said)
    return bytes(page.output())


def fonts() -> tuple[Path, Path]:
    """A regular and a bold font that may be put into files: DejaVu Sans."""
    found = find_spec("matplotlib")
    assert found and found.origin, "matplotlib brings the fonts"
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"


def code(link: str, border: int = 4) -> io.BytesIO:
    """The QR code of a link as a picture; up to a quarter of it may be worn off."""
    made = io.BytesIO()
    segno.make(link, error="q", micro=False).save(
        made, kind="png", scale=16, border=border
    )
    made.seek(0)
    return made


def _page(title: str) -> FPDF:
    page = FPDF(format="A4")
    page.set_auto_page_break(False)
    page.set_title(title)
    page.set_lang("en-GB")
    regular, bold = fonts()
    page.add_font("sans", "", str(regular))
    page.add_font("sans", "B", str(bold))
    page.add_page()
    return page


def _head(page: FPDF, words: dict[str, Any], accent: tuple[int, ...]) -> float:
    """The heading and what it offers, on the colour of the force."""
    page.set_xy(MARGIN, MARGIN)
    heights = [
        _height(page, words["heading"], 34, "B"),
        _height(page, words["lead"], 17, ""),
    ]
    bottom = MARGIN + sum(heights) + GAP + 12
    page.set_fill_color(*accent)
    page.rect(0, 0, WIDTH, bottom, style="F")
    page.set_text_color(255, 255, 255)
    _write(page, words["heading"], 34, "B", MARGIN)
    _write(page, words["lead"], 17, "", page.get_y() + GAP)
    return bottom


def _code(
    page: FPDF, words: dict[str, Any], link: str, accent: tuple[int, ...], y: float
) -> float:
    """The code, what it is for, and the link for those who type it."""
    page.image(
        code(link), x=MARGIN - QUIET_ZONE, y=y, w=CODE, h=CODE, link=link,
        alt_text=words["code"],
    )  # fmt: skip
    left = MARGIN + CODE
    page.set_text_color(*INK)
    _write(page, words["about_chat"], 18, "", y + QUIET_ZONE, left)
    _write(page, words["chat"], 18, "B", page.get_y() + 6, left)
    page.set_text_color(*accent)
    short = shown(link)
    _write(page, short, _fits(page, short), "B", y + CODE - 1)
    return page.get_y() + 7


def _line(page: FPDF, line: dict[str, str], colour: tuple[int, ...], y: float) -> float:
    """One way to help, with a bar in its colour."""
    page.set_text_color(*colour)
    _write(page, line["heading"], 16, "B", y, MARGIN + 6)
    page.set_text_color(*INK)
    _write(page, line["text"], 17, "", page.get_y() + 1, MARGIN + 6)
    page.set_fill_color(*colour)
    page.rect(MARGIN, y, 2, page.get_y() - y, style="F")
    return page.get_y() + 6


def _foot(page: FPDF, said: Poster) -> None:
    page.set_text_color(*QUIET)
    words = said.poster["footer"]
    words = f"{words}\n{said.draft}" if said.draft else words
    _write(page, words, 10, "", HEIGHT - 12 - _height(page, words, 10, ""))


def _fits(page: FPDF, text: str) -> int:
    """The largest size at which a text fits on one line."""
    size = LARGEST_LINK
    page.set_font("sans", "B", size)
    while page.get_string_width(text) > WIDTH - 2 * MARGIN - 3 and size > 10:
        size -= 1
        page.set_font("sans", "B", size)
    return size


def _height(page: FPDF, text: str, size: int, style: str) -> float:
    page.set_font("sans", style, size)
    height = page.multi_cell(
        WIDTH - 2 * MARGIN, size * 0.46, text, align="L", dry_run=True,
        output=MethodReturnValue.HEIGHT,
    )  # fmt: skip
    return float(str(height))


def _write(
    page: FPDF, text: str, size: int, style: str, y: float, x: float = MARGIN
) -> None:
    page.set_font("sans", style, size)
    page.set_xy(x, y)
    page.multi_cell(
        WIDTH - MARGIN - x, size * 0.46, text, align="L", new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )  # fmt: skip
