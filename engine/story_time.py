"""The moments of a story: written in full, as a time of the same day, or counted from the step before."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.time.calendar import Calendar
from rules.time.duration import Duration
from rules.time.instant import due_day, instant, local, local_day, parse_time, resolve

LOCAL = "%Y-%m-%d %H:%M"
LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d", re.ASCII)
WHOLE_DAYS = ("day", "workday", "week", "month")


def moment_of(text: str, before: datetime, calendar: Calendar) -> datetime:
    """`before`: the moment of the step before, or the beginning. Raises ValueError, TimeError."""
    zone = calendar.zone
    if text.startswith("+"):
        return _later(text.removeprefix("+"), before, calendar)
    if len(text) == len("14:00"):
        return instant(local_day(before, zone), parse_time(text), zone)
    return full_moment(text, zone)


def full_moment(text: str, zone: ZoneInfo) -> datetime:
    return resolve(datetime.strptime(text, LOCAL), zone)  # noqa: DTZ007  # local time of the book


def _later(text: str, before: datetime, calendar: Calendar) -> datetime:
    """After whole days it is the same time of day, unless another is given."""
    length, _, at = text.partition(" at ")
    duration, zone = Duration.parse(length), calendar.zone
    due = duration.due(before, calendar).due
    if duration.unit.removesuffix("s") not in WHOLE_DAYS:
        return due
    minutes = parse_time(at) if at else parse_time(local(before, zone).strftime("%H:%M"))
    return instant(due_day(due, zone), minutes, zone)
