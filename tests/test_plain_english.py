"""Documents, comments and docstrings read as English: no phrase of house_words.yml.

`make check` looks for the same phrases in what visitors read.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator

import pytest
import yaml

from bot import ROOT

PHRASES = [
    re.compile(word["avoid"], re.I)
    for word in yaml.safe_load((ROOT / "data" / "house_words.yml").read_text())["words"]
    if word.get("everywhere")
]
COMMENTED = {".py", ".yml", ".sh", ".conf", ".toml", ".js", ".css", ".html"}
COMMENTED_NAMES = {"Makefile", "Dockerfile"}
# They quote what visitors type and what the chat says.
QUOTES = ("docs/evaluation_misses.md", "docs/real_questions.md", "docs/transcript.md",
          "data/house_words.yml", "tests/test_plain_english.py")  # fmt: skip
# Websites have pinned them, so they never change.
RELEASED = ("bot/pages/launcher/embed-",)
# What a comment looks like, by the kind of file; the rest have lines that begin with #.
MARKS = {
    ".js": re.compile(r"/\*(.*?)\*/|(?:^|\s)//(.*)", re.S | re.M),
    ".css": re.compile(r"/\*(.*?)\*/", re.S),
    ".html": re.compile(r"\{#(.*?)#\}|<!--(.*?)-->", re.S),
    "": re.compile(r"(?:^|(?<=\s))#+ ?(.*)$", re.M),
}
# Not written by us.
FOREIGN = ("LICENSE", "NOTICE")


def files() -> list[str]:
    """The documents and the files with comments, as git knows them."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True,
                            text=True, check=True).stdout.splitlines()  # fmt: skip
    return [file for file in listed if written_by_us(file)]


def written_by_us(file: str) -> bool:
    """Whether a file is a document of ours, or has comments of ours."""
    path = ROOT / file
    if file.startswith(QUOTES + RELEASED) or path.name in FOREIGN:
        return False
    wanted = path.suffix in COMMENTED | {".md"} or path.name in COMMENTED_NAMES
    return wanted and path.is_file()


def prose(file: str) -> Iterator[str]:
    """What a reader reads of a file as prose, paragraph by paragraph."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".md"):
        yield from re.split(r"\n\s*\n", re.sub(r"[“\"][^“”\"\n]*[”\"]", "", text))
    elif file.endswith(".py"):
        yield from docstrings(text)
        yield from comments(text)
    else:
        yield marked(text, (ROOT / file).suffix)


def marked(text: str, kind: str) -> str:
    """The comments of a file of another kind, whatever marks them there."""
    found = MARKS.get(kind, MARKS[""]).finditer(text)
    lines = ["".join(filter(None, match.groups())).splitlines() for match in found]
    return "\n".join(line.strip(" *") for comment in lines for line in comment)


def docstrings(text: str) -> Iterator[str]:
    """The docstrings of a module, its classes and its functions."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, kinds) and (found := ast.get_docstring(node)):
            yield found


def comments(text: str) -> Iterator[str]:
    """The comments of a Python file; those of adjoining lines belong together."""
    block, last = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start[0] != last + 1:
                yield "\n".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    yield "\n".join(block)


def phrases(text: str) -> list[str]:
    """The phrases that we avoid in a text, whatever its line breaks."""
    joined = " ".join(text.split())
    return [found[0] for phrase in PHRASES for found in phrase.finditer(joined)]


@pytest.mark.parametrize("file", files())
def test_a_document_or_comment_uses_no_phrase_that_sounds_translated(file):
    assert [(p, text[:200]) for text in prose(file) for p in phrases(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Whoever asks is told\nto wait.",
        "The file is written anew.",
        "It is counted that this was wrong.",
        "A fault that was mended.",
        "What becomes of the message.",
        "A button stands under every answer.",
    ],
)
def test_a_stilted_phrase_is_found(text):
    assert phrases(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 999 if you can, however late it is.",
        "We recommend that you amend the file.",
        "`<` stands for the start of a word.",
        "A child may come because of the notice.",
        "You need to be ready; a renewal is due.",
    ],
)
def test_ordinary_english_is_left_alone(text):
    assert phrases(text) == []


def test_what_a_reader_reads_of_code_is_its_comments_and_docstrings():
    code = '"""What it is."""\nx = "anew"  # why\n# it is\n\n# so\n'

    assert list(docstrings(code)) == ["What it is."]
    assert list(comments(code)) == ["why\nit is", "so"]


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        (".js", "/** What\n * it is. */\nf('https://x'); // so\n", "What\nit is.\nso"),
        (".css", "/* why */\nb { color: #fff } /* so */\n", "why\nso"),
        (".html", "{# why #}<p>anew</p>\n<!-- so -->\n", "why\nso"),
        (".yml", "# what\na: b  # why\nc: d#e\n", "what\nwhy"),
        ("", "# what\nall: ; true\n", "what"),
    ],
)  # fmt: skip
def test_the_comments_of_other_files_are_read_too(kind, text, read):
    assert marked(text, kind) == read
