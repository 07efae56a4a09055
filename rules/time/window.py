"""Windows a measure looks through: which days count at a given day, both bounds included.

`rolling 12 months` ends on the day itself and starts on the day after the same-numbered day a year ago,
clamped: at 2020-02-29 it is 2019-03-01..2020-02-29. `rolling 30 days` is the day and the 29 before it.
Named periods (`month`, `calendar year`) are whole, also the days still to come.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from rules.time.duration import add_months
from rules.time.errors import PeriodError, guess
from rules.time.instant import local_day
from rules.time.period import Every, Period, parse_every

DAY = timedelta(days=1)
ROLLING = re.compile(r"rolling (\d+) (day|week|month|year)s?")
PLAIN = ("calendar year", "programme year", "programme", "period", "ever")
KNOWN = (
    *PLAIN,
    "rolling 12 months",
    "rolling 30 days",
    "week",
    "half month",
    "month",
    "quarter",
    "year",
    "day",
)
# A bound on everything: a longer memory is `ever`.
LONGEST = 10_000
Bounds = tuple[date, date]


@dataclass(frozen=True)
class Window:
    """Ask `parse_window` for one. `steps` is the length that rolls, or -1 for the previous period."""

    text: str
    every: Every | None = None
    steps: int = 0
    rolling: str | None = None

    def __str__(self) -> str:
        return self.text

    def bounds(
        self,
        at: date | datetime,
        *,
        programme: tuple[date, date] | None = None,
        period: Period | None = None,
        zone: tzinfo | None = None,
    ) -> Bounds:
        """First and last day counted at a day (an instant needs the zone it is read in)."""
        day = _day(at, zone)
        if self.every:
            return _period_bounds(self.every, self.steps, day)
        if self.rolling:
            return _rolling_start(day, self.steps, self.rolling), day
        if self.text == "ever":
            return date.min, date.max
        if self.text == "period":
            if period is None:
                raise PeriodError(
                    "window 'period' needs a rule that runs once a period; name a window such as 'month'"
                )
            return period.first, period.last
        if programme is None:
            raise PeriodError(
                f"window '{self.text}' needs a programme with a start and an end; give them in the book"
            )
        return programme if self.text == "programme" else programme_year(programme[0], day)


def parse_window(text: str) -> Window:
    words = " ".join(str(text).lower().replace("-", " ").split())
    if words == "calendar year":
        return Window(words, Every("year"))
    if words in PLAIN:
        return Window(words)
    if found := ROLLING.fullmatch(words):
        return _rolling(words, int(found[1]), found[2])
    return _regular(text, words)


def programme_year(start: date, day: date) -> Bounds:
    """The year between two anniversaries of the start that holds the day; 29 February falls on the 28th."""
    years = day.year - start.year
    if add_months(start, 12 * years) > day:
        years -= 1
    return add_months(start, 12 * years), add_months(start, 12 * (years + 1)) - DAY


def _rolling(words: str, length: int, unit: str) -> Window:
    if not 0 < length <= LONGEST:
        raise PeriodError(f"'{words}' is out of bounds; write a number from 1 to {LONGEST}")
    return Window(words, steps=length, rolling=unit)


def _regular(text: str, words: str) -> Window:
    back = words.startswith("previous ")
    try:
        every = parse_every(words.removeprefix("previous "))
    except PeriodError:
        known = (*KNOWN, "previous month", "previous week", "previous half month", "previous quarter")
        hint = guess(words, known)
        raise PeriodError(
            f"unknown window '{text}'{hint} (known: {', '.join(KNOWN)}, previous month …)"
        ) from None
    return Window(words, every, -1 if back else 0)


def _day(at: date | datetime, zone: tzinfo | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise PeriodError(f"{at.isoformat()} is an instant; a window needs the zone to know its day")
    return local_day(at, zone)


def _period_bounds(every: Every, steps: int, day: date) -> Bounds:
    period = every.containing(day)
    if steps:
        period = period.previous()
    return period.first, period.last


def _rolling_start(day: date, length: int, unit: str) -> date:
    match unit:
        case "day":
            return day - timedelta(days=length) + DAY
        case "week":
            return day - timedelta(weeks=length) + DAY
        case "month":
            return add_months(day, -length) + DAY
    return add_months(day, -12 * length) + DAY
