"""A visitor with Firefox."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

from tests.browser.visits.bidi import Firefox
from tests.browser.visits.visitor import LOOKING, Visitor

KEYS = {"Tab": "\ue004", "Enter": "\ue007"}
OUR_OWN = "visit"  # a place for scripts apart from the page's, also where those are off


class FirefoxVisitor(Visitor):
    """One visit, with nothing left from any other."""

    def __init__(self, path: str, size: tuple[int, int], how: dict) -> None:
        """Starts Firefox.

        Args:
            path: Of the program.
            size: Of the window, in CSS pixels.
            how: The conditions: `script`, `text`, `keyboard`.
        """
        self.keyboard = how.get("keyboard", False)
        preferences = {"javascript.enabled": how.get("script", True)}
        if "large_text" in how:
            preferences["font.size.variable.x-western"] = 16 * how["large_text"] // 100
        self._firefox = Firefox(path, preferences)
        [tab] = self._firefox.send("browsingContext.getTree")["contexts"]
        self._tab = tab["context"]
        self._firefox.send(
            "browsingContext.setViewport", context=self._tab,
            viewport={"width": size[0], "height": size[1]},
        )  # fmt: skip

    def open(self, address: str) -> None:
        self._firefox.send(
            "browsingContext.navigate", context=self._tab, url=address, wait="complete"
        )
        self._firefox.send("browsingContext.activate", context=self._tab)

    def evaluate(self, expression: str) -> list[Any]:
        said = [self._in(frame, f"() => {expression}") for frame in self._frames()]
        return [each.get("value") for each in said]

    def click(self, name: str) -> None:
        reach = f"() => {LOOKING.strip()}.reach({json.dumps(name)})"
        for frame in self._frames():
            found = self._in(frame, reach)
            if found["type"] == "node":
                self._point(frame, found["sharedId"])
                return
        raise LookupError(f"nothing is called {name!r}")

    def key(self, name: str) -> None:
        held = ["\ue008"] if name.startswith("Shift+") else []
        self._keys([*held, KEYS[name.removeprefix("Shift+")]])

    def write(self, text: str) -> None:
        for each in text:
            self._keys([each])

    def picture(self) -> bytes:
        shot = self._firefox.send(
            "browsingContext.captureScreenshot", context=self._tab
        )
        return base64.b64decode(shot["data"])

    def close(self) -> None:
        self._firefox.stop()

    def _in(self, frame: str, function: str) -> dict[str, Any]:
        done = self._firefox.send(
            "script.callFunction", functionDeclaration=function, awaitPromise=False,
            target={"context": frame, "sandbox": OUR_OWN},
        )  # fmt: skip
        if done["type"] == "exception":
            raise RuntimeError(done["exceptionDetails"]["text"])
        return done["result"]

    def _frames(self) -> list[str]:
        [tab] = self._firefox.send("browsingContext.getTree", root=self._tab)[
            "contexts"
        ]
        return [self._tab, *(child["context"] for child in tab["children"] or [])]

    def _keys(self, pressed: list[str]) -> None:
        presses = [{"type": "keyDown", "value": each} for each in pressed]
        presses += [{"type": "keyUp", "value": each} for each in reversed(pressed)]
        keys = {"type": "key", "id": "keys", "actions": presses}
        self._act(self._focused(), keys)

    def _focused(self) -> str:
        """The innermost frame that has the focus."""
        for frame in reversed(self._frames()):
            if self._in(frame, "() => document.hasFocus()")["value"]:
                return frame
        return self._tab

    def _point(self, frame: str, element: str) -> None:
        origin = {"type": "element", "element": {"sharedId": element}}
        self._act(frame, {
            "type": "pointer", "id": "mouse",
            "actions": [
                {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ],
        })  # fmt: skip

    def _act(self, frame: str, actions: dict[str, Any]) -> None:
        # A press that leads to another page ends the frame that it was meant for.
        with contextlib.suppress(RuntimeError):
            self._firefox.send("input.performActions", context=frame, actions=[actions])
