"""Since when a clock counts: what comes after the cutoff is of the next workday, and some is deemed later."""

from datetime import date, datetime, timedelta

from rules.time.calendar import Calendar
from rules.time.duration import Duration
from rules.time.instant import END_OF_DAY, instant, local, local_day

MINUTE = timedelta(minutes=1)


def after_cutoff(at: datetime, cutoff: int, calendar: Calendar) -> datetime:
    """The moment itself on a workday up to the cutoff (minutes after midnight), else the next workday."""
    wall = local(at, calendar.zone)
    midnight = datetime(wall.year, wall.month, wall.day)  # noqa: DTZ001  # local wall clock
    if calendar.is_workday(wall.date()) and wall <= midnight + min(cutoff, END_OF_DAY) * MINUTE:
        return at
    return opening(calendar.add_workdays(wall.date(), 1).day, calendar)


def deemed(at: datetime, after: Duration, calendar: Calendar) -> datetime:
    """So much later: for units of days the beginning of the day."""
    if not after.in_days:
        return after.shift(at, calendar)[0]
    return opening(after.shift_day(local_day(at, calendar.zone), calendar).day, calendar)


def opening(day: date, calendar: Calendar) -> datetime:
    """When offices open on that day, or its first minute where no hours are told."""
    spans = calendar.opening(day)
    return instant(day, spans[0][0] if spans else 0, calendar.zone)
