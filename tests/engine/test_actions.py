"""The custom actions as Rasa runs them: wrappers of bot/words/computed.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.actions import ActionGiveReportRoute, ActionTellHelplineHours
from bot.words.computed import ACTIONS
from bot.words.opening_hours import LONDON


async def run(action: Any, **latest: Any) -> list[dict[str, Any]]:
    """What the action says to `rasa run actions`' executor, without what is empty."""
    executor = ActionExecutor()
    executor.register_action(action)
    tracker = {"sender_id": "x", "slots": {}, "latest_message": latest, "events": []}
    done = await executor.run(
        {"next_action": action.name(), "tracker": tracker, "domain": {}}
    )
    # `template` is an older name for `response`, kept for older servers.
    empty = (None, "", [], {})
    return [
        {k: v for k, v in said.items() if v not in empty and k != "template"}
        for said in done["responses"]
    ]


async def test_the_helpline_s_hours_are_for_the_visitor_s_force():
    noon = datetime(2026, 11, 23, 12, tzinfo=LONDON)
    action = ActionTellHelplineHours(clock=lambda: noon)

    said = await run(action, text="is it open", metadata={"force": "kent"})

    closes = {"response": "utter_helpline_open", "force": "kent", "closes": "9pm"}
    assert said == [closes]


async def test_the_nearest_route_is_that_of_the_place_named():
    said = await run(ActionGiveReportRoute(), text="he lives in slough", metadata={})

    assert said == [{"response": "utter_report_route", "force": "thames_valley"}]


async def test_an_action_with_nothing_to_add_says_nothing():
    assert await run(ActionGiveReportRoute(), text="how do i report him") == []


def test_rasa_finds_every_action_by_the_name_that_the_rules_use():
    executor = ActionExecutor()
    executor.register_package("actions")

    assert set(executor.actions) == set(ACTIONS)
