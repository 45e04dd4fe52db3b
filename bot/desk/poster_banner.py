"""The web banner of a force: one picture, with its words as alternative text."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from bot.desk.poster_pdf import code, fonts
from bot.desk.poster_words import Poster, shown

SHOWN_AT = (970, 250)
# Drawn larger, for screens with small pixels.
SCALE = 2
FOR_DRAFT = 420  # the width that a draft needs to say so
WHITE, INK = "#ffffff", "#1d2a33"


def draw(said: Poster, link: str, colour: str) -> bytes:
    """The picture as PNG.

    Args:
        said: Its words.
        link: What the code holds.
        colour: The colour of the force, as #rrggbb.
    """
    width, height = (SCALE * pixels for pixels in SHOWN_AT)
    picture = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(picture)
    strip = height // 6
    pen.rectangle((0, height - strip, width, height), fill=WHITE)
    side = height - strip - 2 * 24
    with Image.open(code(link)) as made:
        square = made.convert("RGB").resize((side, side), Image.Resampling.NEAREST)
    picture.paste(square, (24, 24))
    left, most = 24 + side + 40, width - 24 - side - 40 - 32
    lines = (
        (said.banner["heading"], 68, True, 44),
        (said.banner["text"], 52, False, 146),
        (f"{said.banner['chat']} {shown(link)}", 56, True, 262),
    )
    for text, size, bold, y in lines:
        pen.text((left, y), text, fill=WHITE, font=_font(text, size, bold, most))
    numbers, middle = said.banner["numbers"], height - strip // 2
    font = _font(numbers, 34, True, width - 64 - (FOR_DRAFT if said.draft else 0))
    pen.text((32, middle), numbers, INK, font, anchor="lm")
    if said.draft:
        font = _font(said.draft, 22, False, FOR_DRAFT - 32)
        pen.text((width - 32, middle), said.draft, INK, font, anchor="rm")
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _font(text: str, size: int, bold: bool, most: int) -> ImageFont.FreeTypeFont:
    """The font at a size at which a text is no wider than `most`."""
    regular, heavy = fonts()
    path = str(heavy if bold else regular)
    font = ImageFont.truetype(path, size)
    while font.getlength(text) > most:
        size -= 1
        font = ImageFont.truetype(path, size)
    return font
