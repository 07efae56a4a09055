"""Periods a duty or measure is counted by: weeks, half months, months from any day, quarters, years, and
runs of several days, weeks or months from a day of one's own, such as a financial year or a fortnight.

Both bounds of a period are days and included. `2020-W40`, `2020-10-H1`, `2020-10`, `2020-Q3`, `2020`,
`2020-10-01`, `2020-10-D19` (19 October to 18 November), `2026-01-05-2W` (two weeks from 5 January) and
`2026-04-01-1Y` (a year from 1 April) are ids that sort and can be read back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, get_args

from rules.time.duration import add_months
from rules.time.errors import PeriodError, guess
from rules.time.instant import END_OF_DAY, instant, local_day

Regular = Literal["day", "week", "half month", "month", "quarter", "year"]
Run = Literal["days", "weeks", "months"]
Kind = Literal[
    "day", "week", "half month", "month", "quarter", "year", "days", "weeks", "months", "programme", "once"
]
DAY = timedelta(days=1)
FROM_DAY = re.compile(r"month from day (\d+)")
RUN = re.compile(r"(?:(\d+) )?(day|week|month|half year|quarter|year)s?(?: from ((?:\d{4} )?\d\d \d\d))?")
UNITS: dict[str, tuple[Run, int]] = {
    "day": ("days", 1),
    "week": ("weeks", 1),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "half year": ("months", 6),
    "year": ("months", 12),
}
# A day of every year is kept with a year; any year would do.
SOME_YEAR = 2000
EXAMPLES = ("month from day 19", "half year", "year from 04-01", "2 weeks from 2026-01-05")
# A bound on everything: nothing in an office comes round more seldom.
LONGEST = 1200
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
        rf"{YEAR}-{MONTH}-(?P<day>\d\d)-(?P<days>[1-9]\d{{0,3}})D",
        rf"{YEAR}-{MONTH}-(?P<day>\d\d)-(?P<weeks>[1-9]\d{{0,3}})W",
        rf"{YEAR}-{MONTH}-(?P<day>\d\d)-(?P<months>[1-9]\d{{0,3}})M",
        rf"{YEAR}-{MONTH}-(?P<day>\d\d)-(?P<years>[1-9]\d{{0,2}})Y",
        rf"{YEAR}-W(?P<week>\d\d)",
        rf"{YEAR}-Q(?P<quarter>\d)",
    )
]


@dataclass(frozen=True)
class Every:
    """A regular run of periods without gaps; `start_day` only for months.

    Of `days`, `weeks` and `months` so many (`count`) make a period, and one of them begins on `since`; which
    one it is makes no difference.
    """

    kind: Regular | Run
    start_day: int = 1
    count: int = 1
    since: date | None = field(default=None, compare=False)
    phase: tuple[int, int] = field(default=(0, 0), init=False, repr=False)

    def __post_init__(self) -> None:
        assert (self.since is not None) == (self.kind in get_args(Run)), (
            "only runs begin on a day of their own"
        )
        start = self.since.day if self.since and self.kind == "months" else self.start_day
        if not 1 <= start <= LATEST_START:
            raise PeriodError(
                f"a month can start on day 1 to {LATEST_START}, so that every month has the day"
            )
        if self.since is not None:
            object.__setattr__(self, "phase", self._phase(self.since))

    def _phase(self, since: date) -> tuple[int, int]:
        """Where the run stands, whichever of its periods one counts from."""
        if self.kind == "months":
            return (12 * since.year + since.month) % self.count, since.day
        return since.toordinal() % self._length.days, 0

    def __str__(self) -> str:
        if self.since is not None:
            yearly = self.kind == "months" and self.since.year == SOME_YEAR
            return f"{self.count} {self.kind} from {f'{self.since:%m-%d}' if yearly else self.since}"
        return self.kind if self.start_day == 1 else f"{self.kind} from day {self.start_day}"

    def containing(self, day: date) -> "Period":
        first = self._first(day)
        last = self._following(first) - DAY
        return Period(self.kind, first, last, self._id(first), self.start_day, self.count)

    def covering(self, first: date, last: date) -> Iterator["Period"]:
        """Every period touched by the days from first to last, both included."""
        period = self.containing(first)
        while period.first <= last:
            yield period
            period = period.next()

    def _first(self, day: date) -> date:  # noqa: PLR0911  # one for each kind
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
            case "months":
                return add_months(self._since, self._months_until(day) // self.count * self.count)
            case "days" | "weeks":
                return self._since + (day - self._since) // self._length * self._length

    @property
    def _since(self) -> date:
        assert self.since is not None
        return self.since

    @property
    def _length(self) -> timedelta:
        return self.count * (DAY if self.kind == "days" else timedelta(weeks=1))

    def _months_until(self, day: date) -> int:
        """Whole months from the day on which the run begins."""
        months = 12 * (day.year - self._since.year) + day.month - self._since.month
        return months - (day.day < self._since.day)

    def _following(self, first: date) -> date:  # noqa: PLR0911  # one for each kind
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
            case "months":
                return add_months(first, self.count)
            case "days" | "weeks":
                return first + self._length

    def _id(self, first: date) -> str:  # noqa: PLR0911  # one for each kind
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
            case "months" if self.count % 12 == 0:
                return f"{first}-{self.count // 12}Y"
            case "days" | "weeks" | "months":
                return f"{first}-{self.count}{self.kind[0].upper()}"


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    kind: Kind
    first: date
    last: date
    id: str
    start_day: int = 1
    count: int = 1

    @property
    def every(self) -> Every:
        match self.kind:
            case "programme" | "once":
                raise PeriodError(f"period '{self.id}' does not repeat; there is none before or after it")
            case "days" | "weeks" | "months":
                return Every(self.kind, count=self.count, since=self.first)
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


def parse_every(text: str, since: date | None = None) -> Every:
    """`week`, `half month`, `month from day 19`, `half year`, `year from 04-01`, `2 weeks from 2026-01-05`, …

    `since`: the first day of a run that does not name one and cannot do without. Raises PeriodError.
    """
    words = " ".join(str(text).lower().replace("-", " ").split())
    for kind in get_args(Regular):
        if words in (kind, f"1 {kind}"):
            return Every(kind)
    if found := FROM_DAY.fullmatch(words):
        return Every("month", int(found[1]))
    if found := RUN.fullmatch(words):
        return _run(text, found, since)
    known = (*get_args(Regular), *EXAMPLES)
    raise PeriodError(f"unknown period '{text}'{guess(words, known)} (known: {', '.join(known)})")


def _run(text: str, found: re.Match[str], since: date | None) -> Every:
    kind, length = UNITS[found[2]]
    count = int(found[1] or 1) * length
    if not 0 < count <= LONGEST:
        raise PeriodError(f"'{text}' is out of bounds; the number goes from 1 to {LONGEST} {kind}")
    yearly = kind == "months" and 12 % count == 0
    if found[3] is None:
        first = date(SOME_YEAR, 1, 1) if yearly else since
        if first is None:
            raise PeriodError(f"'{text}' could begin on any day; write '{text} from 2026-01-05'")
        return Every(kind, count=count, since=first)
    day = _start(text, found[3])
    if day.year == SOME_YEAR and not yearly:
        raise PeriodError(
            f"'{text}' does not begin on the same day each year; write '… from 2026-{found[3]}'"
        )
    return Every(kind, count=count, since=day)


def _start(text: str, words: str) -> date:
    """The day on which a run begins; of a day without a year, in some year."""
    written = words.replace(" ", "-")
    try:
        return date.fromisoformat(written if len(written) > 5 else f"{SOME_YEAR}-{written}")
    except ValueError:
        raise PeriodError(f"'{text}': {written} is not a day; write 04-01 or 2026-04-01") from None


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
    if run := _run_of_parts(part):
        return run
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


def _run_of_parts(part: dict[str, int]) -> Period | None:
    lengths: dict[str, tuple[Run, int]] = {
        "days": ("days", 1),
        "weeks": ("weeks", 1),
        "months": ("months", 1),
        "years": ("months", 12),
    }
    for name, (kind, length) in lengths.items():
        if name in part:
            since = date(part["year"], part["month"], part["day"])
            return Every(kind, count=part[name] * length, since=since).containing(since)
    return None


def _bounded(kind: Kind, first: date, last: date, id: str) -> Period:
    if last < first:
        raise PeriodError(f"{kind} ends on {last}, before it starts on {first}")
    return Period(kind, first, last, id)
