"""Between local days with a time of day and instants in UTC: the only place that knows about zones.

A time of day is a number of minutes after midnight, 0 to 1440; 1440 is 24:00, the end of the day,
which is the same instant as 00:00 of the next day.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from rules.time.errors import TimeError

END_OF_DAY = 24 * 60
SECOND = timedelta(seconds=1)
TIME_OF_DAY = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


def parse_time(text: str) -> int:
    """Minutes after midnight of `HH:MM`, 00:00 to 24:00."""
    found = TIME_OF_DAY.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found else END_OF_DAY + 1
    if minutes > END_OF_DAY:
        raise TimeError(f"'{text}' is not a time of day; write HH:MM between 00:00 and 24:00")
    return minutes


def format_time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TimeError(f"{at.isoformat()} has no zone; instants are given with their zone")
    return at.astimezone(UTC)


def local(at: datetime, zone: tzinfo) -> datetime:
    """The wall clock in the zone, naive: for arithmetic on local days only."""
    return utc(at).astimezone(zone).replace(tzinfo=None, fold=0)


def local_day(at: datetime, zone: tzinfo) -> date:
    return local(at, zone).date()


def due_day(due: datetime, zone: tzinfo) -> date:
    """The day a due instant belongs to: 24:00 of Friday is Friday, not Saturday."""
    return local_day(due - timedelta(microseconds=1), zone)


def instant(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The UTC instant of a local day and time of day."""
    return resolve(datetime.combine(day, time()) + timedelta(minutes=minutes), zone)


def resolve(wall: datetime, zone: tzinfo) -> datetime:
    """UTC instant of a naive wall clock. A zone's repeated hour is its first pass, a skipped one the first
    instant after the gap (reliability C5)."""
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return before
    return _end_of_gap(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), before, zone)


def _end_of_gap(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The second at which the offset changes, between an instant before and one after the change."""
    old = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high
