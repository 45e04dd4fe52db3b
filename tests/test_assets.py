"""Visitors get short scripts and style sheets that lack nothing."""

from __future__ import annotations

import re

import pytest

from bot.pages.assets import ASSETS, FOLDER, JOINS, asset, sent, slim


@pytest.mark.parametrize("name", ASSETS)
def test_a_file_is_sent_as_its_address_says(server, name):
    answer = server.get(asset(name))

    assert answer.status == 200 and answer.body == sent(name)
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".js")])
def test_a_script_is_sent_in_one_piece(name):
    text = sent(name)

    assert not re.search(r"^(import|export)\b|^\s*(//|/\*|\*)|^\s+\S", text, re.M)


def test_every_file_is_sent_by_itself_or_as_a_part():
    written = {path.name for path in FOLDER.iterdir()} - set(ASSETS)
    chat = sent("chat.js")

    assert written == {"count.js", "language.js", "reply.js"}
    for part in ("function count(", "class Language", "function reply(", "class Chat"):
        assert chat.count(part) == 1


def test_no_text_of_ours_is_taken_for_a_comment():
    for path in FOLDER.glob("*.js"):
        for line in path.read_text(encoding="utf-8").splitlines():
            code, mark, _ = line.partition(" // ")
            assert not mark or code.count('"') % 2 == code.count("`") % 2 == 0, line


def test_no_text_of_ours_loses_a_space():
    for path in FOLDER.glob("*.js"):
        code = slim(path.read_text(encoding="utf-8"))
        for text in re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`", code):
            assert not JOINS.search(text), text


def test_what_is_left_out_is_comments_and_indentation_alone():
    text = "/** Two\n * lines. */\n\n  const at = 'https://x'; // why\n\t// no\n"

    assert slim(text) == "const at = 'https://x';\n"


@pytest.mark.parametrize("name", ["reply.js", "pages.py", "..%2fpages.py", ""])
def test_nothing_else_is_sent(server, name):
    assert server.get(f"/static/{name}").status == 404
