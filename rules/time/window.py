"""Windows a measure looks through: which days count at a given day, both bounds included.

`rolling 12 months` ends on the day itself and starts on the day after the same-numbered day a year ago,
clamped: at 2020-02-29 it is 2019-03-01..2020-02-29. `rolling 30 days` is the day and the 29 before it,
`rolling 10 workdays` begins with the tenth workday counted back from the day.
`past 30 days` counts as deadlines do, the first day not counted: 30 days ago still counts, 31 days not;
`past 6 months` at 29 August holds what happened on 29 February; `past 6 months or later` also what is dated
after the day, as what has not lapsed at a day in the past that is looked back upon.
Named periods (`month`, `year from 04-01`) are whole, also the days still to come; `last 3 months` are
the three whole ones before the current, which holds the day; `last 3 periods` are those before the period
that a rule is about, whenever it speaks; `last 8 quarters before the last 3` ended three quarters ago, so
that what was decided in them has become final. `same month last year` lies a year before.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from rules.time.calendar import Calendar
from rules.time.duration import UNITS, Duration, add_months
from rules.time.errors import PeriodError, guess
from rules.time.instant import local_day
from rules.time.period import Every, Period, parse_every

DAY = timedelta(days=1)
ROLLING = re.compile(r"(rolling|past) (\d+) (day|workday|week|month|year)s?( or later)?")
BEFORE = r"(?: before the last (\d+))?"
LAST = re.compile(rf"last (\d+) (day|week|half month|month|quarter|half year|year)s?((?: from .+?)?){BEFORE}")
LAST_PERIODS = re.compile(rf"last (\d+) periods?{BEFORE}")
BARE = re.compile(r"(\d+) (day|workday|week|month|year)s?")
BESIDE = re.compile(r"previous (.+)|same (.+) last year")
# With a rule by period, the period it is about; without one they have no meaning.
OF_A_PERIOD = ("period", "previous period", "same period last year")
PLAIN = ("programme year", "programme", "ever")
KNOWN = (
    "calendar year",
    *PLAIN,
    *OF_A_PERIOD,
    "rolling 12 months",
    "rolling 30 days",
    "rolling 10 workdays",
    "past 30 days",
    "past 30 months or later",
    "last 3 months",
    "last 3 periods",
    "last 8 quarters before the last 3",
    "year from 04-01",
    "week",
    "half month",
    "month",
    "quarter",
    "year",
    "day",
)
PREVIOUS = ("previous month", "previous week", "previous half month", "previous quarter", "previous year")
# A bound on everything: a longer memory is `ever`.
LONGEST = 10_000
Bounds = tuple[date, date]
Sort = Literal["named", "rolling", "past", "every", "previous", "same", "last"]


@dataclass(frozen=True)
class Window:
    """Ask `parse_window` for one. `length` of what rolls, or so many whole periods `last`, the newest
    `skipped` left out."""

    text: str
    sort: Sort
    every: Every | None = None
    length: int = 0
    unit: str = ""
    onward: bool = False
    skipped: int = 0

    def __str__(self) -> str:
        return self.text

    @property
    def of_a_period(self) -> bool:
        """Whether it has a meaning only where something is evaluated for a period."""
        return self.text in OF_A_PERIOD or (self.sort == "last" and self.every is None)

    @property
    def ends_today(self) -> bool:
        return self.sort in ("rolling", "past")

    def bounds(
        self,
        at: date | datetime,
        *,
        programme: tuple[date, date] | None = None,
        period: Period | None = None,
        zone: tzinfo | None = None,
        calendar: Calendar | None = None,
    ) -> Bounds:
        """First and last day counted at a day (an instant needs the zone it is read in)."""
        day = _day(at, zone)
        if self.sort == "rolling":
            return self._rolling_start(day, calendar), day
        if self.sort == "past":
            return self._past_start(day, calendar), date.max if self.onward else day
        if self.of_a_period:
            return self._around(self._about(period))
        if self.every is not None:
            return self._around(self.every.containing(day))
        if self.text == "ever":
            return date.min, date.max
        if programme is None:
            raise PeriodError(
                f"window '{self.text}' needs a programme with a start and an end; give them in the book"
            )
        return programme if self.text == "programme" else programme_year(programme[0], day)

    def _about(self, period: Period | None) -> Period:
        if period is None:
            raise PeriodError(
                f"window '{self.text}' needs a rule that runs once a period; name a window such as 'month'"
            )
        return period

    def _around(self, period: Period) -> Bounds:
        """The period, or what lies before it."""
        match self.sort:
            case "previous":
                period = period.previous()
            case "same":
                period = year_before(period)
            case "last":
                for _ in range(self.skipped):
                    period = period.previous()
                last = first = period.previous()
                for _ in range(self.length - 1):
                    first = first.previous()
                return first.first, last.last
        return period.first, period.last

    def _rolling_start(self, day: date, calendar: Calendar | None) -> date:
        match self.unit:
            case "day":
                return day - timedelta(days=self.length) + DAY
            case "week":
                return day - timedelta(weeks=self.length) + DAY
            case "month":
                return add_months(day, -self.length) + DAY
            case "year":
                return add_months(day, -12 * self.length) + DAY
        if calendar is None:
            raise PeriodError(f"window '{self.text}' needs a calendar to know the workdays")
        back = self.length - 1 if calendar.is_workday(day) else self.length
        return calendar.add_workdays(day, -back).day

    def _past_start(self, day: date, calendar: Calendar | None) -> date:
        """The first day that, so much later, is not yet before the day."""
        length = Duration(self.length, UNITS[self.unit])
        if calendar is None:
            raise PeriodError(f"window '{self.text}' needs a calendar to know the days")
        first = length.shift_day(day, calendar, before=True).day
        while length.shift_day(first, calendar).day < day:
            first += DAY
        return first


def parse_window(text: str) -> Window:
    words = " ".join(str(text).lower().replace("-", " ").split())
    if words in (*PLAIN, "period"):
        return Window(words, "named")
    if found := ROLLING.fullmatch(words):
        sort: Sort = "past" if found[1] == "past" else "rolling"
        if not (found[4] and sort == "rolling"):  # which ends with the day
            length = _length(words, found[2])
            return Window(words, sort, length=length, unit=found[3], onward=bool(found[4]))
    if found := LAST.fullmatch(words):
        length, skipped = _length(words, found[1]), _length(words, found[4]) if found[4] else 0
        return Window(words, "last", _every(text, found[2] + found[3]), length, skipped=skipped)
    if found := LAST_PERIODS.fullmatch(words):
        skipped = _length(words, found[2]) if found[2] else 0
        return Window(words, "last", length=_length(words, found[1]), skipped=skipped)
    if found := BESIDE.fullmatch(words):
        every = found[1] or found[2]
        sort = "previous" if found[1] else "same"
        return Window(words, sort, None if every == "period" else _every(text, every))
    if (found := BARE.fullmatch(words)) and int(found[1]) > 1:  # of the year, or up to now? nobody could tell
        raise PeriodError(f"'{text}' does not say since when, did you mean 'past {words}'?")
    return Window(words, "every", _every(text, words.removeprefix("calendar ")))


def programme_year(start: date, day: date) -> Bounds:
    """The year between two anniversaries of the start that holds the day; 29 February falls on the 28th."""
    years = day.year - start.year
    if add_months(start, 12 * years) > day:
        years -= 1
    return add_months(start, 12 * years), add_months(start, 12 * (years + 1)) - DAY


def year_before(period: Period) -> Period:
    """The same month, quarter or half a year earlier; of weeks the one with the same number."""
    if period.kind == "week":
        year, week, _ = period.first.isocalendar()
        _, weeks, _ = date(year - 1, 12, 28).isocalendar()  # always in the last week of its year
        return period.every.containing(date.fromisocalendar(year - 1, min(week, weeks), 1))
    if period.kind in ("days", "weeks"):  # whole weeks ago, so that the same weekdays are compared
        return period.every.containing(period.first - timedelta(weeks=52))
    return period.every.containing(add_months(period.first, -12))


def _day(at: date | datetime, zone: tzinfo | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise PeriodError(f"{at.isoformat()} is an instant; a window needs the zone to know its day")
    return local_day(at, zone)


def _length(words: str, number: str) -> int:
    if not 0 < int(number) <= LONGEST:
        raise PeriodError(f"'{words}' is out of bounds; write a number from 1 to {LONGEST}")
    return int(number)


def _every(text: str, words: str) -> Every:
    try:
        return parse_every(words)
    except PeriodError as error:
        if "unknown period" not in str(error):
            raise
        hint = guess(" ".join(str(text).lower().replace("-", " ").split()), (*KNOWN, *PREVIOUS))
        raise PeriodError(
            f"unknown window '{text}'{hint} (known: {', '.join(KNOWN)}, previous month …)"
        ) from None
