"""Durations as authors write them, `5 workdays`, `24 hours`, `50 %`, and where they lead from a moment.

How days are counted (practice C.10): the start day is not counted, unless the clock says so; the last day
ends at 24:00 unless a time of day is given; months clamp to the last day of the month; hours count from the
moment itself.
In time is what is done before the due instant: 23:59:59 is in time, 00:00:00 of the next day is late.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rules.time.calendar import Calendar, Dated, Roll
from rules.time.errors import DurationError, guess
from rules.time.instant import END_OF_DAY, instant, local, local_day, resolve, utc

Unit = Literal[
    "minutes",
    "hours",
    "business minutes",
    "business hours",
    "days",
    "workdays",
    "weeks",
    "months",
    "years",
    "%",
]
MINUTES: dict[Unit, int] = {"minutes": 1, "hours": 60}
BUSINESS_MINUTES: dict[Unit, int] = {"business minutes": 1, "business hours": 60}
CHINESE: dict[Unit, str] = {
    "minutes": "分钟",
    "hours": "小时",
    "business minutes": "工作分钟",
    "business hours": "工作小时",
    "days": "个自然日",
    "workdays": "个工作日",
    "weeks": "周",
    "months": "个月",
    "years": "年",
    "%": "%",
}
UNITS: dict[str, Unit] = {unit: unit for unit in CHINESE} | {
    unit.removesuffix("s"): unit for unit in CHINESE if unit != "%"
}
DAY = timedelta(days=1)
# A bound on everything: nothing in an office is set for longer.
LARGEST = 100_000
WRITTEN = re.compile(r"([+-]?[\d.,]+)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When something is due: as counted (`nominal`) and after rolling off a day of rest (`due`)."""

    nominal: datetime
    due: datetime
    provisional: bool = False


@dataclass(frozen=True)
class Duration:
    """A positive whole number of one unit."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Raises DurationError with what to write instead."""
        found = WRITTEN.fullmatch(str(text).strip())
        if not found:
            raise DurationError(
                f"'{text}' is not a duration; write a number and its unit, such as '5 workdays'"
            )
        number, word = found[1], " ".join(found[2].lower().split())
        if not number.isdigit():
            raise DurationError(
                f"'{text}': {number} is not a whole number; choose a smaller unit, such as '90 minutes'"
            )
        if not word:
            raise DurationError(
                f"'{text}' has no unit; write '{number} workdays', '{number} days' or '{number} hours'"
            )
        if word not in UNITS:
            raise DurationError(
                f"'{text}': unknown unit '{word}'{guess(word, UNITS)} (known: {', '.join(CHINESE)})"
            )
        return cls(_checked(int(number), text), UNITS[word])

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    def text(self, language: str = "zh") -> str:
        return f"{self.amount}{CHINESE[self.unit]}" if language == "zh" else str(self)

    @property
    def in_days(self) -> bool:
        """Counted in whole local days, so that a time of day may be added."""
        return self.unit in ("days", "workdays", "weeks", "months", "years")

    def due(
        self,
        start: datetime,
        calendar: Calendar,
        *,
        at: int = END_OF_DAY,
        roll: Roll = "none",
        before: bool = False,
        first_day: bool = False,
    ) -> Due:
        """Where it ends; `at` is minutes after midnight, for units of days; so is `first_day`: it counts."""
        if not self.in_days:
            return roll_moment(*self.shift(start, calendar, before=before), calendar, roll)
        first = local_day(start, calendar.zone)
        counted = first_day and not before
        day = self.last_day(first, calendar) if counted else self.shift_day(first, calendar, before=before)
        return due_on(day, calendar, at=at, roll=roll)

    def last_day(self, first: date, calendar: Calendar) -> Dated:
        """The last of so many days, the first of them counted: a month from the 1st ends on its last day."""
        if self.unit == "workdays":
            return calendar.add_workdays(first - DAY, self.amount)
        shifted = self.shift_day(first, calendar)
        return Dated(shifted.day - DAY, shifted.provisional)

    def shift_day(self, day: date, calendar: Calendar, *, before: bool = False) -> Dated:
        """The day so many days, workdays, weeks … later (earlier), the day itself not counted."""
        amount = -self.amount if before else self.amount
        match self.unit:
            case "workdays":
                return calendar.add_workdays(day, amount)
            case "days":
                return Dated(day + timedelta(days=amount), provisional=False)
            case "weeks":
                return Dated(day + timedelta(weeks=amount), provisional=False)
            case "months":
                return Dated(add_months(day, amount), provisional=False)
            case "years":
                return Dated(add_months(day, 12 * amount), provisional=False)
        raise DurationError(f"'{self}' is not counted in days")

    def shift(self, start: datetime, calendar: Calendar, *, before: bool = False) -> tuple[datetime, bool]:
        """The instant so many hours or minutes later (earlier), plain or business; and if provisional."""
        amount = -self.amount if before else self.amount
        if self.unit in MINUTES:
            return utc(start) + timedelta(minutes=amount * MINUTES[self.unit]), False
        if self.unit in BUSINESS_MINUTES:
            minutes = amount * BUSINESS_MINUTES[self.unit]
            wall, provisional = calendar.add_business_minutes(local(start, calendar.zone), minutes)
            return resolve(wall, calendar.zone), provisional
        raise DurationError(f"'{self}' has no length of its own; a share needs a start and a due date")


def due_on(day: Dated, calendar: Calendar, *, at: int = END_OF_DAY, roll: Roll = "none") -> Due:
    """A due day with its time of day, nominal and rolled."""
    rolled = calendar.roll(day.day, roll)
    return Due(
        nominal=instant(day.day, at, calendar.zone),
        due=instant(rolled.day, at, calendar.zone),
        provisional=day.provisional or rolled.provisional,
    )


def roll_moment(at: datetime, provisional: bool, calendar: Calendar, roll: Roll) -> Due:
    """A due instant; when its day is rolled the time of day stays."""
    wall = local(at, calendar.zone)
    rolled = calendar.roll(wall.date(), roll)
    moved = (
        at if rolled.day == wall.date() else resolve(datetime.combine(rolled.day, wall.time()), calendar.zone)
    )
    return Due(nominal=at, due=moved, provisional=provisional or rolled.provisional)


def add_months(day: date, months: int) -> date:
    """The same-numbered day, or the last of a shorter month (Civil Code 202): 31 Jan + 1 month = 28 Feb."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _checked(amount: int, text: str) -> int:
    if not 0 < amount <= LARGEST:
        raise DurationError(f"'{text}' is out of bounds; write a number from 1 to {LARGEST}")
    return amount
