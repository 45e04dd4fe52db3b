"""What `make bench` writes of growth, training, many conversations and sizes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bot import ROOT
from bot.chat.conversation import MOST_CHARACTERS
from tests.bench import figures, growth, plots, report, sizing, training
from tests.bench.growth_tables import growth_tables, soak_table, training_table
from tests.bench.load import Load
from tests.bench.messages import fresh, of_words, read_foreign, read_messages
from tests.bench.processes import Used
from tests.bench.tell import BenchError

# Holds some 200 MB in a child, and works, for as long as somebody needs to look twice.
WORKS = """
import subprocess, sys
code = "import time; end = time.process_time() + 1.5\\n"
code += "held = bytearray(b'x') * 200_000_000\\nwhile time.process_time() < end: pass"
subprocess.run([sys.executable, "-c", code], check=True)
"""
MEASURED = {"on": "1 May 2026", "build": "abc1234", "machine": "2 cores"}


def served(at: int, per_second: float) -> dict:
    return {
        "at": at,
        "per_second": per_second,
        "p50": 4.0,
        "p95": 9.0,
        "refused": 0.25,
        "front_ms": 1.2,
        "engines_ms": 4.8,
        "memory_mb": 400,
        "front_mb": 100,
        "engines_mb": 300 * at,
    }


def learnt(examples: int, intents: int) -> dict:
    return {
        "examples": examples,
        "intents": intents,
        "training_seconds": 60.0,
        "training_mb": 2000,
        "per_second": 300.0,
        "read_ms": 3.33,
        "memory_mb": 250,
    }


@pytest.fixture
def grown() -> dict:
    return {
        "measured": MEASURED,
        "rounds": 3,
        "seconds": 4.0,
        "long_clients": 4,
        "taught": 41_000,
        "clients": [served(1, 150), served(256, 200)],
        "engines": [served(1, 200), served(2, 330)],
        "words": [served(5, 300), served(250, 20)],
        "examples": [learnt(5_000, 110), learnt(50_000, 110)],
        "intents": [learnt(10_000, 45), learnt(10_000, 200)],
    }


def test_each_kind_of_growth_has_a_table(grown):
    found = growth_tables(grown)

    assert len(found) == 5
    assert found["More clients, one engine"][-1] == (
        "| 256 | 200 | 4.0 | 9.0 | 1.20 + 4.80 | 400 | 25% |"
    )
    assert found["More engines, 16 clients"][-1].startswith("| 2 | 330 | 1.65 |")
    assert found["More examples to learn from"][-1].startswith("| 50,000 | 110 | 300 |")
    assert found["More intents"][-1].startswith("| 200 | 10,000 | 300 |")


def test_each_kind_of_growth_has_two_plots(grown, tmp_path):
    plots.draw(grown, tmp_path / "growth.svg")
    drawn = (tmp_path / "growth.svg").read_text()

    for panel in plots.PANELS:
        assert f">{panel.label}<" in drawn
    for _, name in plots.ROWS:
        assert f">{name}<" in drawn
    assert drawn.count('<g id="axes_') == 2 * len(plots.PANELS)


def test_a_plot_is_drawn_again_to_the_byte(grown, tmp_path):
    for name in "ab":
        plots.draw(grown, tmp_path / f"{name}.svg")

    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_point_is_the_median_of_its_rounds():
    rounds = [
        Load(1.0, [float(ms)] * 100, Used(0.1, 0.4), refusals=n, memory_mb=ms)
        for n, ms in ((0, 5), (100, 6), (0, 50))
    ]

    assert growth.summary(rounds) == {
        "per_second": 100.0,
        "p50": 6.0,
        "p95": 6.0,
        "refused": 0.0,
        "front_ms": 1.0,
        "engines_ms": 4.0,
        "memory_mb": 6.0,
    }


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        # A front takes 1.2 ms and an engine 4.8 ms of cores that are busy for 60 %.
        (100, (100, 2, 2, 1, 0.78)),
        (1_000, (1_000, 2, 8, 10, 2.54)),
        (10_000, (10_000, 20, 80, 100, 25.39)),
    ],
)
def test_a_deployment_is_as_large_as_its_messages_need(rate, expected):
    assert sizing.size(rate, served(1, 200)) == pytest.approx(expected, abs=0.01)


def test_the_guide_has_the_sizes_that_the_figures_give():
    guide = sizing.GUIDE.read_text()
    [block] = re.findall(f"{sizing.BEGIN}\n(.*?)\n{sizing.END}", guide, re.S)
    growth = figures.read().get("growth")

    expected = "\n".join(sizing.sizes(growth)) if growth else "Not measured yet: "
    assert block == expected or (not growth and block.startswith(expected))
    assert f"It plans to use {sizing.BUSY:.0%}".replace("%", " %") in guide
    assert f"every {sizing.EVERY_SECONDS} seconds" in guide


def test_the_page_is_written_from_the_figures_file():
    assert report.PAGE.read_text() == report.page(figures.read())


def test_the_sizes_are_written_between_their_marks_only(grown, tmp_path):
    guide = tmp_path / "operating.md"
    guide.write_text(f"before\n{sizing.BEGIN}\nearlier\n{sizing.END}\nafter\n")
    sizing.write(grown, guide)
    text = guide.read_text()

    assert text.startswith("before\n") and text.endswith("\nafter\n")
    assert "earlier" not in text and "| 10,000 | 200,000 | 20 | 80 | 100 | 25 |" in text


def test_a_part_that_is_measured_again_leaves_the_others(tmp_path):
    path = tmp_path / "performance.yml"
    figures.write("soak", {"typed": 1}, path)
    figures.write("training", {"builds": []}, path)
    figures.write("soak", {"typed": 2}, path)
    found = figures.read(path)

    assert found["soak"]["typed"] == 2 and found["training"]["builds"] == []
    assert set(found["soak"]["measured"]) == {"on", "build", "machine"}


def test_the_page_says_when_where_and_how_each_part_was_measured(grown):
    page = report.page({"growth": grown})

    assert "Measured on 1 May 2026 with the build abc1234, on 2 cores." in page
    assert "the 41,000 messages of data/nlu" in page.replace("\n", " ")
    assert f"]({plots.PATH.name})" in page


@pytest.mark.parametrize(("after", "verdict"), [(407, "met"), (409, "**not met**")])
def test_memory_may_grow_by_two_per_cent(after, verdict):
    points = [
        {"at": 0, "front_mb": 100, "engines_mb": 300},
        {"at": 100_000, "front_mb": 100, "engines_mb": after - 100},
    ]

    assert soak_table({"points": points})[-1].endswith(f"or less, {verdict}).")


@pytest.mark.parametrize(("seconds", "verdict"), [(50, "met"), (51, "**not met**")])
def test_training_may_take_a_third(seconds, verdict):
    builds = [
        {"name": name, "seconds": took, "cpu": took, "most_mb": 900}
        for name, took in (("build d6a388b", 150), ("this bot", seconds))
    ]

    assert training_table({"builds": builds})[-1].endswith(f"0.33, {verdict}).")
    assert len(training_table({"builds": builds[1:]})) == 3


def a_build(folder: Path, code: str) -> Path:
    """A folder in which `python -m bot train` runs this code, with our Python."""
    (folder / "bot").mkdir()
    (folder / "bot" / "__init__.py").touch()
    (folder / "bot" / "__main__.py").write_text(code)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return folder


def test_training_is_measured_with_the_processes_that_it_starts(tmp_path):
    build = a_build(tmp_path, WORKS)
    found = training._train(build, build)

    assert found["seconds"] >= found["cpu"] / 2 > 0
    assert found["most_mb"] > 200


def test_a_training_that_fails_says_why(tmp_path):
    build = a_build(tmp_path, "raise SystemExit('The data is bad')")
    with pytest.raises(BenchError, match="The data is bad"):
        training._train(build, build)


def test_no_part_of_a_message_is_sent_as_it_was_before():
    sent = [fresh(text) for _ in range(3) for text in read_messages()]
    known = {part for text in read_messages() for part in parts(text)}
    wordy = {part for part in known if re.search("[a-z]{4,}", part)}

    assert len(set(sent)) == len(sent)
    assert not {part for text in sent for part in parts(text)} & wordy


def parts(text: str) -> set[str]:
    return {part.strip() for part in re.split("[.,?!]", text)}


@pytest.mark.parametrize("words", growth.Plan().words)
def test_a_message_is_as_long_as_it_should_be_and_never_too_long(words):
    for number in range(len(read_messages())):
        text = of_words(words, number)

        assert len(text.split()) == words
        assert len(fresh(text)) <= MOST_CHARACTERS


def test_every_other_language_is_spoken():
    languages = list((ROOT / "data" / "languages" / "messages").glob("*.yml"))

    assert len(set(read_foreign())) == 3 * len(languages)
