"""Writes docs/spoken.md: what a screen reader has to say of five conversations.

It is read from the accessibility tree of Chromium, in the order of reading. Screen
readers word a role differently; the order and the names are the same in all.

Usage: python -m tests.browser.spoken
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

from bot import ROOT
from tests.browser.steps import PHONE, ask
from tests.conftest import Server
from tests.debian_packages import find

QUESTIONS = ROOT / "docs" / "spoken_questions.yml"
DOCUMENT = ROOT / "docs" / "spoken.md"
BEGINNING = """# What a screen reader says

Five conversations, read from Chromium's accessibility tree in the order of reading.
`make spoken` writes this page. The messages are those of
[spoken_questions.yml](spoken_questions.yml), and invented. Replies are in a log, so
that a screen reader says them as they arrive. What interrupts it comes first, in bold.
Nobody who uses a screen reader has tried the chat yet.
"""
ENTRY = re.compile(r'^(?P<role>\w+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?(?P<state>.*)$')
# By the role of the tree; roles that are not here are not said, only what is in them.
SAID = {
    "article": "article",
    "banner": "banner",
    "button": "button",
    "complementary": "complementary",
    "contentinfo": "content information",
    "group": "disclosure, closed",
    "heading": "heading",
    "link": "link",
    "log": "log",
    "main": "main",
    "navigation": "navigation",
    "region": "region",
    "textbox": "edit box",
}


def main() -> None:
    """Starts a server, has the conversations and writes them down."""
    conversations = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    parts = [BEGINNING]
    server = Server()
    try:
        server.wait("/health/ready", 180)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find("chromium"), args=["--no-sandbox"]
            )
            viewport = {"width": PHONE[0], "height": PHONE[1]}
            page = browser.new_page(viewport=viewport)
            page.set_default_timeout(120_000)
            parts += ["## The page as it opens\n", _opens(page, server.address)]
            for talk in conversations["conversations"]:
                parts += [f"## {talk['title']}\n", _talks(page, server.address, talk)]
            browser.close()
    finally:
        server.stop()
    DOCUMENT.write_text("\n".join(parts), encoding="utf-8")


def spoken(snapshot: str) -> list[str]:
    """What is said for a part of the tree, a line for each thing.

    Args:
        snapshot: As Playwright writes it.
    """
    return _lines(yaml.safe_load(snapshot) or [])


def _opens(page: Page, address: str) -> str:
    page.goto(address)
    return _quoted(spoken(page.locator("body").aria_snapshot()))


def _talks(page: Page, address: str, talk: dict[str, Any]) -> str:
    page.goto(address + talk["opens"])
    parts = []
    for question in talk["says"]:
        ask(page, question)
        at_once = page.locator("[data-alert]").inner_text()
        said = [f"**At once: {at_once}**"] if at_once else []
        said += spoken(page.locator(".asked").last.aria_snapshot())
        for reply in page.locator(".asked:last-of-type ~ .reply").all()[-2:]:
            said += spoken(reply.aria_snapshot())
        parts.append(_quoted(said))
    return "\n".join(parts)


def _quoted(lines: list[str]) -> str:
    return "".join(f"> {line}  \n" for line in lines)


def _lines(entries: list[Any]) -> list[str]:
    lines: list[str] = []
    for entry in entries:
        whole = entry if isinstance(entry, dict) else {entry: None}
        [(key, inside)] = whole.items()
        if key.startswith("/"):  # an address or another property
            continue
        lines += _entry(key, inside)
    return lines


def _entry(key: str, inside: Any) -> list[str]:
    found = ENTRY.match(key)
    if not found:
        return [str(key)]
    role, name = found["role"], (found["name"] or "").replace('\\"', '"')
    if role == "paragraph":
        return _joined(inside)
    if level := re.search(r"level=(\d)", found["state"]):
        return [f"*heading level {level[1]}:* {name}"]
    if role == "list" and isinstance(inside, list):
        plural = "s" * (len(inside) != 1)
        return [f"*list, {len(inside)} item{plural}*", *_lines(inside)]
    word = SAID.get(role)
    words = [f"*{word}:* {name}".rstrip()] if word else [name] * bool(name)
    if isinstance(inside, list):
        return words + ([] if role in ("link", "button") else _lines(inside))
    if inside is None:
        return words
    return [f"{words[0]} {inside}" if words else str(inside)]


def _joined(inside: Any) -> list[str]:
    """A paragraph, with its links, in one line."""
    if isinstance(inside, list):
        return [re.sub(r" (?=[.,])", "", " ".join(_lines(inside)))]
    return [] if inside is None else [str(inside)]


if __name__ == "__main__":
    main()
