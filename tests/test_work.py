"""How much work one message takes: counted, since time depends on the machine.

docs/performance.md has what was measured. If a number grows, somebody has added work to
every message, most likely without noticing.
"""

from __future__ import annotations

import json

import pytest

from tests.conftest import serving

# Looks whether the notice file has changed (bot/pages/notice.py).
NOTICE = {"file looked up": 1}
READ = {"net": 1, "language": 1, "made plain": 1}
ASKED = {
    "a question": ({"message": "what is law_register, please"}, {**READ, **NOTICE}),
    "an emergency": ({"message": "he is hurting my son right now"}, {**READ, **NOTICE}),
    "a button": ({"topic": "law_register"}, NOTICE),
    "a button by force": ({"topic": "report_content", "force": "kent"}, NOTICE),
    # It names the time, which changes.
    "the hours": ({"topic": "helpline_how"}, {**NOTICE, "rendered": 1}),
}


@pytest.fixture(scope="module")
def work() -> dict[str, dict[str, int]]:
    """What each message took, after all of them had been asked once."""
    with serving(module=("tests.counting_server",)) as running:
        running.wait_until_ready()
        for body, _ in [*ASKED.values(), *ASKED.values()]:
            assert running.post(body).status == 200
        running.get("/health/live")
        done = json.loads((running.temporary / "work.json").read_text())
    return dict(zip(ASKED, done[-len(ASKED) :], strict=True))


@pytest.mark.parametrize("asked", ASKED)
def test_nothing_is_done_twice_and_no_file_opened(asked, work):
    assert work[asked] == ASKED[asked][1]
