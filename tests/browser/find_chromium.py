"""Finds a Chromium on this machine, and installs Debian's where it may.

Usage: python tests/browser/find_chromium.py [--install]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Installs Debian's chromium; exits with the remedy where that is not allowed."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(
            "The browser tests need Chromium. Install it (Debian: apt-get install "
            "chromium) and run `make test` again."
        )
    sys.stderr.write("Installing Debian's chromium for the browser tests ...\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], check=True, env=quiet)
    subprocess.run(
        ["apt-get", "-qq", "-y", "install", "chromium"],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__" and "--install" in sys.argv and not find():
    install()
