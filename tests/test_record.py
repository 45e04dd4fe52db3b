"""The transparency record says what is true of what runs."""

from __future__ import annotations

import re
import shutil

import pytest

from bot import DATA, ROOT, record, yaml_files
from bot.record import RecordError


def test_the_facts_are_those_of_the_bot_as_it_is():
    kept = yaml_files.read(record.FACTS)

    assert {k: kept[k] for k in kept if k != "written_on"} == record.count(), (
        "run `make record`"
    )


def test_the_document_is_the_record():
    assert record.DOCUMENT.read_text() == record.markdown(record.read())


def test_the_page_says_the_same(server):
    answer = server.get("/transparency")

    assert answer.status == 200
    assert "automated" in answer.body and "999" in answer.body
    for tier in record.read()["tiers"]:
        for section in tier["sections"]:
            assert f"<h3>{section['title']}</h3>" in answer.body
    for measure, share, interval, _ in record.read()["evaluation"]:
        row = answer.body[answer.body.index(f'<th scope="row">{measure}<') :][:200]
        assert share in row and interval in row
    assert not re.search(r"\{[a-z_]+\}", answer.body)


def test_it_has_the_parts_of_the_standard():
    told = record.DOCUMENT.read_text().lower()

    for part in (
        *("scope", "owner", "method", "training data", "evaluation", "appeals"),
        *("human oversight", "risks", "kept about visitors"),
    ):
        assert part in told


def test_a_fact_that_nobody_counts_is_named(tmp_path):
    shutil.copy(record.FACTS, tmp_path)
    words = (DATA / "transparency.yml").read_text().replace("{rules}", "{rulez}")
    (tmp_path / "transparency.yml").write_text(words)

    with pytest.raises(RecordError, match="rulez"):
        record.read(tmp_path)


def test_the_screening_names_what_exists():
    page = (ROOT / "docs" / "data_protection_screening.md").read_text()

    for path in re.findall(r"\b((?:bot|tests|docs)/[\w/]+\.\w+)", page):
        assert (ROOT / path).is_file(), path
