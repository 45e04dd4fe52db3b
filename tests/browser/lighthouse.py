"""Runs Lighthouse as on a phone, and writes its figures into docs/accessibility.md.

Usage: python -m tests.browser.lighthouse
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bot import ROOT
from tests.conftest import Server
from tests.debian_packages import find

VERSION = "12.8.2"
DOCUMENT = ROOT / "docs" / "accessibility.md"
BLOCK = re.compile(r"(?<=<!-- lighthouse -->\n).*(?=<!-- end -->)", re.S)
PAGES = ("/", "/answers", "/answers/law_register", "/help")
CATEGORIES = ("accessibility", "best-practices", "performance")


def main() -> None:
    """Starts a server, runs Lighthouse on each page and writes the table."""
    server = Server()
    try:
        server.wait("/health/ready", 180)
        rows = {path: _figures(server.address + path) for path in PAGES}
    finally:
        server.stop()
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(BLOCK.sub(lambda _: table(rows), text), encoding="utf-8")


def table(rows: dict[str, list[int]]) -> str:
    """The figures of each page, out of 100."""
    titles = (f"Lighthouse {VERSION}", *CATEGORIES)
    head = f"| {' | '.join(titles)} |"
    lines = [head, "| --- | --- | --- | --- |"]
    lines += [f"| `{path}` | {' | '.join(map(str, rows[path]))} |" for path in rows]
    return "\n".join(lines) + "\n"


def _figures(address: str) -> list[int]:
    sys.stderr.write(f"{address}\n")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        subprocess.run(
            ["npx", "--yes", f"lighthouse@{VERSION}", address, "--quiet",
             f"--only-categories={','.join(CATEGORIES)}", "--output=json",
             f"--output-path={written}", "--chrome-flags=--headless=new --no-sandbox"],
            check=True, env={**os.environ, "CHROME_PATH": find("chromium") or ""},
        )  # fmt: skip
        found = json.loads(written.read_text(encoding="utf-8"))["categories"]
    return [round(found[name]["score"] * 100) for name in CATEGORIES]


if __name__ == "__main__":
    main()
