"""The documents agree with the code: paths, targets, settings, counts and pictures."""

from __future__ import annotations

import ast
import fnmatch
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot import ROOT
from bot.chat.limits import DEFAULT_PER_MINUTE
from tools import rooms

DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "LICENSE"]
}
# What changed in the past mentions files that have gone.
DOCUMENTS["CHANGELOG.md"] = DOCUMENTS["CHANGELOG.md"].split("\n## 0.1.0")[0]
OPERATING = DOCUMENTS["docs/operating.md"]

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FOLDERS = "actions|bot|data|deploy|docs|models|requirements|tests|tools"
PATH = re.compile(rf"(?<![\w/.-])(?:{FOLDERS})/(?:[\w.-]+/)*(?:[\w.-]*\w)?")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
# A setting as a document writes it: `HOST`, `ENGINES=2`, `export PORT=`.
SETTING = re.compile(r"`(?:export )?([A-Z][A-Z_]{2,})(?:=[^`]*)?`")
EVENT = re.compile(
    r"`((?:action|chat|content|counts|engine|notice|process|redis|request|server)"
    r"\.(?!(?:yml|md|py)`)[a-z_]+)"
)
# Written in capitals, but set elsewhere: in `make`, in deploy/, in git.
NOT_OF_THE_SERVER = {"ADDRESS", "FROM", "HEAD", "LANG", "MALLOC_PERTURB_", "PART",
                     "NOTICE", "SIGHUP", "SIGTERM", "SINCE", "SOAK_MINUTES",
                     "STRICT", "TLS_FOLDER", "TO", "VERSION"}  # fmt: skip
# Refused by name, so that nobody thinks it still does something.
GONE = "WORKERS"


def cases(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """What a pattern finds in each document, once."""
    return sorted(
        {(n, found) for n, text in DOCUMENTS.items() for found in pattern.findall(text)}
    )


def beside(document: str, path: str) -> Path:
    """A path as it is read from the folder of a document."""
    return (ROOT / document).parent / path


def ignored(path: str) -> bool:
    """Whether git ignores a path: it is written by a command, and may not be there."""
    patterns = (ROOT / ".gitignore").read_text().split()
    return any(fnmatch.fnmatch(f"{path}/", f"{p.rstrip('/')}/*") for p in patterns)


def test_every_file_that_is_linked_exists():
    missing = {
        (document, link)
        for document, link in cases(LINK)
        if "://" not in link and not beside(document, link).exists()
    }

    assert missing == set()


def test_every_path_that_is_named_exists():
    missing = {
        (document, path)
        for document, path in cases(PATH)
        if not any(place.exists() for place in (ROOT / path, beside(document, path)))
        and not ignored(path)
    }

    assert missing == set()


def test_a_path_that_is_missing_would_be_found():
    assert PATH.findall("see bot/gone.py, `rasa/bot/core.py`") == ["bot/gone.py"]
    assert ignored("deploy/tls/tls.crt") and not ignored("bot/gone.py")


def test_every_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        (document, target)
        for document, text in DOCUMENTS.items()
        for code in CODE.findall(text)
        for target in re.findall(r"\bmake ([a-z]+)\b", code)
    }

    assert {each for each in named if each[1] not in targets} == set()


def test_every_target_says_what_it_does_in_its_group():
    makefile = (ROOT / "Makefile").read_text()
    groups = re.split(r"^## ", makefile, flags=re.M)[1:]
    said = {t for g in groups for t in re.findall(r"^([a-z]+):.*## \w", g, re.M)}

    phony = " ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.M))
    assert set(phony.split()) - said == {"help", "lint-web"}


def read_settings() -> set[str]:
    """The names that bot/settings.py looks up in the environment, and one more."""
    tree = ast.parse((ROOT / "bot" / "settings.py").read_text(encoding="utf-8"))
    [read] = [n for n in ast.walk(tree)
              if isinstance(n, ast.FunctionDef) and n.name == "read"]  # fmt: skip
    names = {
        node.value
        for node in ast.walk(read)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"[A-Z][A-Z_]+", node.value)
    }
    return names - {GONE} | {"REQUIRE_SIGN_OFF"}


def test_every_setting_is_explained_to_those_who_run_the_bot():
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", OPERATING, re.M)
    explained = {name for row in rows for name in re.findall(r"[A-Z_]+", row)}

    assert explained == read_settings()


def test_every_setting_that_is_named_is_read():
    known = read_settings() | NOT_OF_THE_SERVER | {GONE}

    assert {each for each in cases(SETTING) if each[1] not in known} == set()


def test_the_rate_limit_is_the_usual_one():
    [said] = re.findall(r"`RATE_LIMIT` \|.*\| (\d+) \|", OPERATING)

    assert int(said) == DEFAULT_PER_MINUTE


def test_every_event_that_is_named_is_logged():
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))

    assert {each for each in cases(EVENT) if f'"{each[1]}' not in code} == set()


def test_a_version_that_an_example_compares_with_is_one_that_git_knows():
    named = cases(re.compile(r"\bSINCE=([\w.]+)"))

    assert named
    for _, ref in named:
        done = subprocess.run(["git", "rev-parse", "-q", "--verify", ref], cwd=ROOT,
                              capture_output=True)  # fmt: skip
        assert done.returncode == 0, ref


def test_redis_never_evicts_the_key_that_all_fronts_share():
    files = [ROOT / "docs" / "operating.md", *(ROOT / "deploy").rglob("*.yml")]
    policies = {
        policy
        for path in files
        for policy in re.findall(r"\b(?:volatile|allkeys)-\w+", path.read_text())
    }

    assert policies == {"volatile-ttl"}


def test_the_picture_of_the_rooms_is_that_of_the_imports():
    [drawn] = rooms.BLOCK.findall(DOCUMENTS["docs/architecture.md"])

    assert drawn == rooms.block(), "run `make rooms`"


def test_every_room_runs_in_the_process_that_its_sentence_says():
    where = rooms.runs_in(rooms.imports())

    for room, process in where.items():
        said = (ROOT / "bot" / room / "__init__.py").read_text()
        assert set(re.findall(r"\((front|engine|training)\)", said)) <= {process}, room


def test_all_documents_give_the_same_time_for_a_training():
    for name in ("Makefile", "README.md", "CONTRIBUTING.md"):
        text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert "about two minutes" in text, name


def test_the_newest_version_of_the_changelog_is_that_of_the_project():
    pyproject = (ROOT / "pyproject.toml").read_text()
    [version] = re.findall(r'^version = "(.+)"$', pyproject, re.M)

    [first] = re.findall(r"^## (\S+)", DOCUMENTS["CHANGELOG.md"], re.M)
    assert first == version
    assert f"version: {version}" in (ROOT / "docs" / "openapi.yml").read_text()


def test_the_transcript_asks_every_question_of_its_list():
    asked = yaml.safe_load((ROOT / "docs" / "transcript_questions.yml").read_text())
    transcript = DOCUMENTS["docs/transcript.md"]

    assert re.findall(r"^## (.*)$", transcript, re.M) == asked["questions"]


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("sentence_encoder", "Apache Licen"),
        ("sentence_teacher", "Apache Licen"),
        ("multilingual_encoder", "MIT License"),
    ],
)
def test_an_encoder_is_the_one_recorded_and_has_its_own_licence(name, licence):
    folder = ROOT / "models" / name
    record = json.loads((folder / "record.json").read_text())

    for file, wanted in record["sha256"].items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == wanted
    assert licence in (folder / "LICENSE").read_text()
    assert f"models/{name}/ is derived" in DOCUMENTS["LICENSE"]


def test_the_sentence_encoder_learnt_from_the_teacher_beside_it():
    models = ROOT / "models"
    record = json.loads((models / "sentence_encoder" / "record.json").read_text())
    teacher = (models / "sentence_teacher" / "model.onnx").read_bytes()

    assert record["teacher"] == hashlib.sha256(teacher).hexdigest()


def test_the_web_tools_are_pinned_without_the_address_of_a_registry():
    lock = json.loads((ROOT / "tools" / "web" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"] for entry in packages.values())


def test_pre_commit_uses_the_ruff_that_lint_uses():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    [used] = [r["rev"] for r in config["repos"] if "ruff" in r["repo"]]
    pins = (ROOT / "requirements" / "front-test.txt").read_text()

    assert f"\nruff=={used.removeprefix('v')} " in pins
