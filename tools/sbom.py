"""Writes what the bot is made of, as a CycloneDX bill of materials: `make sbom`.

`cyclonedx-py` lists the packages in .venv with their licences. Added here: the hashes
that each was installed under, which packages only the tests need (`scope: excluded`),
and the sentence encoder, which is no package. Runs in .audit-venv.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import tomli

ROOT = Path(__file__).parent.parent
ENCODER = ROOT / "models" / "sentence_encoder"
# The name that cyclonedx-py gives the project itself.
PROJECT = "root-component"


def environment(python: Path) -> dict[str, Any]:
    """The bill of an environment, the same for the same packages: no time, no serial.

    Raises:
        SystemExit: `cyclonedx-py` failed; with what it said.
    """
    command = [Path(sys.executable).with_name("cyclonedx-py"), "environment"]
    project = ["--pyproject", ROOT / "pyproject.toml"]
    # Its own check takes 15 seconds; tests/test_supply.py checks the result.
    options = ["--output-reproducible", "--no-validate"]
    command += [*project, *options, python]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"cyclonedx-py failed: {done.stderr}")
    return json.loads(done.stdout)


def add_hashes(bill: dict[str, Any], pins: str) -> None:
    """Adds the hashes of requirements.txt: each is that of one file of the release."""
    for block in re.split(r"\n(?=\w)", pins.strip()):
        name, version = re.match(r"([^=\s]+)==([^\s;]+)", block).groups()
        hashes = re.findall(r"--hash=sha256:(\w+)", block)
        for component in bill["components"]:
            if (_plain(component["name"]), component["version"]) == (name, version):
                files = {
                    "type": "distribution",
                    "url": component["purl"],
                    "comment": "one hash for each file of this release",
                    "hashes": [{"alg": "SHA-256", "content": h} for h in hashes],
                }
                component.setdefault("externalReferences", []).append(files)


def exclude_tests(bill: dict[str, Any], served: set[str]) -> None:
    """Marks the packages that the server does not need.

    Args:
        bill: What `environment` returned.
        served: The names in `dependencies` of pyproject.toml.
    """
    needs = {d["ref"]: d.get("dependsOn", []) for d in bill["dependencies"]}
    names = {c["bom-ref"]: _plain(c["name"]) for c in bill["components"]}
    waiting = [ref for ref in needs[PROJECT] if names[ref] in served]
    needed: set[str] = set()
    while waiting:
        ref = waiting.pop()
        if ref not in needed:
            needed.add(ref)
            waiting += needs.get(ref, [])
    for component in bill["components"]:
        used = component["bom-ref"] in needed
        component["scope"] = "required" if used else "excluded"


def encoder() -> dict[str, Any]:
    """The sentence encoder as a component, with the model that it was made from."""
    notice = " ".join((ENCODER / "NOTICE").read_text().split())
    published = re.search(r"sha256 ([0-9a-f]{64})", notice)[1]
    sha256 = hashlib.sha256((ENCODER / "model.onnx").read_bytes()).hexdigest()
    model = {
        "type": "machine-learning-model",
        "name": "all-MiniLM-L6-v2",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    weights = [{"alg": "SHA-256", "content": published}]
    return {
        **model,
        "bom-ref": "sentence-encoder",
        "version": f"fine-tuned {sha256[:12]}",
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "pedigree": {"ancestors": [{**model, "hashes": weights}], "notes": notice},
    }


def served_names(pyproject: str) -> set[str]:
    """The names in `dependencies` of a pyproject.toml."""
    entries = tomli.loads(pyproject)["project"]["dependencies"]
    return {_plain(re.match(r"[\w.-]+", entry)[0]) for entry in entries}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Writes the bill of the environment whose Python is given to the file given."""
    python, target = Path(sys.argv[1]), Path(sys.argv[2])
    bill = environment(python)
    add_hashes(bill, (ROOT / "requirements.txt").read_text())
    exclude_tests(bill, served_names((ROOT / "pyproject.toml").read_text()))
    bill["components"].append(encoder())
    text = json.dumps(bill, indent=1, sort_keys=True) + "\n"
    target.write_text(text)
    sys.stdout.write(f"{target}: {len(bill['components'])} components.\n")


if __name__ == "__main__":
    main()
