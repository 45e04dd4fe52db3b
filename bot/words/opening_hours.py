"""Whether a service is open now, from its hours in data/services.yml."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# A service whose hours are right is open again well within this many days.
HORIZON_DAYS = 14
WEEK = timedelta(days=7)


class OpeningHoursError(ValueError):
    """The hours of a service are not `day: [opens, closes]`."""


def now_in_london() -> datetime:
    """The time, with its zone."""
    return datetime.now(LONDON)


def closes_at(hours: dict[str, list[str]], now: datetime) -> datetime | None:
    """When a service that is open at `now` closes; None when it is closed.

    Args:
        hours: Day in English to opening and closing time, such as "09:00", in London.
            A day left out is closed, and so are the bank holidays of England.
        now: A moment with a time zone.

    Raises:
        OpeningHoursError: A day or a time is not of that form.
    """
    local = now.astimezone(LONDON)
    span = _span(hours, local.date())
    return span[1] if span and span[0] <= local < span[1] else None


def opens_at(hours: dict[str, list[str]], now: datetime) -> datetime | None:
    """When a service opens next after `now`; None when it never does."""
    local = now.astimezone(LONDON)
    for days in range(HORIZON_DAYS + 1):
        span = _span(hours, local.date() + timedelta(days))
        if span and span[0] > local:
            return span[0]
    return None


def hour_in_words(moment: datetime) -> str:
    """A time of day as the answers write it: 9am, 5.30pm."""
    minutes = f".{moment:%M}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{moment:%p}".lower()


def day_in_words(moment: datetime) -> str:
    """A day and a time as the answers write them: Tuesday 24 November at 9am."""
    return f"{moment:%A} {moment.day} {moment:%B} at {hour_in_words(moment)}"


def coming_day_in_words(moment: datetime, now: datetime) -> str:
    """The same in short, where the weekday says which day is meant: Tuesday at 9am."""
    if moment.date() - now.astimezone(LONDON).date() >= WEEK:
        return day_in_words(moment)
    return f"{moment:%A} at {hour_in_words(moment)}"


def date_in_words(moment: datetime) -> str:
    """A date as it is printed: 24 November 2026."""
    return f"{moment.day} {moment:%B} {moment.year}"


@cache
def _bank_holidays() -> holidays.HolidayBase:
    """The bank holidays of England; built once, since that takes a millisecond."""
    return holidays.country_holidays("GB", subdiv="ENG")


def _span(hours: dict[str, list[str]], day: date) -> tuple[datetime, datetime] | None:
    if unknown := set(hours) - set(DAYS):
        raise OpeningHoursError(f"`hours` names {sorted(unknown)}; use {DAYS}.")
    today = hours.get(DAYS[day.weekday()])
    if not today or day in _bank_holidays():
        return None
    try:
        opens, closes = (time.fromisoformat(text) for text in today)
    except (TypeError, ValueError) as error:
        raise OpeningHoursError(f"`hours` holds {today}; use 'HH:MM' twice.") from error
    return (
        datetime.combine(day, opens, LONDON),
        datetime.combine(day, closes, LONDON),
    )
