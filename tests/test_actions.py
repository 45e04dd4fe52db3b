"""What the custom actions compute: opening hours, the nearest route, likely topics."""

from __future__ import annotations

from datetime import datetime

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.actions import ActionGiveReportRoute, ActionTellHelplineHours
from actions.opening_hours import LONDON, OpeningHoursError, closes_at, opens_at
from bot import custom_actions

HOURS = {"monday": ["09:00", "21:00"], "friday": ["09:00", "17:30"]}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def run(action, **latest) -> list[dict]:
    dispatcher = CollectingDispatcher()
    tracker = Tracker("x", {}, latest, [], False, None, {}, None)
    action.run(dispatcher, tracker, {})
    return dispatcher.messages


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        ("2026-11-23T09:00", "2026-11-23T21:00"),  # a Monday, on the minute
        ("2026-11-23T20:59", "2026-11-23T21:00"),
        ("2026-11-23T21:00", None),
        ("2026-11-24T12:00", None),  # a day without hours
        ("2026-12-25T12:00", None),  # Christmas Day, a Friday
        ("2026-12-28T12:00", None),  # the day in lieu of Boxing Day, a Monday
    ],
)
def test_when_the_line_closes(now, closes):
    assert closes_at(HOURS, at(now)) == (at(closes) if closes else None)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T08:00", "2026-11-23T09:00"),
        ("2026-11-23T22:00", "2026-11-27T09:00"),
        ("2026-12-24T12:00", "2027-01-04T09:00"),  # holidays on all days in between
    ],
)
def test_when_the_line_opens_next(now, opens):
    assert opens_at(HOURS, at(now)) == at(opens)


def test_a_moment_elsewhere_is_put_into_london_s_time():
    noon_in_utc = datetime.fromisoformat("2026-07-06T20:30+00:00")

    assert closes_at(HOURS, noon_in_utc) is None  # 21:30 in London


@pytest.mark.parametrize(
    "hours", [{"moonday": ["09:00", "10:00"]}, {"monday": ["9", "x"]}]
)
def test_hours_of_another_form_are_refused(hours):
    with pytest.raises(OpeningHoursError, match="moonday|9"):
        closes_at(hours, at("2026-11-23T12:00"))


@pytest.mark.parametrize(
    ("now", "response", "values"),
    [
        ("2026-11-23T12:00", "utter_helpline_open", {"closes": "9pm"}),
        ("2026-11-27T12:00", "utter_helpline_open", {"closes": "5pm"}),
        (
            "2026-11-28T12:00",
            "utter_helpline_closed",
            {"opens": "Monday 30 November at 9am"},
        ),
    ],
)
def test_the_helpline_s_hours_are_told(now, response, values):
    [said] = run(ActionTellHelplineHours(clock=lambda: at(now)))

    assert said["response"] == response
    assert values.items() <= said.items()


@pytest.mark.parametrize(
    ("text", "force", "named"),
    [
        ("how do i report him, we are in Worthing", "kent", "sussex"),
        ("he lives in slough", None, "thames_valley"),
    ],
)
def test_the_nearest_route_is_that_of_the_place_named(text, force, named):
    [said] = run(ActionGiveReportRoute(), text=text, metadata={"force": force})

    assert said["force"] == named


@pytest.mark.parametrize(
    "text", ["how do i report him", "how do i report him in dover"]
)
def test_a_route_that_the_answer_holds_already_is_not_repeated(text):
    assert run(ActionGiveReportRoute(), text=text, metadata={"force": "kent"}) == []


async def test_an_action_runs_without_a_server():
    [said] = await custom_actions.responses("action_tell_helpline_hours", "surrey")

    assert said["response"] in ("utter_helpline_open", "utter_helpline_closed")
