"""What `duban calendar days` and `add` print: every day, whether it counts and why, and the running count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from duban.calendars.imported import DAY
from duban.calendars.shown import day_row, days_of
from duban.texts import Language, Text
from rules.time.calendar import Calendar, Roll
from rules.time.duration import BUSINESS_MINUTES, MINUTES, Due, Duration
from rules.time.instant import due_day, local, local_day, resolve

START = Text("起算日，不计", "the start day, not counted")
ROLLED = Text("顺延至工作日", "moved to a working day")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A duration to be added to a local time; `at` is minutes after midnight."""

    start: datetime
    length: Duration
    at: int
    roll: Roll
    before: bool

    def due(self, calendar: Calendar) -> Due:
        """Raises TimeError."""
        begins = resolve(self.start, calendar.zone)
        return self.length.due(begins, calendar, at=self.at, roll=self.roll, before=self.before)


def listed_days(calendar: Calendar, first: date, last: date, language: Language) -> list[dict[str, Any]]:
    count, rows = 0, []
    for day in days_of(first, last):
        reason = calendar.reason(day)
        count += reason.worked
        rows.append(day_row(reason, language) | {"counts": reason.worked, "count": count})
    return rows


def sum_data(calendar: Calendar, asked: Sum, language: Language) -> dict[str, Any]:
    due = asked.due(calendar)
    return {
        "calendar": calendar.id,
        "calendar_digest": calendar.digest,
        "start": asked.start,
        "length": str(asked.length),
        "nominal": due.nominal.astimezone(calendar.zone),
        "due": due.due.astimezone(calendar.zone),
        "due_day": due_day(due.due, calendar.zone),
        "provisional": due.provisional,
        "days": [*sum_rows(calendar, asked, due, language)],
    }


def sum_rows(calendar: Calendar, asked: Sum, due: Due, language: Language) -> Iterator[dict[str, Any]]:
    """From the start to the due day, backwards when counting back; a day it was rolled to counts nothing."""
    start, in_days = asked.start.date(), asked.length.in_days
    end, nominal = (
        due_day(each, calendar.zone) if in_days else local_day(each, calendar.zone)
        for each in (due.due, due.nominal)
    )
    days = [*days_of(min(start, end, nominal), max(start, end, nominal))]
    count = 0
    for day in reversed(days) if asked.before else days:
        added = counted(calendar, asked, due, day)
        note = START if in_days and day == start else ROLLED if day == end != nominal else None
        count += added
        row = day_row(calendar.reason(day), language)
        why = f"{row['why']}{'；' if language == 'zh' else '; '}{note.in_(language)}" if note else row["why"]
        yield row | {"why": why, "counts": bool(added), "count": count}


def counted(calendar: Calendar, asked: Sum, due: Due, day: date) -> int:
    """What the day adds to the count: 0 or 1 of days, or minutes."""
    unit = asked.length.unit
    if asked.length.in_days:
        start, last = asked.start.date(), due_day(due.nominal, calendar.zone)
        inside = last <= day < start if asked.before else start < day <= last
        return int(inside and (unit != "workdays" or calendar.is_workday(day)))
    midnight = datetime.combine(day, time())
    first, last = sorted((asked.start, local(due.nominal, calendar.zone)))
    first, last = max(first, midnight), min(last, midnight + DAY)
    if unit in BUSINESS_MINUTES:
        return calendar.business_minutes(first, last)
    assert unit in MINUTES, "a share has no length"
    return max(0, int((last - first).total_seconds()) // 60)
