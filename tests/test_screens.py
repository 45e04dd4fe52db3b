"""docs/screens.md shows every picture that `make screens` takes, and no other."""

from __future__ import annotations

import re

from bot import ROOT
from tests.browser.screenshots import FOLDER, PICTURES

GALLERY = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")


def test_every_picture_has_its_line_and_every_line_its_picture():
    told = re.findall(r"^\*\*([\w-]+)\*\*: \w", GALLERY, re.M)
    shown = re.findall(r"^!\[([\w-]+)\]\(screens/\1\.png\)$", GALLERY, re.M)

    assert sorted(told) == sorted(PICTURES)
    assert shown == told


def test_every_picture_is_there_and_no_other():
    assert {path.stem for path in FOLDER.iterdir()} == set(PICTURES)
