"""Lists every package in the bot, as a CycloneDX bill of materials: `make sbom`.

`cyclonedx-py` lists the packages of an environment with their licences. Added here:
which processes a package belongs to, the hashes that it was installed under, and the
sentence encoder, which is not a package. What only trains the model is there as well,
with the scope `excluded`: CycloneDX's word for what is not there while it runs.
Packages that an environment only has for the tests are left out. Runs in .audit-venv.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ENCODER = ROOT / "models" / "sentence_encoder"
FRONT, ENGINE, TRAINING = "front", "engine", "training"
# What serves visitors, and what never does; each with its file in requirements/.
PINNED_IN = {FRONT: "front.txt", ENGINE: "engine.txt", TRAINING: "rasa.txt"}
SERVING = (FRONT, ENGINE)
PROCESS = "signposting:process"
# The name that cyclonedx-py gives the project itself.
PROJECT = "root-component"


@dataclass(frozen=True)
class Pin:
    """A line of a file of pins: its hashes, and whether pyproject.toml asks for it."""

    hashes: list[str]
    asked_for: bool


Pins = dict[tuple[str, str], Pin]


def environment(python: Path) -> dict[str, Any]:
    """The bill of an environment, the same for the same packages: no time, no serial.

    Raises:
        SystemExit: `cyclonedx-py` failed; with what it said.
    """
    command = [str(Path(sys.executable).with_name("cyclonedx-py")), "environment"]
    project = ["--pyproject", str(ROOT / "pyproject.toml")]
    # Its own check takes 15 seconds; tests/test_supply.py checks the result.
    options = ["--output-reproducible", "--no-validate", str(python)]
    done = subprocess.run(
        [*command, *project, *options], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"cyclonedx-py failed: {done.stderr}")
    return dict(json.loads(done.stdout))


def read_pins(text: str) -> Pins:
    """What a file of pins says, for each name and version."""
    return {
        (_plain(name), version): Pin(
            re.findall(r"--hash=sha256:(\w+)", more), "pyproject.toml:" in more
        )
        for name, version, more in re.findall(
            r"^([\w.-]+)(?:\[.*?\])?==(\S+)(.*?)(?=^\w|\Z)", text, re.M | re.S
        )
    }


def process(name: str, bill: dict[str, Any], pins: Pins) -> None:
    """Turns the bill of an environment into the bill of a process.

    Args:
        name: The process.
        bill: What `environment` returned.
        pins: Everything that the process was installed from.

    Raises:
        SystemExit: A pinned package is missing; `make run` installs it.
    """
    kept = {_identity(c): c for c in bill["components"] if _identity(c) in pins}
    if missing := sorted(pins.keys() - kept.keys()):
        named = ", ".join("==".join(each) for each in missing)
        sys.exit(f"The packages of the {name} are not the pinned ones: {named}.")
    scope = "required" if name in SERVING else "excluded"
    for identity, component in kept.items():
        component["scope"] = scope
        component["properties"] = [{"name": PROCESS, "value": name}]
        component.setdefault("externalReferences", []).append(
            _files(component, pins[identity].hashes)
        )
    refs = {component["bom-ref"] for component in kept.values()}
    direct = sorted(c["bom-ref"] for each, c in kept.items() if pins[each].asked_for)
    needs = [_cut(each, refs) for each in bill["dependencies"] if each["ref"] in refs]
    own = {"type": "application", "name": name, "bom-ref": name, "scope": scope}
    bill["components"] = [own, *kept.values()]
    bill["dependencies"] = [{"ref": name, "dependsOn": direct}, *needs]


def together(bills: list[dict[str, Any]]) -> dict[str, Any]:
    """One bill: a package of several processes is listed once, and marked with all.

    The bills of what serves come first: a package that serves too stays `required`.
    """
    components: dict[str, dict[str, Any]] = {}
    needs: dict[str, set[str]] = {PROJECT: set(PINNED_IN)}
    for bill in bills:
        for component in bill["components"]:
            known = components.setdefault(component["bom-ref"], component)
            if known is not component:
                known["properties"] += component["properties"]
        for each in bill["dependencies"]:
            needs.setdefault(each["ref"], set()).update(each.get("dependsOn", []))
    dependencies = [{"ref": r, "dependsOn": sorted(n)} for r, n in needs.items()]
    return {
        **bills[0],
        "components": list(components.values()),
        "dependencies": sorted(dependencies, key=lambda each: str(each["ref"])),
    }


def encoder() -> dict[str, Any]:
    """The sentence encoder as a component, with the model that it was made from.

    Raises:
        SystemExit: Its NOTICE names no hash.
    """
    notice = " ".join((ENCODER / "NOTICE").read_text().split())
    if not (published := re.search(r"sha256 ([0-9a-f]{64})", notice)):
        sys.exit("models/sentence_encoder/NOTICE: name the sha256 of the model.")
    sha256 = hashlib.sha256((ENCODER / "model.onnx").read_bytes()).hexdigest()
    model = {
        "type": "machine-learning-model",
        "name": "all-MiniLM-L6-v2",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    weights = [{"alg": "SHA-256", "content": published[1]}]
    return {
        **model,
        "bom-ref": "sentence-encoder",
        "version": f"fine-tuned {sha256[:12]}",
        "scope": "required",
        "properties": [{"name": PROCESS, "value": ENGINE}],
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "pedigree": {"ancestors": [{**model, "hashes": weights}], "notes": notice},
    }


def _files(component: dict[str, Any], hashes: list[str]) -> dict[str, Any]:
    return {
        "type": "distribution",
        "url": component["purl"],
        "comment": "one hash for each file of this release",
        "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
    }


def _cut(needs: dict[str, Any], refs: set[str]) -> dict[str, Any]:
    """A package's dependencies without those that are left out."""
    return {**needs, "dependsOn": [r for r in needs.get("dependsOn", []) if r in refs]}


def _identity(component: dict[str, Any]) -> tuple[str, str]:
    return _plain(component["name"]), str(component.get("version"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Writes the bill of the environments whose Pythons are given."""
    *pythons, target = map(Path, sys.argv[1:])
    bills = []
    for (name, file), python in zip(PINNED_IN.items(), pythons, strict=True):
        bill = environment(python)
        pins = read_pins((ROOT / "requirements" / file).read_text())
        process(name, bill, pins)
        bills.append(bill)
    made_with = encoder()
    bills[1]["components"].append(made_with)
    bills[1]["dependencies"][0]["dependsOn"].append(made_with["bom-ref"])
    bill = together(bills)
    target.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n")
    sys.stdout.write(f"{target}: {len(bill['components'])} components.\n")


if __name__ == "__main__":
    main()
