"""Work calendars: which days are worked, and arithmetic on working days and business hours.

Built once from plain data into prefix tables, so that every question is a look-up or a bisection.
A day before the first year is a CalendarGap; after the last published year the weekday rule
answers and the result is `provisional` (reliability C4).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.time.almanac import Almanac, Plain, digest, read_almanac, read_hours, read_weekend
from rules.time.errors import BeforeCalendar, CalendarError, CalendarGap

Roll = Literal["back", "forward", "none"]
Why = Literal["weekday", "weekend", "holiday", "make-up day", "half day"]
Span = tuple[int, int]
# Deadlines further ahead than this are mistakes; it bounds the tables.
YEARS_AHEAD = 20
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dated:
    """A day that was computed; provisional when a year without a published calendar had a say."""

    day: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Whether a day is worked, and who says so: the weekday rule, a published year, or the office (`own`)."""

    day: date
    worked: bool
    why: Why
    name: str | None = None
    source: str | None = None
    own: bool = False
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Ask `Calendar.of` for one. `hours_on`: by ISO weekday, where it differs from `hours`."""

    id: str
    zone: ZoneInfo
    digest: str
    first: date
    last: date
    published_until: date
    hours: tuple[Span, ...]
    hours_on: Mapping[int, tuple[Span, ...]]
    weekend: frozenset[int]
    almanac: Almanac = field(compare=False, repr=False)
    _workdays: Sequence[int] = field(compare=False, repr=False)
    _rank: Sequence[int] = field(compare=False, repr=False)
    _open: Sequence[int] = field(compare=False, repr=False)

    @classmethod
    def of(
        cls,
        id: str,
        zone: str,
        years: Sequence[Plain],
        overrides: Sequence[Plain] = (),
        *,
        hours: Sequence[Sequence[str]] = (),
        weekend: Sequence[int] = (6, 7),
        hours_on: Mapping[int, Sequence[Sequence[str]]] = {},  # never changed
    ) -> "Calendar":
        """From year files and an office's overrides; weekdays are ISO weekdays, Monday is 1."""
        almanac = read_almanac(years, overrides)
        spans, rest = read_hours(hours), read_weekend(weekend)
        special = {weekday: read_hours(pairs) for weekday, pairs in sorted(hours_on.items())}
        if special and not spans:
            raise CalendarError("hours_on says where a weekday differs from hours: write hours as well")
        first, last = date(almanac.first_year, 1, 1), date(almanac.last_year + YEARS_AHEAD, 12, 31)
        worked = _worked(almanac, first, last, rest)
        content = [id, zone, list(years), list(overrides), spans, sorted(weekend)]
        return cls(
            id=id,
            zone=_zone(zone, id),
            digest=digest([*content, special] if special else content),
            first=first,
            last=last,
            published_until=date(almanac.published_year, 12, 31),
            hours=spans,
            hours_on=special,
            weekend=rest,
            almanac=almanac,
            _workdays=array("l", (number for number, flag in enumerate(worked) if flag)),
            _rank=array("l", accumulate(worked, initial=0)),
            _open=array("l", accumulate(_minutes(worked, first, almanac.half, spans, special), initial=0)),
        )

    def published(self, day: date) -> bool:
        return self.first <= day <= self.published_until

    def is_workday(self, day: date) -> bool:
        number = self._number(day)
        return self._rank[number + 1] > self._rank[number]

    def holiday(self, day: date) -> str | None:
        """The name of the holiday, for explanations."""
        return self.almanac.off.get(day)

    def reason(self, day: date) -> Reason:
        """Why it counts as a working day, or why not."""
        worked, word = self.is_workday(day), self.almanac.words.get(day)
        provisional = not self.published(day)
        if word is None:
            return Reason(
                day=day, worked=worked, why="weekday" if worked else "weekend", provisional=provisional
            )
        why: Why = "half day" if day in self.almanac.half else "make-up day" if worked else "holiday"
        return Reason(
            day=day,
            worked=worked,
            why=why,
            name=word.name,
            source=word.source,
            own=word.own,
            provisional=provisional,
        )

    def workdays(self, first: date, last: date) -> int:
        """How many working days from first to last, both included."""
        if last < first:
            return 0
        return self._rank[self._number(last) + 1] - self._rank[self._number(first)]

    def add_workdays(self, day: date, count: int) -> Dated:
        """The count-th working day after the day (before it, if negative); the day itself is not counted."""
        number = self._number(day)
        if count == 0:
            return Dated(day, not self.published(day))
        index = self._rank[number + 1] + count - 1 if count > 0 else self._rank[number] + count
        return self._dated(self._workday(index, day, count), day)

    def nth_workday(self, first: date, last: date, nth: int) -> Dated | None:
        """The nth working day from first to last (-1 is the last); None when there are not so many."""
        assert nth != 0, "working days are counted from 1, or from -1 backwards"
        total = self.workdays(first, last)
        if abs(nth) > total:
            return None
        before = self._rank[self._number(first)]
        index = before + nth - 1 if nth > 0 else before + total + nth
        return self._dated(self._day(self._workdays[index]), last)

    def roll(self, day: date, how: Roll) -> Dated:
        """The day itself if worked, else the nearest working day in that direction."""
        if how == "none":
            return Dated(day, provisional=False)
        if self.is_workday(day):
            return self._dated(day, day)
        return self.add_workdays(day, 1 if how == "forward" else -1)

    def add_business_minutes(self, at: datetime, minutes: int) -> tuple[datetime, bool]:
        """Local time so many minutes of opening hours later (earlier, if negative), and if provisional."""
        if minutes == 0:
            return at, False
        target = self._position(at) + minutes * 60
        if not 0 <= target <= self._open[-1] * 60:
            gap = BeforeCalendar if target < 0 else CalendarGap
            raise gap(f"{minutes} business minutes from {at} run out of calendar '{self.id}'")
        found = self._ending(target) if minutes > 0 else self._beginning(target)
        return found, max(found, at).date() > self.published_until

    def business_minutes(self, first: datetime, last: datetime) -> int:
        """Minutes of opening hours between two local times, a begun one counted; 0 if they run backwards."""
        return -(-max(0, self._position(last) - self._position(first)) // 60)

    def opening(self, day: date) -> tuple[Span, ...]:
        """The opening hours of one day, a half day cut short."""
        if not self.is_workday(day):
            return ()
        return _cut(self.hours_on.get(day.isoweekday(), self.hours), self.almanac.half.get(day))

    def _number(self, day: date) -> int:
        if day < self.first:
            raise BeforeCalendar(
                f"{day} is before {self.first}, where calendar '{self.id}' begins; add the earlier years"
            )
        if day > self.last:
            raise CalendarGap(
                f"{day} is after {self.last}, the furthest day calendar '{self.id}' can guess at"
            )
        return (day - self.first).days

    def _day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def _dated(self, day: date, other: date) -> Dated:
        return Dated(day, max(day, other) > self.published_until)

    def _workday(self, index: int, day: date, count: int) -> date:
        if not 0 <= index < len(self._workdays):
            gap = BeforeCalendar if index < 0 else CalendarGap
            raise gap(
                f"{count} workdays from {day} run out of calendar '{self.id}' ({self.first} to {self.last})"
            )
        return self._day(self._workdays[index])

    def _position(self, at: datetime) -> int:
        """Seconds of opening hours from the first day of the calendar to this local time."""
        if not self.hours:
            raise CalendarError(
                f"calendar '{self.id}' has no hours; business hours need them, such as 08:30–12:00"
            )
        second = at.hour * 3600 + at.minute * 60 + at.second
        passed = sum(max(0, min(second, end * 60) - start * 60) for start, end in self.opening(at.date()))
        return self._open[self._number(at.date())] * 60 + passed

    def _ending(self, target: int) -> datetime:
        """The earliest local time at which so many seconds have been open."""
        number = bisect_left(self._open, -(-target // 60)) - 1
        left = target - self._open[number] * 60
        for start, end in self.opening(self._day(number)):
            if left <= (end - start) * 60:
                return datetime.combine(self._day(number), time()) + timedelta(seconds=start * 60 + left)
            left -= (end - start) * 60
        raise AssertionError("the table of opening hours disagrees with the days")

    def _beginning(self, target: int) -> datetime:
        """The latest local time at which so many seconds have been open."""
        number = bisect_right(self._open, target // 60) - 1
        left = target - self._open[number] * 60
        for start, end in self.opening(self._day(number)):
            if left < (end - start) * 60:
                return datetime.combine(self._day(number), time()) + timedelta(seconds=start * 60 + left)
            left -= (end - start) * 60
        raise AssertionError("the table of opening hours disagrees with the days")


def _zone(name: str, calendar: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise CalendarError(
            f"calendar '{calendar}': unknown zone '{name}'; write one such as Asia/Shanghai"
        ) from None


def _worked(almanac: Almanac, first: date, last: date, weekend: frozenset[int]) -> list[bool]:
    """One flag a day, weekday rule with its exceptions."""
    flags = [(first.weekday() + number) % 7 + 1 not in weekend for number in range((last - first).days + 1)]
    for year, rest in almanac.weekends.items():
        for number in range((date(year, 1, 1) - first).days, (date(year + 1, 1, 1) - first).days):
            flags[number] = (first.weekday() + number) % 7 + 1 not in rest
    changes: Mapping[date, Any] = dict.fromkeys(almanac.off, False) | dict.fromkeys(almanac.worked, True)
    for day, flag in changes.items():
        if not first <= day <= last:
            raise CalendarError(f"{day} lies outside the calendar ({first} to {last})")
        flags[(day - first).days] = flag
    return flags


def _minutes(
    worked: list[bool],
    first: date,
    half: Mapping[date, int],
    spans: tuple[Span, ...],
    special: Mapping[int, tuple[Span, ...]],
) -> list[int]:
    """Minutes of opening hours, one number a day."""
    weekday = [_length(special.get(number % 7 + 1, spans)) for number in range(7)]
    start = first.weekday()
    minutes = [weekday[(start + number) % 7] if flag else 0 for number, flag in enumerate(worked)]
    for day, until in half.items():
        minutes[(day - first).days] = _length(_cut(special.get(day.isoweekday(), spans), until))
    return minutes


def _length(spans: tuple[Span, ...]) -> int:
    return sum(end - start for start, end in spans)


def _cut(spans: tuple[Span, ...], until: int | None) -> tuple[Span, ...]:
    if until is None:
        return spans
    return tuple((start, min(end, until)) for start, end in spans if start < until)
