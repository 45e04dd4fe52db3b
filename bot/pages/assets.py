"""The style sheets and scripts as visitors get them: short, each script in one piece.

Comments and indentation are for us, so phones do not load them. With a delay of 400 ms
to the server, a phone waits for one script instead of one after another. Names and line
breaks stay, so that a browser's error message still leads to the place in the source.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from bot import ROOT

FOLDER = ROOT / "bot" / "pages" / "static"
# The files that pages name; the others are parts of these.
ASSETS = ("style.css", "answers.css", "chat.js", "leave.js", "demo.css", "demo.js")
IMPORT = re.compile(r'^import (?:.* from )?"\./([a-z]+\.js)";\n', re.M)
EXPORT = re.compile(r"^export ", re.M)
# What a style sheet can do without: spaces that separate nothing, and the 0 in 0.5.
IDLE = re.compile(r"\s*([{};,])\s*|(?<=:) |\b0(?=\.)")
# And what a script can: the spaces of ` = ` and its like. None of our strings hold one.
JOINS = re.compile(r" (=>|===|!==|&&|\|\||=|\?\?) ")


@cache
def sent(name: str) -> str:
    """The text of a file, as visitors get it."""
    if name.endswith(".css"):
        return IDLE.sub(r"\1", slim(_read(name))).replace(";}", "}")
    script = "".join(EXPORT.sub("", slim(part)) for part in _parts(name).values())
    return JOINS.sub(r"\1", script)


@cache
def asset(name: str) -> str:
    """The address of a file, which changes with its text."""
    digest = hashlib.sha256(sent(name).encode()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def slim(text: str) -> str:
    """A text without indentation and comments; none of our strings contain ` // `."""
    kept, within = [], False
    for line in map(str.strip, text.splitlines()):
        if within or line.startswith("/*"):
            within = not line.endswith("*/")
        elif line and not line.startswith("//"):
            kept.append(line.split(" // ")[0])
    return "\n".join(kept) + "\n"


def _parts(name: str) -> dict[str, str]:
    """A script after everything that it imports, by file."""
    text = _read(name)
    found: dict[str, str] = {}
    for imported in IMPORT.findall(text):
        found |= _parts(imported)
    return {**found, name: IMPORT.sub("", text)}


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
