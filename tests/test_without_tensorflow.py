"""The server does without TensorFlow; what needs it gets the real one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import ROOT, yaml_files
from bot.without_tensorflow import can_do_without


def test_the_model_of_config_yml_can_do_without():
    assert can_do_without(yaml_files.read(ROOT / "config.yml"))


@pytest.mark.parametrize("part", ["DIETClassifier", "rasa.core.policies.TEDPolicy"])
def test_a_part_of_rasa_s_own_brings_tensorflow_back(part):
    config = yaml_files.read(ROOT / "config.yml")
    config["policies"].append({"name": part})

    assert not can_do_without(config)


def test_a_config_that_leaves_the_choice_to_rasa_brings_tensorflow_back():
    assert not can_do_without({"pipeline": None, "policies": []})


def test_the_server_loads_its_model_without_tensorflow(server):
    loaded = Path(f"/proc/{server._process.pid}/maps").read_text()

    assert "onnxruntime" in loaded and "tensorflow" not in loaded


def test_whoever_uses_tensorflow_all_the_same_is_told_where_it_went():
    code = (
        "from bot.without_tensorflow import keep_out_tensorflow as keep; keep();"
        "from tensorflow.keras import layers; layers.Dense(3)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )

    assert "bot/without_tensorflow.py" in done.stderr.splitlines()[-1]
