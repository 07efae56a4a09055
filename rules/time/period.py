"""Periods a duty or measure is counted by: weeks, half months, months from any day, quarters, years.

Both bounds of a period are days and included. `2020-W40`, `2020-10-H1`, `2020-10`, `2020-Q3`, `2020`,
`2020-10-01` and `2020-10-D19` (19 October to 18 November) are ids that sort and can be read back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, get_args

from rules.time.duration import add_months
from rules.time.errors import PeriodError, guess
from rules.time.instant import END_OF_DAY, instant, local_day

Regular = Literal["day", "week", "half month", "month", "quarter", "year"]
Kind = Literal["day", "week", "half month", "month", "quarter", "year", "programme", "once"]
DAY = timedelta(days=1)
FROM_DAY = re.compile(r"month from day (\d+)")
# From the 29th on some months have no such day, and periods would not be of one piece.
LATEST_START = 28
YEAR, MONTH = r"(?P<year>\d{4})", r"(?P<month>\d\d)"
IDS = [
    re.compile(pattern)
    for pattern in (
        YEAR,
        rf"{YEAR}-{MONTH}",
        rf"{YEAR}-{MONTH}-(?P<day>\d\d)",
        rf"{YEAR}-{MONTH}-H(?P<half>\d)",
        rf"{YEAR}-{MONTH}-D(?P<start>\d\d)",
        rf"{YEAR}-W(?P<week>\d\d)",
        rf"{YEAR}-Q(?P<quarter>\d)",
    )
]


@dataclass(frozen=True)
class Every:
    """A regular run of periods without gaps; `start_day` only for months."""

    kind: Regular
    start_day: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.start_day <= LATEST_START:
            raise PeriodError(
                f"a month can start on day 1 to {LATEST_START}, so that every month has the day"
            )

    def __str__(self) -> str:
        return self.kind if self.start_day == 1 else f"{self.kind} from day {self.start_day}"

    def containing(self, day: date) -> "Period":
        first = self._first(day)
        return Period(self.kind, first, self._following(first) - DAY, self._id(first), self.start_day)

    def covering(self, first: date, last: date) -> Iterator["Period"]:
        """Every period touched by the days from first to last, both included."""
        period = self.containing(first)
        while period.first <= last:
            yield period
            period = period.next()

    def _first(self, day: date) -> date:
        match self.kind:
            case "day":
                return day
            case "week":
                return day - timedelta(days=day.weekday())
            case "half month":
                return day.replace(day=1 if day.day <= 15 else 16)
            case "month":
                month = day if day.day >= self.start_day else add_months(day.replace(day=1), -1)
                return month.replace(day=self.start_day)
            case "quarter":
                return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            case "year":
                return date(day.year, 1, 1)

    def _following(self, first: date) -> date:
        match self.kind:
            case "day":
                return first + DAY
            case "week":
                return first + timedelta(weeks=1)
            case "half month":
                return first.replace(day=16) if first.day == 1 else add_months(first.replace(day=1), 1)
            case "month":
                return add_months(first, 1)
            case "quarter":
                return add_months(first, 3)
            case "year":
                return add_months(first, 12)

    def _id(self, first: date) -> str:
        match self.kind:
            case "day":
                return first.isoformat()
            case "week":
                year, week, _ = first.isocalendar()
                return f"{year}-W{week:02d}"
            case "half month":
                return f"{first:%Y-%m}-H{1 if first.day == 1 else 2}"
            case "month":
                return f"{first:%Y-%m}" + (f"-D{self.start_day:02d}" if self.start_day > 1 else "")
            case "quarter":
                return f"{first.year}-Q{(first.month + 2) // 3}"
            case "year":
                return str(first.year)


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    kind: Kind
    first: date
    last: date
    id: str
    start_day: int = 1

    @property
    def every(self) -> Every:
        match self.kind:
            case "programme" | "once":
                raise PeriodError(f"period '{self.id}' does not repeat; there is none before or after it")
            case kind:
                return Every(kind, self.start_day)

    def next(self) -> "Period":
        return self.every.containing(self.last + DAY)

    def previous(self) -> "Period":
        return self.every.containing(self.first - DAY)

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def starts(self, zone: tzinfo) -> datetime:
        return instant(self.first, 0, zone)

    def ends(self, zone: tzinfo) -> datetime:
        """24:00 of the last day: the first instant that is no longer in the period."""
        return instant(self.last, END_OF_DAY, zone)

    def contains(self, at: datetime, zone: tzinfo) -> bool:
        return self.covers(local_day(at, zone))


def programme(first: date, last: date) -> Period:
    return _bounded("programme", first, last, "programme")


def once(first: date, last: date) -> Period:
    return _bounded("once", first, last, f"{first}..{last}")


def parse_every(text: str) -> Every:
    """`day`, `week`, `half month`, `month`, `quarter`, `year` or `month from day 19`."""
    words = " ".join(str(text).lower().replace("-", " ").split())
    for kind in get_args(Regular):
        if words == kind:
            return Every(kind)
    if found := FROM_DAY.fullmatch(words):
        return Every("month", int(found[1]))
    known = (*get_args(Regular), "month from day 19")
    raise PeriodError(f"unknown period '{text}'{guess(words, known)} (known: {', '.join(known)})")


def parse_period(id: str) -> Period:
    """The regular period of an id."""
    period = _read_id(id)
    if period is None or period.id != id:
        raise PeriodError(
            f"'{id}' is not a period; write one such as 2020-W40, 2020-10-H1, 2020-10 or 2020-Q3"
        )
    return period


def _read_id(id: str) -> Period | None:
    try:
        found = next((pattern.fullmatch(id) for pattern in IDS if pattern.fullmatch(id)), None)
        return _of_parts({name: int(part) for name, part in found.groupdict().items()}) if found else None
    except ValueError:
        return None


def _of_parts(part: dict[str, int]) -> Period:
    year, month = part["year"], part.get("month", 1)
    if "week" in part:
        return Every("week").containing(date.fromisocalendar(year, part["week"], 1))
    if "quarter" in part:
        return Every("quarter").containing(date(year, part["quarter"] * 3, 1))
    if "half" in part:
        return Every("half month").containing(date(year, month, part["half"] * 15 - 14))
    if "start" in part:
        return Every("month", part["start"]).containing(date(year, month, part["start"]))
    kind: Regular = "day" if "day" in part else "month" if "month" in part else "year"
    return Every(kind).containing(date(year, month, part.get("day", 1)))


def _bounded(kind: Kind, first: date, last: date, id: str) -> Period:
    if last < first:
        raise PeriodError(f"{kind} ends on {last}, before it starts on {first}")
    return Period(kind, first, last, id)
