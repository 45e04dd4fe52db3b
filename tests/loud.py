"""What somebody's set-up code might do: log everything, at every level."""

from __future__ import annotations

import faulthandler
import logging
import sys
import warnings


def make_loud() -> None:
    """Lets every logger write to the output of this process."""
    warnings.resetwarnings()
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, force=True)
    for name in list(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.addHandler(logging.StreamHandler(sys.stdout))
        other.setLevel(logging.DEBUG)
        other.disabled = False
    faulthandler.enable()
