"""The parts of a book made ready to run: every expression parsed, every condition compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.cel import Condition
from rules.language import Actions, Clock, CountRung, Duty, Measure, Rule, TimeRung
from rules.time.duration import Duration
from rules.time.moment import DueDay, Offset
from rules.time.period import Every, Period, once, programme
from rules.time.window import Window

Subject = Literal["item", "unit", "post", "office"]
Occasion = Literal["clock", "period", "event", "before"]
Whole = Literal["once", "programme"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Actions whose expressions (`=…`, by their text) and requirement are compiled."""

    spec: Actions
    require: Condition | None = None
    expressions: Mapping[str, Condition]


@dataclass(frozen=True, kw_only=True)
class CompiledRung:
    """A step of a ladder by time; `index` counts from 0, in the order of the book."""

    index: int
    spec: TimeRung
    offset: Offset
    wanted: Wanted


@dataclass(frozen=True, kw_only=True)
class CountBand:
    """A step of a ladder by count: from the `first` to the `last` time, both included."""

    spec: CountRung
    first: int
    last: int | None
    wanted: Wanted

    def covers(self, nth: int) -> bool:
        return self.first <= nth and (self.last is None or nth <= self.last)


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """`workflows` and `group` say whom it is for; `reads` are the facts it needs, by canonical name."""

    id: str
    spec: Rule
    subject: Subject
    occasion: Occasion
    workflows: tuple[str, ...] = ()
    group: str | None = None
    condition: Condition | None = None
    every: Every | None = None
    on: DueDay | None = None
    as_of: Condition | None = None
    then: Wanted
    ladder: tuple[CompiledRung, ...] = ()
    times: tuple[CountBand, ...] = ()
    reads: frozenset[str] = frozenset()

    def band(self, nth: int) -> CountBand | None:
        """The step of the ladder by count that speaks the nth time."""
        return next((band for band in self.times if band.covers(nth)), None)


@dataclass(frozen=True, kw_only=True)
class CompiledClock:
    """`at` in minutes after midnight; `condition` is asked when the clock would start."""

    id: str
    spec: Clock
    budget: Duration | None
    at: int
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class CompiledDuty:
    """`first` and `last` day of its time, both included; `of` says whether it is owed by units or posts."""

    id: str
    spec: Duty
    every: Every | Whole
    due: DueDay
    first: date
    last: date
    of: Literal["units", "posts"]
    owers: tuple[str, ...]

    def periods(self) -> Iterator[Period]:
        """Every period for which it is owed, the first and last perhaps cut by its time."""
        if isinstance(self.every, Every):
            yield from self.every.covering(self.first, self.last)
        else:
            yield (once if self.every == "once" else programme)(self.first, self.last)


@dataclass(frozen=True, kw_only=True)
class CompiledMeasure:
    id: str
    spec: Measure
    window: Window
