"""The reply when the chat cannot give one."""

from __future__ import annotations

import json
import subprocess
import sys

from bot import ROOT
from tests.conftest import assert_carries_the_numbers, calls_999_first
from tests.test_app import KEYS


def test_the_command_writes_both_forms_with_the_numbers(tmp_path):
    command = [sys.executable, "-m", "bot", "error-page", str(tmp_path / "pages")]
    subprocess.run(command, cwd=ROOT, check=True)

    body = json.loads((tmp_path / "pages" / "error.json").read_text())
    [reply] = body["replies"]
    assert set(body) == {"session", "replies"} and set(reply) == KEYS
    assert reply["kind"] == "unavailable" and calls_999_first(reply["text"])
    assert_carries_the_numbers(reply["text"])
    page = (tmp_path / "pages" / "error.html").read_text()
    assert_carries_the_numbers(page)
    assert 'href="tel:999"' in page


def test_the_page_asks_the_server_for_nothing(tmp_path):
    from bot.pages.error_page import write

    write(tmp_path)

    page = (tmp_path / "error.html").read_text()
    assert "src=" not in page and "<link" not in page and 'href="/' not in page
