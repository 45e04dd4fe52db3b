"""axe-core finds nothing to fix, in any state, in light and in dark."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame

from tests.browser.states import STATES
from tests.browser.steps import DESKTOP, PHONE

RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ],
    "resultTypes": ["violations"],
    "iframes": False,  # each frame is checked separately
}
# Not in forced colours: browsers do not tell scripts which colours they force, and the
# rest of axe's rules see the same as in light. test_layout.py checks those.
LOOKS = ("light", "dark")
# Otherwise axe would find a target too small if the bar or the form covers half of it,
# wherever the page happens to be scrolled.
NOTHING_STICKS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".top, .always, .chat .ask { position: static }");
  document.adoptedStyleSheets.push(sheet);
}"""
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation(new_page, server, state):
    path, act = STATES[state]
    page = new_page()
    page.goto(server.address + path)
    act(page)
    frames = [frame for frame in page.frames if frame.url.startswith(server.address)]

    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for look in LOOKS:
            page.emulate_media(color_scheme=look)
            for frame in frames:
                found[f"{size}, {look}, {frame.url}"] = violations(frame)
    assert not [f"{where}: {v}" for where, listed in found.items() for v in listed]


def violations(frame: Frame) -> list[str]:
    """What axe says about one document: rule, element and advice."""
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(AXE_SCRIPT)
        frame.evaluate(NOTHING_STICKS)
    found = frame.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{violation['id']} {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
