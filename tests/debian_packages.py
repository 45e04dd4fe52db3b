"""Finds the programs that the tests start, and installs Debian's if it may.

Usage: python tests/debian_packages.py PACKAGE ...
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys

# By Debian package, the names that its program has on one system or another.
PROGRAMS = {
    "chromium": (
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
    ),
    "faketime": ("faketime",),
    "firefox-esr": ("firefox-esr", "firefox"),
    "gcc": ("gcc",),
    "nginx": ("nginx",),
    "postgresql": ("pg_ctl",),
    "redis-server": ("redis-server",),
}  # fmt: skip
# Debian leaves the servers' folders out of a plain user's path.
POSTGRESQL = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
PATH = ":".join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *POSTGRESQL])


def find(package: str) -> str | None:
    """The path of a package's program, or None."""
    names = PROGRAMS[package]
    return next((path for n in names if (path := shutil.which(n, path=PATH))), None)


def install(packages: list[str]) -> None:
    """Installs Debian packages; if it may not, exits and says what to do."""
    names = " ".join(packages)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            f"The tests need {names}. Install what is missing (Debian: apt-get install "
            f"{names}) and run make again."
        )
    sys.stderr.write(f"Installing Debian's {names} for the tests ...\n")
    # Run level 1: Debian then starts no service of a package that it installs.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["update"],
        ["-y", "install", *packages],
    ):
        subprocess.run(
            ["apt-get", "-qq", *command],
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    if missing := [package for package in sys.argv[1:] if not find(package)]:
        install(missing)
