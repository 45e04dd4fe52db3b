"""What is computed rather than worded: opening hours, and the nearest route."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.words.computed import ACTIONS, Computed, Turn, helpline_hours, report_route
from bot.words.opening_hours import LONDON, OpeningHoursError, closes_at, opens_at
from bot.words.rules import read_steps

HOURS = {"monday": ["09:00", "21:00"], "friday": ["09:00", "17:30"]}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


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
    half_past_nine_in_london = datetime.fromisoformat("2026-07-06T20:30+00:00")

    assert closes_at(HOURS, half_past_nine_in_london) is None


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
def test_the_helpline_s_hours_are_shown(directory, now, response, values):
    told = helpline_hours(Turn(force="kent", now=at(now)), directory)

    assert told == Computed(response, "kent", values)


@pytest.mark.parametrize(
    ("text", "force", "named"),
    [
        ("how do i report him, we are in Worthing", "kent", "sussex"),
        ("he lives in slough", None, "thames_valley"),
    ],
)
def test_the_nearest_route_is_that_of_the_place_named(directory, text, force, named):
    told = report_route(Turn(text, force), directory)

    assert told == Computed("utter_report_route", named)


@pytest.mark.parametrize(
    "text", ["how do i report him", "how do i report him in dover", ""]
)
def test_a_route_that_the_answer_holds_already_is_not_repeated(directory, text):
    assert report_route(Turn(text, "kent"), directory) is None


def test_every_action_is_named_by_a_rule_and_every_rule_s_action_is_there():
    named = {action for actions in read_steps().values() for action in actions}

    assert {name for name in named if name.startswith("action_")} == set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_a_pressed_button_which_has_no_words_has_its_action_too(directory, name):
    told = ACTIONS[name](Turn(), directory)

    assert told is None or told.response.startswith("utter_")
