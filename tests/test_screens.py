"""docs/screens.md shows every picture that `make screens` takes, and no other."""

from __future__ import annotations

import re

from bot import ROOT
from tests.browser.screenshots import FOLDER, STATES

GALLERY = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")


def test_every_state_has_its_line_and_every_line_its_state():
    told = re.findall(r"^\*\*([\w-]+)\*\*: \w", GALLERY, re.M)
    shown = re.findall(r"^!\[([\w-]+)\]\(screens/\1\.png\)$", GALLERY, re.M)

    assert sorted(told) == sorted(STATES)
    assert shown == told


def test_every_state_has_its_picture_and_every_picture_its_state():
    assert {path.stem for path in FOLDER.iterdir()} == set(STATES)
