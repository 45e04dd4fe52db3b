"""How much is done for one message: counted, since time depends on the machine.

What each number is was measured once (docs/performance.md). A number that grows is work
for every message that somebody added, most likely without noticing.
"""

from __future__ import annotations

import json

import pytest

from tests.conftest import serving

# Whether the file of the notice has changed (bot/pages/notice.py).
NOTICE = {"file looked up": 1}
READ = {"net": 1, "language": 1, "made plain": 1}
ASKED = {
    "a question": ({"message": "what is law_register, please"}, {**READ, **NOTICE}),
    "an emergency": ({"message": "he is hurting my son right now"}, {**READ, **NOTICE}),
    "a button": ({"topic": "law_register"}, NOTICE),
    "a button by force": ({"topic": "report_content", "force": "kent"}, NOTICE),
    # It names an hour, which passes.
    "the hours": ({"topic": "helpline_how"}, {**NOTICE, "rendered": 1}),
}


@pytest.fixture(scope="module")
def work() -> dict[str, dict[str, int]]:
    """What was done for each, once everything had been asked before."""
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
