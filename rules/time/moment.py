"""Moments as authors write them: rungs of a clock (`5 workdays before at 09:00`), how often they come again
(`3 workdays`), and days within a period (`friday at 17:00`, `5th workday of next month`, `november 30`).

Days are counted from the due day, which for a due time of 24:00 is the day that ends then.
A rung in days, workdays, weeks or months names its time of day: there is no sensible default.
A day within a period that names none is due at 24:00.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from rules.time.calendar import Calendar, Dated, Roll
from rules.time.duration import Due, Duration, due_on
from rules.time.errors import DurationError, MomentError, TimeError, guess
from rules.time.instant import END_OF_DAY, due_day, instant, local, local_day, parse_time, utc
from rules.time.period import Every, Period, once, parse_every

Anchor = Literal["start", "due"]
Side = Literal["before", "after", "at", "share"]
DayKind = Literal["weekday", "workday", "workday until day", "day", "end"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
AT = re.compile(r"(.*?)(?:^|\s+)(?:at\s+)?(\d{1,2}:\d{2})")
RUNG = re.compile(r"(.+?)\s+(before|after)(?:\s+(start|due))?")
NTH = re.compile(rf"(first|last|\d{{1,2}}(?:st|nd|rd|th)) (workday|day|{'|'.join(WEEKDAYS)})")
DAY_NUMBER = re.compile(r"day\s+(\d{1,2})")
LAST_UNTIL = re.compile(r"last workday on or before day (\d{1,2})")
NEXT = re.compile(r"(.+?)\s+of(?: the)? next\s+(.+)")
IN_MONTH = re.compile(rf"(.+?) of ({'|'.join(MONTHS)})")
DATE = re.compile(rf"({'|'.join(MONTHS)}) (\d{{1,2}})|(\d{{1,2}}) ({'|'.join(MONTHS)})")
OFFSETS = "5 workdays before at 09:00, 24 hours before, 1 workday after at 09:00, 50 %, at due"
DAYS = "friday, last friday, last workday, 5th workday of next month, day 20, november 30, last day, end"
PATTERNS = (
    *WEEKDAYS,
    "last workday",
    "first workday",
    "last day",
    "first day",
    "first monday",
    "end",
    *MONTHS,
)
MINUTE = timedelta(minutes=1)
REPEATED = ("hours", "business hours", "days", "workdays", "weeks", "months")


@dataclass(frozen=True, kw_only=True)
class DueDay:
    """A day of a period (or of the one after it) with a time of day. Ask `parse_due_day` for one."""

    text: str
    kind: DayKind
    number: int = 0
    nth: int = 1  # of a weekday: 1 is the first, -1 the last
    at: int = END_OF_DAY
    next: str | None = None
    month: int | None = None  # January is 1

    def __str__(self) -> str:
        return self.text

    def moment(self, period: Period, calendar: Calendar, roll: Roll = "none") -> Due:
        """When it falls. Rolling back stays inside the period: without a working day on or before it there,
        the first one after counts; a period without any working day is not rolled at all."""
        base = self._base(period)
        day = self._day(base, calendar)
        rolled = _roll_within(day, base, calendar, roll)
        return Due(
            nominal=instant(day.day, self.at, calendar.zone),
            due=instant(rolled.day, self.at, calendar.zone),
            provisional=day.provisional or rolled.provisional,
        )

    def _base(self, period: Period) -> Period:
        base = period
        if self.next == "period":
            base = period.next()
        elif self.next is not None:
            base = parse_every(self.next, period.first).containing(period.last).next()
        return base if self.month is None else _month_of(base, self.month, self.text)

    def _day(self, base: Period, calendar: Calendar) -> Dated:
        match self.kind:
            case "weekday":
                return Dated(_weekday(base, self.number, self.nth, self.text), provisional=False)
            case "workday":
                return _nth_workday(base, self.number, calendar)
            case "workday until day":
                until = _numbered_day(base, self.number, self.text)
                return calendar.nth_workday(base.first, until, -1) or _nth_workday(base, 1, calendar)
            case "day":
                return Dated(_numbered_day(base, self.number, self.text), provisional=False)
            case "end":
                return Dated(base.last, provisional=False)


@dataclass(frozen=True, kw_only=True)
class Offset:
    """A moment counted from a clock's start or due time. Ask `parse_offset` for one."""

    text: str
    side: Side
    anchor: Anchor = "due"
    length: Duration | None = None
    at: int | None = None
    day: DueDay | None = None

    def __str__(self) -> str:
        return self.text

    def moment(
        self, *, start: datetime, due: datetime, calendar: Calendar, period: Period | None = None
    ) -> datetime:
        """The UTC instant of the rung. Raises MomentError when it needs a period and there is none."""
        if self.day is not None:
            if period is None:
                raise MomentError(
                    f"'{self.text}' needs a clock that runs once a period; count from due instead"
                )
            return self.day.moment(period, calendar).due
        anchor = utc(due if self.anchor == "due" else start)
        if self.length is None:
            return anchor
        if self.side == "share":
            return utc(start) + (utc(due) - utc(start)) * self.length.amount // 100
        before = self.side == "before"
        if not self.length.in_days:
            return self.length.shift(anchor, calendar, before=before)[0]
        day = (due_day if self.anchor == "due" else local_day)(anchor, calendar.zone)
        shifted = self.length.shift_day(day, calendar, before=before)
        return due_on(shifted, calendar, at=END_OF_DAY if self.at is None else self.at).due

    def again(self, first: datetime, every: Duration, times: int, calendar: Calendar) -> datetime:
        """So many lengths after the first moment of this rung, at its time of day."""
        length = Duration(every.amount * times, every.unit)
        if times == 0:
            return first
        if not length.in_days:
            return length.shift(first, calendar)[0]
        day = due_day(first, calendar.zone)
        if self.at == 0:  # midnight that begins a day, and does not end the one before
            day += timedelta(days=1)
        passed = local(first, calendar.zone) - datetime.combine(day, time())
        return due_on(length.shift_day(day, calendar), calendar, at=passed // MINUTE).due


def parse_repeat(text: str) -> Duration:
    """How often a rung comes again: hours, days, workdays, weeks or months. Raises MomentError."""
    try:
        length = Duration.parse(text)
    except DurationError as error:
        raise MomentError(str(error)) from None
    if length.unit not in REPEATED:
        raise MomentError(f"'{text}': a rung comes again after so many {', '.join(REPEATED)}")
    return length


@lru_cache(maxsize=1024)  # the same few are written all over a book
def parse_offset(text: str) -> Offset:
    """A rung: `5 workdays before at 09:00`, `2 days after start at 09:00`, `24 hours before`, `50 %`,
    `at due`, or a day `of the period`. Raises MomentError."""
    words = _words(text)
    if words in ("at due", "at start"):
        return Offset(text=words, side="at", anchor="due" if words == "at due" else "start")
    if " of the period" in words:
        day = parse_due_day(words.replace(" of the period", ""))
        return Offset(text=words, side="at", day=day)
    body, at = _split_time(words)
    if words.endswith("%"):
        return Offset(text=words, side="share", length=_share(words))
    found = RUNG.fullmatch(body)
    if not found:
        hint = guess(words, ("at due", "at start"))
        raise MomentError(f"cannot read '{text}'{hint}; write one such as {OFFSETS}")
    return _rung(text, words, found, at)


def parse_due_day(text: str) -> DueDay:
    """A day of a period, perhaps with a time: `friday at 17:00`, `5th workday of next month`, `last friday`,
    `last workday on or before day 15`, `day 20`, `november 30`, `first monday of october`, `last day`, `end`.
    Raises MomentError."""
    words = _words(text)
    body, at = _split_time(words)
    following = NEXT.fullmatch(body)
    if following:
        body = following[1]
        _check_next(following[2], text)
    body, month = _split_month(body)
    kind, number, nth = _day_kind(body, text)
    return DueDay(
        text=words,
        kind=kind,
        number=number,
        nth=nth,
        at=END_OF_DAY if at is None else at,
        next=following[2] if following else None,
        month=month,
    )


def _split_month(body: str) -> tuple[str, int | None]:
    """`november 30` and `30 november` are `day 30` of the eleventh month."""
    if found := DATE.fullmatch(body):
        return f"day {found[2] or found[3]}", MONTHS.index(found[1] or found[4]) + 1
    if found := IN_MONTH.fullmatch(body):
        return found[1], MONTHS.index(found[2]) + 1
    return body, None


# When a periodic rule runs within its period: written and read the same way.
parse_occurrence = parse_due_day


def _rung(text: str, words: str, found: re.Match[str], at: int | None) -> Offset:
    try:
        length = Duration.parse(found[1])
    except DurationError as error:
        raise MomentError(f"'{text}': {error}") from None
    if length.unit == "%":
        raise MomentError(f"'{text}': write only '{length}', it is counted from the start")
    if length.in_days and at is None:
        raise MomentError(f"'{text}' has no time of day; write '{words} at 09:00'")
    if not length.in_days and at is not None:
        raise MomentError(f"'{text}': {length} lead to a time of their own; leave out the time of day")
    anchor: Anchor = "start" if found[3] == "start" else "due"
    side: Side = "before" if found[2] == "before" else "after"
    return Offset(text=words, side=side, anchor=anchor, length=length, at=at)


def _share(words: str) -> Duration:
    try:
        length = Duration.parse(words)
    except DurationError as error:
        raise MomentError(str(error)) from None
    if length.amount > 100:
        raise MomentError(f"'{words}' is more than the whole time; write a share up to 100 %")
    return length


def _day_kind(body: str, text: str) -> tuple[DayKind, int, int]:
    """Which kind of day, its number, and which of several."""
    if body == "end":
        return "end", 0, 1
    if body in WEEKDAYS:
        return "weekday", WEEKDAYS.index(body), 1
    if found := LAST_UNTIL.fullmatch(body):
        return "workday until day", _number(found[1], text), 1
    if found := DAY_NUMBER.fullmatch(body):
        return "day", _number(found[1], text), 1
    if found := NTH.fullmatch(body):
        return _counted(found[1], found[2], text)
    raise MomentError(f"cannot read '{text}'{guess(body, PATTERNS)}; write one such as {DAYS}")


def _counted(which: str, what: str, text: str) -> tuple[DayKind, int, int]:
    nth = {"first": 1, "last": -1}.get(which) or int(which[:-2])
    if what in WEEKDAYS:
        return "weekday", WEEKDAYS.index(what), _number(str(nth), text) if nth > 0 else nth
    if what == "workday":
        return "workday", _number(str(nth), text) if nth > 0 else nth, 1
    if which == "last":
        return "end", 0, 1
    if which == "first":
        return "day", 0, 1
    raise MomentError(f"'{text}': write 'day {nth}'")


def _number(digits: str, text: str) -> int:
    if not 1 <= int(digits) <= 31:
        raise MomentError(f"'{text}': {digits} is not a day of a month; write 1 to 31")
    return int(digits)


def _check_next(word: str, text: str) -> None:
    if word == "period":
        return
    try:
        parse_every(word, since=date.min)
    except TimeError as error:
        raise MomentError(f"'{text}': {error}") from None


def _split_time(words: str) -> tuple[str, int | None]:
    found = AT.fullmatch(words)
    if not found:
        return words, None
    try:
        return found[1].strip(), parse_time(found[2])
    except TimeError as error:
        raise MomentError(str(error)) from None


def _words(text: str) -> str:
    return " ".join(str(text).lower().split())


def _weekday(base: Period, number: int, nth: int, text: str) -> date:
    """The nth of these weekdays in the period; with too few of them the last."""
    day = base.first + timedelta(days=(number - base.first.weekday()) % 7)
    if day > base.last:
        raise MomentError(f"'{text}' does not fall into {base.id}")
    weeks = (base.last - day).days // 7
    return day + timedelta(weeks=weeks if nth < 0 else min(nth - 1, weeks))


def _month_of(base: Period, number: int, text: str) -> Period:
    """The days of the period that lie in its first month of that number."""
    month = Every("month").containing(base.first)
    while month.first.month != number:
        month = month.next()
    if month.first > base.last:
        raise MomentError(f"'{text}': no {MONTHS[number - 1]} in {base.id} ({base.first} to {base.last})")
    return once(max(month.first, base.first), min(month.last, base.last))


def _numbered_day(base: Period, number: int, text: str) -> date:
    """The first day of the period with that number; 0 is its first day; a short month ends early."""
    if number == 0:
        return base.first
    month = base.first.replace(day=1)
    while month <= base.last:
        day = month.replace(day=min(number, monthrange(month.year, month.month)[1]))
        if base.covers(day):
            return day
        month = Every("month").containing(month).next().first
    raise MomentError(f"'{text}': no day {number} in {base.id} ({base.first} to {base.last})")


def _nth_workday(base: Period, nth: int, calendar: Calendar) -> Dated:
    """With too few working days the last of them; with none the last day of the period."""
    found = calendar.nth_workday(base.first, base.last, nth) or calendar.nth_workday(
        base.first, base.last, -1
    )
    return found or Dated(base.last, provisional=not calendar.published(base.last))


def _roll_within(day: Dated, base: Period, calendar: Calendar, roll: Roll) -> Dated:
    if roll != "back":
        return calendar.roll(day.day, roll)
    if base.covers(day.day):
        inside = calendar.nth_workday(base.first, day.day, -1) or calendar.nth_workday(day.day, base.last, 1)
        return inside or Dated(day.day, provisional=not calendar.published(day.day))
    return calendar.roll(day.day, roll)
