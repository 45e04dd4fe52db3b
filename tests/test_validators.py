"""The files in deploy/, checked by other people's validators."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest

from tests.test_deploy import DEPLOY, MANIFESTS, of_kind

# The oldest Kubernetes that ends a sidecar last, and the newest that is known.
KUBERNETES = ("1.29", "1.37")


def check_compose(path: Path) -> str:
    """What the schema of the Compose specification finds wrong; "" for nothing."""
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json"]
    schema = ["--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, *schema, path], capture_output=True)
    found = json.loads(done.stdout)
    return "" if found["status"] == "ok" else json.dumps(found["errors"])


def test_the_compose_file_is_one_that_compose_takes(tmp_path):
    faulty = tmp_path / "compose.yml"
    ours = (DEPLOY / "compose.yml").read_text()
    faulty.write_text(ours.replace("read_only", "reed_only"))

    assert check_compose(DEPLOY / "compose.yml") == ""
    assert "reed_only" in check_compose(faulty)


@pytest.mark.parametrize("version", KUBERNETES)
def test_every_manifest_is_one_that_kubernetes_takes(version):
    for entry in MANIFESTS:
        if entry["kind"] != "Kustomization":  # read by kubectl, and no resource
            kubernetes_validate.validate(entry, version, strict=True)


def test_a_fault_in_a_manifest_would_be_found():
    faulty = copy.deepcopy(of_kind("Deployment")["bot"])
    faulty["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError, match="readynessProbe"):
        kubernetes_validate.validate(faulty, KUBERNETES[-1], strict=True)


def hadolint(path: Path) -> str:
    """What hadolint finds in a Dockerfile."""
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, "--no-color", path], capture_output=True, text=True)
    return done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_dockerfile(tmp_path):
    faulty = tmp_path / "Dockerfile"
    ours = (DEPLOY / "Dockerfile").read_text()
    faulty.write_text(f"FROM debian\n{ours}")

    assert hadolint(DEPLOY / "Dockerfile") == ""
    assert "DL3006" in hadolint(faulty)  # an image without a version
