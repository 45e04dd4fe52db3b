"""The transparency record is true of the bot that runs."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from bot import DATA, ROOT
from bot.desk.record import DOCUMENT, count, markdown
from bot.pages.record import FACTS, RecordError, read
from bot.words import yaml_files
from tests import checkout


def test_the_facts_are_those_of_the_bot_as_it_is():
    kept = yaml_files.read(FACTS)

    assert {k: kept[k] for k in kept if k != "written_on"} == count(), (
        "run `make record`"
    )


def test_the_document_is_the_record():
    assert DOCUMENT.read_text() == markdown(read())


def test_the_command_rewrites_both_files(tmp_path):
    copy = checkout.make(tmp_path)
    facts, document = copy / "data" / FACTS.name, copy / "docs" / DOCUMENT.name
    checkout.change(copy, "domain.yml", "- abusive\n", "- abusive\n- weather\n")
    document.unlink()

    done = checkout.run(copy, "record")
    assert done.returncode == 0, done.stderr
    written = yaml_files.read(facts)
    assert written["intents"] == count()["intents"] + 1
    assert written["written_on"] == date.today().isoformat()
    assert document.read_text() == markdown(read(copy / "data"))


def test_a_file_that_no_longer_tells_what_is_counted_is_named(tmp_path):
    copy = checkout.make(tmp_path)
    (copy / "docs" / "evaluation.md").write_text("Not evaluated yet.")

    done = checkout.run(copy, "record")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "docs/evaluation.md: has nothing like" in done.stderr


def test_the_page_says_the_same(server):
    answer = server.get("/transparency")

    assert answer.status == 200
    assert "automated" in answer.body and "999" in answer.body
    for tier in read()["tiers"]:
        for section in tier["sections"]:
            assert f"<h3>{section['title']}</h3>" in answer.body
    for measure, share, interval, _ in read()["evaluation"]:
        row = answer.body[answer.body.index(f'<th scope="row">{measure}<') :][:200]
        assert share in row and interval in row
    assert not re.search(r"\{[a-z_]+\}", answer.body)


def test_it_has_the_parts_of_the_standard():
    told = DOCUMENT.read_text().lower()

    for part in (
        *("scope", "owner", "method", "training data", "evaluation", "appeals"),
        *("human oversight", "risks", "kept about visitors"),
    ):
        assert part in told


def test_a_fact_that_nobody_counts_is_named(tmp_path):
    shutil.copy(FACTS, tmp_path)
    words = (
        (DATA / "transparency.yml").read_text().replace("{net_rules}", "{net_rulez}")
    )
    (tmp_path / "transparency.yml").write_text(words)

    with pytest.raises(RecordError, match="net_rulez"):
        read(tmp_path)


def test_the_screening_names_what_exists():
    page = (ROOT / "docs" / "data_protection_screening.md").read_text()

    for path in re.findall(r"\b((?:bot|tests|docs)/[\w/]+\.\w+)", page):
        assert (ROOT / path).is_file(), path
