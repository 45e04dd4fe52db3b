"""The README and the docs say what is true."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
import yaml

from bot import ROOT
from bot.limits import DEFAULT_PER_MINUTE

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)\b", README))))
def test_a_target_that_the_readme_names_exists(target):
    words = {"it"}  # "make it"
    makefile = (ROOT / "Makefile").read_text()

    assert target in words or re.search(rf"^{target}:", makefile, re.M)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_a_file_that_the_readme_links_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"\b(?:bot|tests|data|models)/[\w/.]*\w", README)))
)
def test_a_path_that_the_readme_names_exists(path):
    assert (ROOT / path).exists()


def test_the_rate_limit_told_is_the_usual_one():
    [told] = re.findall(r"`RATE_LIMIT` \|.*\| (\d+) \|", README)

    assert int(told) == DEFAULT_PER_MINUTE


def test_the_transcript_asks_every_question_of_its_list():
    asked = yaml.safe_load((ROOT / "docs" / "transcript_questions.yml").read_text())
    transcript = (ROOT / "docs" / "transcript.md").read_text()

    assert re.findall(r"^## (.*)$", transcript, re.M) == asked["questions"]


def test_the_encoder_is_the_one_recorded():
    folder = ROOT / "models" / "sentence_encoder"
    record = json.loads((folder / "record.json").read_text())

    for name, wanted in record["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == wanted


def test_no_file_names_a_registry_or_pins_a_package_without_its_hash():
    pins = (ROOT / "requirements.txt").read_text()

    assert "://" not in pins
    for block in re.split(r"\n(?=\w)", pins.strip()):
        assert "--hash=sha256:" in block, block[:80]
