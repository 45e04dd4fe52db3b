"""The engine runs without TensorFlow; anything that needs it gets the real one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import ROOT
from bot.rasa_parts.without_tensorflow import can_do_without
from bot.words import yaml_files
from tests.engine.process import EngineProcess


def test_the_model_of_config_yml_can_do_without():
    assert can_do_without(yaml_files.read(ROOT / "config.yml"))


@pytest.mark.parametrize("part", ["DIETClassifier", "rasa.core.policies.TEDPolicy"])
def test_a_part_of_rasa_s_own_brings_tensorflow_back(part):
    config = yaml_files.read(ROOT / "config.yml")
    config["policies"].append({"name": part})

    assert not can_do_without(config)


def test_a_config_that_leaves_the_choice_to_rasa_brings_tensorflow_back():
    assert not can_do_without({"pipeline": None, "policies": []})


def test_the_engine_loads_its_model_without_tensorflow(tmp_path):
    engine = EngineProcess(tmp_path, "--once")
    with engine.connect() as front:
        front.hello()
        loaded = Path(f"/proc/{engine.process.pid}/maps").read_text()
    engine.stop()

    assert "onnxruntime" in loaded and "tensorflow" not in loaded


def test_code_that_uses_tensorflow_anyway_gets_an_error_saying_where_it_went():
    code = (
        "from bot.rasa_parts import without_tensorflow as w; w.keep_out_tensorflow();"
        "from tensorflow.keras import layers; layers.Dense(3)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )

    assert "bot/rasa_parts/without_tensorflow.py" in done.stderr.splitlines()[-1]
