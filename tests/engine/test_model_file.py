"""A model that would be served badly is refused; the log says how to get another."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import MODEL, ROOT
from bot.engine import model_file
from bot.engine.model_file import ModelMissing, ModelOutdated, ModelUnreadable
from tests.engine.process import EngineProcess


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What the real model says of itself."""
    with tarfile.open(MODEL) as archive:
        metadata = archive.extractfile("metadata.json")
        assert metadata
        return json.load(metadata)


def archive(path: Path, metadata: object, name: str = "metadata.json") -> None:
    written = json.dumps(metadata).encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(written)
    with tarfile.open(path, "w:gz") as model:
        model.addfile(entry, io.BytesIO(written))


def open_model(path: Path) -> None:
    with model_file.learnt(path):
        pass


def of_another_config(made: dict[str, Any]) -> dict[str, Any]:
    nodes = dict(made["predict_schema"]["nodes"])
    nodes["run_DIETClassifier3"] = {}
    return {**made, "predict_schema": {**made["predict_schema"], "nodes": nodes}}


def test_the_model_in_use_can_be_served():
    with model_file.learnt(MODEL) as folder_of:
        assert (folder_of("TopicClassifier") / "reader.npz").exists()


def test_a_missing_model_is_named_with_the_remedy(tmp_path):
    with pytest.raises(ModelMissing, match=r"x\.tar\.gz: there is no model; run `make"):
        open_model(tmp_path / "x.tar.gz")


@pytest.mark.parametrize("kept", [0, 100, 100_000])
def test_a_part_of_a_model_cannot_be_read(tmp_path, kept):
    path = tmp_path / "x.tar.gz"
    path.write_bytes(MODEL.read_bytes()[:kept])

    with pytest.raises(ModelUnreadable, match="run `make train`"):
        open_model(path)


@pytest.mark.parametrize(
    ("metadata", "name"), [({}, "another.json"), ([], "metadata.json")]
)
def test_an_archive_that_is_no_model_cannot_be_served(tmp_path, metadata, name):
    archive(tmp_path / "x.tar.gz", metadata, name)

    with pytest.raises(model_file.ModelError, match="run `make train`"):
        open_model(tmp_path / "x.tar.gz")


def test_a_model_from_another_config_is_outdated(tmp_path, made):
    archive(tmp_path / "x.tar.gz", of_another_config(made))

    with pytest.raises(ModelOutdated, match="made from another"):
        open_model(tmp_path / "x.tar.gz")


def without(path: Path, made: dict[str, Any]) -> None:
    """Leaves nothing there."""


def broken(path: Path, made: dict[str, Any]) -> None:
    path.write_bytes(b"no archive")


def outdated(path: Path, made: dict[str, Any]) -> None:
    archive(path, of_another_config(made))


@pytest.mark.parametrize(
    ("write", "error"),
    [
        (without, "ModelMissing"),
        (broken, "ModelUnreadable"),
        (outdated, "ModelOutdated"),
    ],
)
def test_an_engine_without_a_good_model_ends_and_says_why(
    tmp_path, made, write: Callable[[Path, dict[str, Any]], None], error
):
    (tmp_path / "project" / "models").mkdir(parents=True)
    for name in ("bot", "data", "config.yml", "domain.yml"):
        (tmp_path / "project" / name).symlink_to(ROOT / name)
    write(tmp_path / "project" / "models" / MODEL.name, made)

    engine = EngineProcess(tmp_path, root=tmp_path / "project")

    assert engine.ended() == 1
    [said] = engine.log
    assert "ERROR engine.load_failed" in said and error in said
    assert "make train builds the model" in said
