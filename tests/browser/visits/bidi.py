"""A Firefox of its own, and the line on which it is driven: WebDriver BiDi."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

ANSWERS_WITHIN = 60  # seconds
# It asks nobody for anything but the pages of the visit.
QUIET: dict[str, bool] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "focusmanager.testmode": True,  # has the focus though nobody sees it
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Firefox:
    """A process with a new profile."""

    def __init__(self, path: str, preferences: dict[str, Any]) -> None:
        """Starts it.

        Args:
            path: Of the program.
            preferences: As in about:config.
        """
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in {**QUIET, **preferences}.items()
        ]
        (Path(self._profile.name) / "user.js").write_text("".join(lines))
        self._said = Path(self._profile.name) / "said.txt"
        with self._said.open("w") as said:
            self._process = subprocess.Popen(
                [path, "--headless", "--no-remote", "--profile", self._profile.name,
                 "--remote-debugging-port", "0"],
                stdout=subprocess.DEVNULL, stderr=said,
            )  # fmt: skip
        self._ids = itertools.count(1)
        self._connection = connect(f"{self._address()}/session", max_size=None)
        self._line = self._connection.__enter__()
        self.send("session.new", capabilities={})

    def send(self, method: str, **given: Any) -> Any:
        """Sends a command, and returns what comes back for it.

        Raises:
            RuntimeError: Firefox says that it could not do it.
        """
        number = next(self._ids)
        self._line.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            answer = json.loads(self._line.recv(timeout=ANSWERS_WITHIN))
            if answer.get("id") != number:
                continue  # an event
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['message']}")
            return answer["result"]

    def stop(self) -> None:
        """Ends the process and forgets the profile."""
        self._connection.__exit__(None, None, None)
        self._process.terminate()
        self._process.wait(60)
        self._profile.cleanup()

    def _address(self) -> str:
        for _ in range(600):
            found = re.search(r"BiDi listening on (ws://\S+)", self._said.read_text())
            if found:
                return found[1]
            try:
                self._process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise RuntimeError(f"Firefox did not start: {self._said.read_text()}")
