"""The comparison on public data, with a small invented sample in both formats."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot import ROOT
from tests.evaluation.public_data import rejection_bound, report, score
from tests.evaluation.public_files import (
    Example,
    PublicData,
    PublicDataError,
    draw,
    read,
)
from tests.evaluation.public_models import DEFAULT, OURS, Guess, judge, pipelines

SAMPLE = ROOT / "tests" / "evaluation" / "public_sample"
CLINC = SAMPLE / "clinc150.json"
BANKING = [SAMPLE / "train.csv", SAMPLE / "test.csv"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.evaluation.public_data", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def data() -> PublicData:
    return read([CLINC])


@pytest.fixture(scope="module")
def done() -> subprocess.CompletedProcess:
    """The whole command, once: it trains both pipelines."""
    return run(CLINC, "--examples", "6")


@pytest.fixture(scope="module")
def rows(done) -> dict[str, list[str]]:
    """The cells of the table, by pipeline."""
    lines = re.findall(r"^\| (.*) \|$", done.stdout, re.M)[2:]
    return {name: cells for name, *cells in (line.split(" | ") for line in lines)}


def test_the_table_has_a_row_for_each_pipeline(done, rows):
    assert done.returncode == 0, done.stderr
    assert list(rows) == [OURS, DEFAULT]


@pytest.mark.parametrize("name", [OURS, DEFAULT])
def test_the_numbers_are_plausible(rows, name):
    right, outside, inside, training, message = rows[name]

    assert float(right.split()[0]) > 50 and " of 24 " in right
    assert " of 8 " in outside and " of 24 " in inside
    assert 0 < float(training.removesuffix(" s")) < 300
    assert float(message.removesuffix(" ms")) > 0


def test_the_ratio_is_that_of_the_two_times(done, rows):
    ours, default = (float(rows[name][-1].split()[0]) for name in (OURS, DEFAULT))
    [told] = re.findall(r"takes ([\d.]+) times", done.stdout)

    assert float(told) == pytest.approx(default / ours, abs=0.06)


def test_the_terminal_shows_progress_and_nothing_of_rasa(done):
    lines = done.stderr.splitlines()
    known = r"(this project|Rasa's default): train(ing|ed).*|asked \d+ of 44 messages"

    assert lines and [line for line in lines if not re.fullmatch(known, line)] == []


def test_both_formats_read_to_the_same_structure(data):
    banking = read(BANKING)

    assert (banking.train, banking.test) == (data.train, data.test)
    assert banking.outside == data.outside and len(data.outside) == 8
    assert len(data.val) == 12 and banking.val == []


def test_an_intent_has_a_safe_name(data):
    assert data.intents == [
        "account_balance", "change_pin", "hotel_booking", "lost_card", "lost_luggage",
        "train_ticket",
    ]  # fmt: skip


def test_an_out_of_scope_message_among_the_test_messages_is_out_of_scope(tmp_path):
    lists = {"train": [["hi", "a"]], "test": [["hello", "a"], ["why", "oos"]]}

    found = read([written(tmp_path, "x.json", json.dumps(lists))])

    assert found.outside == ["why"] and found.test == [Example("hello", "a")]


def test_a_message_holds_nothing_that_rasa_would_read_as_markup(tmp_path):
    lists = {"train": [["/pay [5](sum)\n${x} ", "a"]], "test": [["pay", "a"]]}

    found = read([written(tmp_path, "x.json", json.dumps(lists))])

    assert found.train == [Example("pay (5)(sum) $(x)", "a")]


def test_the_same_seed_draws_the_same_messages_and_another_others(data):
    one = draw(data, 6, seed=1)

    assert one == draw(data, 6, seed=1)
    assert one.train != draw(data, 6, seed=2).train
    assert set(Counter(example.intent for example in one.train).values()) == {6}


def test_a_draw_of_intents_keeps_only_their_messages(data):
    few = draw(data, 3, seed=0, intents=2)

    assert len(few.intents) == 2 and len(few.train) == 6
    assert len(few.test) == 8 and len(few.val) == 4
    assert few.outside == data.outside


def test_the_formats_are_drawn_from_alike(data):
    assert draw(read(BANKING), 6, seed=3).train == draw(data, 6, seed=3).train


def test_this_project_s_pipeline_is_used_without_what_is_of_its_own_field():
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    featurizer, topics, languages, net = config["pipeline"]

    assert "languages" in languages["messages"]
    assert pipelines()[OURS] == [featurizer, {"name": topics["name"]}, net]


def test_the_default_is_what_rasa_init_gives():
    found = pipelines()[DEFAULT]

    assert [component["name"] for component in found] == [
        "WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer", "CountVectorsFeaturizer", "DIETClassifier",
        "EntitySynonymMapper", "ResponseSelector", "FallbackClassifier",
    ]  # fmt: skip
    assert found[5]["epochs"] == 100 and found[5]["constrain_similarities"] is True
    assert found[8]["threshold"] == 0.3 and found[8]["ambiguity_threshold"] == 0.1


@pytest.mark.parametrize(
    ("first", "overruled"),
    [("nlu_fallback", False), ("immediate_risk", True), ("pay", False)],
)
def test_the_likeliest_intent_taught_is_judged(first, overruled):
    ranking = [{"name": n, "confidence": c} for n, c in ((first, 0.9), ("pay", 0.6))]

    guess = judge({"intent": ranking[0], "intent_ranking": ranking}, {"pay"}, 1.0)

    assert (guess.intent, guess.overruled) == ("pay", overruled)


def test_a_message_without_a_guess_is_rejected_first():
    guess = judge({"intent": {"name": None, "confidence": 0.0}}, {"pay"}, 1.0)

    assert (guess.intent, guess.confidence, guess.overruled) == ("", 0.0, False)


@pytest.mark.parametrize("count", [1, 19, 20, 21, 100])
def test_the_bound_rejects_at_most_five_in_a_hundred(count):
    confidences = [number / count for number in range(count)]
    bound = rejection_bound(confidences)

    assert sum(found < bound for found in confidences) == count // 20


def test_the_bound_comes_from_the_validation_messages_where_there_are_some():
    pay = Example("pay", "pay")
    val, test, outside = (Guess("pay", c, False, 1.0) for c in (0.5, 0.4, 0.6))
    guesses = [val, test, outside]

    with_val = PublicData([pay], [pay], [pay], ["why"], "x.json")
    assert score(with_val, guesses, 1.0)[:4] == (1, 0, 1, 0)
    without = PublicData([pay], [], [pay], ["why"], "x.json")
    assert score(without, guesses[1:], 1.0)[:4] == (1, 0, 0, 0)


def test_data_without_out_of_scope_messages_are_reported_as_such():
    pay = Example("pay", "pay")
    found = PublicData([pay], [], [pay], [], "x.json")
    scored = score(found, [Guess("pay", 0.9, False, 2.0)], 1.0)

    assert "| none in the data |" in report(found, {OURS: scored, DEFAULT: scored}, 0)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.txt", "", "x.txt: name one .json file"),
        ("x.csv", "text,category\nhi,a\n", "x.csv: name one .json file"),
        ("x.json", "{", "x.json: is not valid JSON"),
        ("x.json", "[]", "x.json: must hold an object"),
        ("x.json", "{}", "x.json: no in-scope message to train on"),
        ("x.json", '{"train": 1}', "x.json, `train`: must be a list"),
        ("x.json", '{"train": [["hi", "a"], ["hi"]]}', "x.json, `train`, entry 2"),
        ("x.json", '{"test": [["", "a"]]}', "x.json, `test`, entry 1.* is empty"),
        (
            "x.json",
            '{"train": [["hi", "a b"], ["ho", "a-b"]]}',
            "x.json: .* intent 'a-b' is 'a_b', which names nothing or another",
        ),
    ],
)
def test_a_faulty_file_is_named_with_the_place_and_the_remedy(
    tmp_path, name, content, said
):
    with pytest.raises(PublicDataError, match=said):
        read([written(tmp_path, name, content)])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("hi,a\n", "x.csv, line 1: must be the header `text,category`"),
        ("text,category\nhi,a\nho\n", "x.csv, line 3: the text or the intent is empty"),
        ('text,category\n"hi,a\n', "x.csv, after line 1: .* mend the quotes"),
    ],
)
def test_a_faulty_csv_file_is_named_with_the_line(tmp_path, content, said):
    with pytest.raises(PublicDataError, match=said):
        read([written(tmp_path, "x.csv", content), BANKING[1]])


def test_an_intent_with_too_few_messages_is_named(data):
    with pytest.raises(PublicDataError, match=r"clinc150.json: .* lost_card \(8\)"):
        draw(data, 9, seed=0)


@pytest.mark.parametrize("intents", [0, 1, 7])
def test_a_comparison_needs_two_intents_and_no_more_than_there_are(data, intents):
    with pytest.raises(PublicDataError, match="holds 6 intents"):
        draw(data, 6, seed=0, intents=intents)


def test_the_command_ends_with_one_line_that_names_the_missing_file():
    done = run("missing.json")

    assert done.returncode == 1 and done.stdout == ""
    assert re.fullmatch(r"missing\.json: cannot be read .*\n", done.stderr)


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path
