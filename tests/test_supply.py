"""The bot's packages: hashes, the bill of materials, the check for advisories."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from urllib.parse import urljoin

import jsonschema_rs
import pytest

from bot import ROOT
from tools import audit, sbom

TOOLS = ROOT / ".audit-venv"
FILES = sorted((ROOT / "requirements").glob("*.txt"))
PINS = {path.stem: path.read_text() for path in FILES}
PYTHONS = {
    "front": ROOT / ".venv" / "bin" / "python",
    "engine": ROOT / ".venv-engine" / "bin" / "python",
    "training": ROOT / ".venv-rasa" / "bin" / "python",
}
# What serves may have no more; and none of these, which hold others back.
MOST = {"front": 40, "engine": 20}
OF_RASA = {"rasa", "rasa-sdk", "tensorflow-cpu", "keras", "scikit-learn", "aiohttp"}
# The engine has nothing that opens connections either.
CLIENTS = {"requests", "urllib3", "httpx", "httpx2", "huggingface-hub"}


@pytest.fixture(scope="module")
def python() -> str:
    """The Python of the environment that `make sbom` and `make audit` use."""
    subprocess.run(["make", ".audit-venv/ready"], cwd=ROOT, check=True)
    return str(TOOLS / "bin" / "python")


@pytest.fixture(scope="module")
def bill(python, tmp_path_factory) -> dict:
    target = tmp_path_factory.mktemp("sbom") / "sbom.json"
    command = [python, "-m", "tools.sbom", *map(str, PYTHONS.values()), str(target)]
    subprocess.run(command, cwd=ROOT, check=True)
    return json.loads(target.read_text())


@pytest.mark.parametrize(
    "path", [*FILES, ROOT / "tools" / "requirements.txt"], ids=lambda path: path.name
)
def test_every_package_is_pinned_to_a_version_and_to_hashes(path):
    pins = path.read_text()
    blocks = re.split(r"\n(?=\w)", pins.strip())

    assert len(blocks) > 10 and "://" not in pins
    for block in blocks:
        assert re.match(r"[a-z0-9][a-z0-9-]*(\[\w+\])?==\S+ \\\n", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), block[:80]


def test_the_bill_of_materials_follows_cyclonedx(bill):
    [folder] = TOOLS.glob("lib/python3*/site-packages/cyclonedx/schema/_res")
    files = [f"{name}.SNAPSHOT.schema.json" for name in ("bom-1.6", "spdx", "jsf-0.82")]
    schema, *others = (json.loads((folder / file).read_text()) for file in files)
    named = [urljoin(schema["$id"], file) for file in files[1:]]
    registry = jsonschema_rs.Registry(list(zip(named, others, strict=True)))

    assert bill["specVersion"] == "1.6"
    jsonschema_rs.validator_for(schema, registry=registry).validate(bill)


def processes(component: dict) -> set[str]:
    """The processes that a component of the bill is marked with."""
    marks = component.get("properties", [])
    return {mark["value"] for mark in marks if mark["name"] == sbom.PROCESS}


def packages(bill: dict, process: str) -> set[tuple[str, str]]:
    """The name and version of each package that a process has."""
    return {
        (re.sub(r"[-_.]+", "-", component["name"]).lower(), component["version"])
        for component in bill["components"]
        if component["type"] == "library" and process in processes(component)
    }


@pytest.mark.parametrize("process", PYTHONS)
def test_the_bill_has_every_package_that_a_process_is_installed_from(bill, process):
    pins = (ROOT / "requirements" / sbom.PINNED_IN[process]).read_text()
    pinned = re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", pins, re.M)

    assert packages(bill, process) == set(pinned)


def test_the_bill_tells_what_only_trains_from_what_serves(bill):
    components = [c for c in bill["components"] if c["type"] == "library"]
    training = [c for c in components if processes(c) == {"training"}]
    serving = [c for c in components if processes(c) & {"front", "engine"}]

    assert len(training) + len(serving) == len(components)
    assert {c["scope"] for c in training} == {"excluded"}
    assert {c["scope"] for c in serving} == {"required"}


def test_the_bill_says_what_each_process_asks_for(bill):
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    named = {c["bom-ref"]: c["name"].lower() for c in bill["components"]}

    assert needs[sbom.PROJECT] == ["engine", "front", "training"]
    assert {"sanic", "uvicorn"} <= {named[ref] for ref in needs["front"]}
    assert {"numpy", "onnxruntime"} <= {named[ref] for ref in needs["engine"]}
    assert "rasa" in {named[ref] for ref in needs["training"]}
    assert "sentence-encoder" in needs["engine"]


@pytest.mark.parametrize("process", MOST)
def test_what_serves_is_small_and_nothing_of_rasa_s(bill, process):
    found = {name for name, _ in packages(bill, process)}

    assert len(found) <= MOST[process]
    assert found & OF_RASA == set()


def test_what_meets_visitors_has_nothing_of_the_engine_and_the_engine_no_client(bill):
    front, engine = ({n for n, _ in packages(bill, p)} for p in ("front", "engine"))

    assert front & {"numpy", "onnxruntime", "tokenizers"} == set()
    assert engine & (CLIENTS | {"redis", "sqlalchemy", "sanic"}) == set()


def test_an_environment_that_is_not_the_pinned_one_makes_no_bill():
    bill = {"components": [{"name": "Sanic", "version": "1"}], "dependencies": []}

    with pytest.raises(SystemExit, match="front are not the pinned ones: sanic==25"):
        sbom.process("front", bill, sbom.read_pins("sanic==25 \\\n  --hash=sha256:0"))


@pytest.mark.parametrize(
    ("name", "process", "licence"),
    [("rasa", "training", "Apache-2.0"), ("uvicorn", "front", "BSD-3-Clause")],
)
def test_the_bill_names_a_package_with_its_licence_and_its_hashes(
    bill, name, process, licence
):
    named = {component["name"].lower(): component for component in bill["components"]}
    pins = (ROOT / "requirements" / sbom.PINNED_IN[process]).read_text()
    pinned = re.search(rf"^{name}==(\S+) .*?\n(?=\w)", pins, re.M | re.S)

    found = named[name]
    assert found["version"] == pinned[1] and processes(found) == {process}
    licences = [each["license"] for each in found["licenses"]]
    assert licence in [each.get("id") for each in licences]
    [files] = [r for r in found["externalReferences"] if "hashes" in r]
    assert all(each["content"] in pinned[0] for each in files["hashes"])


def test_the_bill_leaves_out_what_only_the_tests_need(bill):
    named = {component["name"].lower() for component in bill["components"]}

    assert named & {"pytest", "mypy", "ruff", "playwright"} == set()


def test_the_bill_names_the_sentence_encoder_and_what_it_was_made_from(bill):
    [encoder] = [c for c in bill["components"] if c["type"].startswith("machine-")]
    model = ROOT / "models" / "sentence_encoder" / "model.onnx"

    assert processes(encoder) == {"engine"}
    assert encoder["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert encoder["hashes"][0]["content"] == sha256(model)
    assert encoder["pedigree"]["ancestors"][0]["hashes"][0]["content"] in (
        model.with_name("NOTICE").read_text()
    )


def test_the_bill_is_the_same_for_the_same_packages(bill):
    assert "serialNumber" not in bill and "timestamp" not in bill["metadata"]
    assert str(ROOT) not in json.dumps(bill)


def test_an_audit_without_its_service_says_in_one_line_that_nothing_was_checked(python):
    # Nothing listens on port 9 of this machine.
    unreachable = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [python, "-m", "tools.audit"],
        cwd=ROOT,
        env={**os.environ, **unreachable, "https_proxy": unreachable["HTTPS_PROXY"]},
        capture_output=True,
        text=True,
    )

    assert done.stdout == (
        "Nothing was checked: the advisory service cannot be reached.\n"
    )
    assert done.returncode == audit.NOT_CHECKED and not done.stderr


def package(name: str, *advisories: str, **more) -> dict:
    vulns = [{"id": a, "aliases": [], "fix_versions": ["2"]} for a in advisories]
    return {"name": name, "version": "1", "vulns": vulns, **more}


def skipped(name: str) -> dict:
    return {"name": name, "skip_reason": "not found and could not be audited"}


def test_a_service_that_knows_no_package_has_checked_nothing():
    words, status = audit.report([skipped("rasa"), skipped("sanic")], set())

    assert "Nothing was checked" in words and "\n" not in words
    assert status == audit.NOT_CHECKED


def test_a_package_that_was_not_checked_is_named():
    words, status = audit.report([package("sanic"), skipped("rasa")], set())

    assert "Not checked: rasa." in words and status == audit.NOT_CHECKED


def test_a_new_advisory_is_shown_with_its_package_and_the_release_that_fixes_it():
    words, status = audit.report([package("sanic", "CVE-2099-1")], set())

    assert "sanic 1: CVE-2099-1; fixed in 2." in words and status == audit.FOUND


def test_an_advisory_that_has_been_judged_is_counted_but_not_shown_again():
    words, status = audit.report([package("sanic", "CVE-2099-1")], {"CVE-2099-1"})

    assert words.endswith("0 advisories that docs/security.md does not judge, 1 that "
                          "it does.") and status == audit.FINE  # fmt: skip


def sha256(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


SECURITY = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| ([a-z-]+) (\d[\d.]+) \| (.*?) \|", SECURITY, re.M)
FIXED = re.findall(r"([a-z0-9-]+) (\d[\d.]+)\s\(CVE", SECURITY)


@pytest.mark.parametrize(
    ("name", "version"), sorted({row[:2] for row in ROWS} | set(FIXED))
)
def test_an_advisory_is_judged_for_the_release_that_is_pinned(name, version):
    assert any(f"\n{name}=={version} " in "\n" + pins for pins in PINS.values())


@pytest.mark.parametrize("process", MOST)
def test_what_serves_has_no_release_with_an_advisory_that_is_not_fixed(process):
    pins = "\n" + PINS[process]

    assert [row for row in ROWS if f"\n{row[0]}=={row[1]} " in pins] == []


def test_every_row_of_the_advisories_names_one_that_make_audit_understands():
    assert len(ROWS) > 20 and len(FIXED) > 5
    for name, _, advisories in ROWS:
        for advisory in advisories.split(", "):
            assert audit.ADVISORY.fullmatch(advisory), (name, advisory)


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"\]\(([^)]+)\)|`(tests/\w+\.py)`", SECURITY)))
)
def test_a_file_that_the_security_page_names_exists(path):
    linked, named = path
    assert (ROOT / "docs" / linked).exists() if linked else (ROOT / named).exists()
