"""The programs that the tests start are found, or the tests say which are missing."""

from __future__ import annotations

import re
import subprocess
import sys

from bot import ROOT
from tests.debian_packages import PROGRAMS, find

SCRIPT = ROOT / "tests" / "debian_packages.py"


def test_make_test_installs_every_package_that_is_known():
    makefile = (ROOT / "Makefile").read_text()
    [named] = re.findall(r"^test:.*\n.*debian_packages.py (.*)$", makefile, re.M)

    assert set(named.split()) == set(PROGRAMS) - {"firefox-esr"}  # for `make visits`


def test_a_program_of_each_package_is_found():
    assert all(find(package) for package in PROGRAMS)


def test_what_is_there_is_not_installed_again():
    done = subprocess.run([sys.executable, SCRIPT, *PROGRAMS], capture_output=True)

    assert done.returncode == 0 and done.stderr == b""


def test_if_nothing_may_be_installed_the_error_says_what_to_do():
    alone = 'import os; os.environ["PATH"] = ""; import debian_packages as d; '
    alone += 'd.PATH = ""; d.install(["redis-server"])'
    done = subprocess.run(
        [sys.executable, "-c", alone],
        cwd=SCRIPT.parent,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "apt-get install redis-server" in done.stderr
