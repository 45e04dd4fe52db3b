"""The style sheets and scripts as they are sent: short, and each script in one piece.

A phone loads nothing that was written for us, and with 400 ms to the server it waits
for one script, not for those that it imports as well. Names and lines stay as they are,
so what a browser says about a fault can still be found in the source.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from bot import ROOT

FOLDER = ROOT / "bot" / "pages" / "static"
# What a page names; the other files are parts of these.
ASSETS = ("style.css", "answers.css", "chat.js", "leave.js", "demo.css", "demo.js")
IMPORT = re.compile(r'^import (?:.* from )?"\./([a-z]+\.js)";\n', re.M)
EXPORT = re.compile(r"^export ", re.M)
# In a style sheet: space that separates nothing, and the nought of 0.5.
IDLE = re.compile(r"\s*([{};,])\s*|(?<=:) |\b0(?=\.)")


@cache
def sent(name: str) -> str:
    """The text of a file as it is sent."""
    if name.endswith(".css"):
        return IDLE.sub(r"\1", slim(_read(name))).replace(";}", "}")
    return "".join(EXPORT.sub("", slim(part)) for part in _parts(name).values())


@cache
def asset(name: str) -> str:
    """The address of a file, which changes with what is sent."""
    digest = hashlib.sha256(sent(name).encode()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def slim(text: str) -> str:
    """A text without indentation and comments; no string of ours holds ` // `."""
    kept, within = [], False
    for line in map(str.strip, text.splitlines()):
        if within or line.startswith("/*"):
            within = not line.endswith("*/")
        elif line and not line.startswith("//"):
            kept.append(line.split(" // ")[0])
    return "\n".join(kept) + "\n"


def _parts(name: str) -> dict[str, str]:
    """A script and all that it imports, what is imported first, by file."""
    text = _read(name)
    found: dict[str, str] = {}
    for imported in IMPORT.findall(text):
        found |= _parts(imported)
    return {**found, name: IMPORT.sub("", text)}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
