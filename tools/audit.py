"""Checks whether a pinned package has a known advisory: `make audit`.

pip-audit looks up every line of the files in requirements/ and installs nothing. It
calls a package that its service does not know "skipped" and still ends well; here that
counts as not checked: a mirror of the registry without advisories looks just the same.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# What serves visitors, what trains the model, and what tests both.
PINS = sorted((ROOT / "requirements").glob("*.txt"))
# Where each advisory that is known and not fixed is judged.
JUDGED_IN = ROOT / "docs" / "security.md"
ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)\b")
TIMEOUT_SECONDS = 15

FINE, FOUND, NOT_CHECKED = 0, 1, 2  # exit statuses


Package = dict[str, Any]


def ask_all(files: list[Path]) -> list[Package] | None:
    """What pip-audit says about each package in several files; None as for `ask`."""
    found: dict[tuple[str, str], Package] = {}
    for pins in files:
        if (packages := ask(pins)) is None:
            return None
        # Many are in two files, the same version or another.
        found |= {(p["name"], p.get("version", "")): p for p in packages}
    return list(found.values())


def ask(pins: Path) -> list[Package] | None:
    """What pip-audit says about each package; None if its service is out of reach."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(pins)]
    options = ["--disable-pip", "--require-hashes", "--format", "json"]
    patience = ["--progress-spinner", "off", "--timeout", str(TIMEOUT_SECONDS)]
    done = subprocess.run([*command, *options, *patience], capture_output=True)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except ValueError:  # it printed a traceback and no result
        return None


def report(packages: list[Package] | None, judged: set[str]) -> tuple[str, int]:
    """The words to print and the exit status.

    Args:
        packages: As from `ask_all`.
        judged: The advisories that docs/security.md judges.
    """
    if packages is None:
        return (
            "Nothing was checked: the advisory service cannot be reached.",
            NOT_CHECKED,
        )
    skipped = [p["name"] for p in packages if "skip_reason" in p]
    if len(skipped) == len(packages):
        return (
            "Nothing was checked: the advisory service knows none of the "
            f"{len(packages)} packages. Is it a mirror without advisories?",
            NOT_CHECKED,
        )
    found = [
        (f"{p['name']} {p['version']}", v) for p in packages for v in p.get("vulns", [])
    ]
    new = [(p, v) for p, v in found if not judged & {v["id"], *v.get("aliases", [])}]
    lines = [f"{package}: {_told(advisory)}" for package, advisory in new]
    if skipped:
        lines.append(f"Not checked: {', '.join(skipped)}.")
    lines.append(
        f"{len(packages) - len(skipped)} packages checked: {len(new)} advisories that "
        f"docs/security.md does not judge, {len(found) - len(new)} that it does."
    )
    return "\n".join(lines), FOUND if new else NOT_CHECKED if skipped else FINE


def _told(advisory: dict[str, Any]) -> str:
    names = ", ".join([advisory["id"], *advisory.get("aliases", [])])
    fixed = ", ".join(advisory.get("fix_versions", [])) or "no release"
    return f"{names}; fixed in {fixed}. Judge it in docs/security.md."


def main() -> None:
    """Checks the files of pins that are given, or all in requirements/."""
    files = [Path(name) for name in sys.argv[1:]] or PINS
    judged = set(ADVISORY.findall(JUDGED_IN.read_text()))
    words, status = report(ask_all(files), judged)
    sys.stdout.write(words + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
