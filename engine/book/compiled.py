"""The parts of a book made ready to run: every expression parsed, every condition compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from rules.cel import Condition, Kind
from rules.language import (
    Actions,
    Class,
    Clock,
    CountRung,
    Duty,
    Formula,
    Measure,
    NamedDates,
    Pause,
    Rule,
    TimeRung,
)
from rules.time.calendar import Roll
from rules.time.clock import Bounds
from rules.time.duration import Duration
from rules.time.force import ALWAYS, Force
from rules.time.listed import ListedDays
from rules.time.moment import DueDay, Offset
from rules.time.period import Every, Period, once, programme
from rules.time.window import Window
from store.rows import Where

Subject = Literal["item", "unit", "post", "office"]
Occasion = Literal["clock", "period", "event", "before", "change"]
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
    condition: Condition | None = None
    every: Duration | None = None
    times: int | None = None
    only: str | None = None


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
    """`workflows` and `group` say whom it is for; `reads` are the facts it needs, by canonical name; `at` is
    the time of a rule on named dates, in minutes after midnight. It looks from `moment`, counts `as_of`."""

    id: str
    spec: Rule
    subject: Subject
    occasion: Occasion
    workflows: tuple[str, ...] = ()
    group: str | None = None
    condition: Condition | None = None
    force: Force = ALWAYS
    every: Every | None = None
    on: DueDay | None = None
    at: int | None = None
    moment: Condition | None = None
    as_of: Condition | None = None
    then: Wanted
    ladder: tuple[CompiledRung, ...] = ()
    times: tuple[CountBand, ...] = ()
    reads: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()  # facts that a document tells of each of several units

    def band(self, nth: int) -> CountBand | None:
        """The step of the ladder by count that speaks the nth time."""
        return next((band for band in self.times if band.covers(nth)), None)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """Reached from `least` on, or only above it."""

    field: str
    least: Decimal
    above: bool

    def reached(self, value: Decimal) -> bool:
        return value > self.least if self.above else value >= self.least


@dataclass(frozen=True, kw_only=True)
class CompiledLevel:
    """Reached by any of its bounds or its condition; without either always."""

    name: str
    bounds: tuple[Bound, ...]
    condition: Condition | None = None

    @property
    def floor(self) -> bool:
        return not self.bounds and self.condition is None


@dataclass(frozen=True, kw_only=True)
class CompiledClass:
    """`levels`: those that can be reached, the lowest first."""

    id: str
    spec: Class
    levels: tuple[CompiledLevel, ...]


@dataclass(frozen=True, kw_only=True)
class CompiledBudget:
    """One class of items and its time, written in the book or in a `field` of the item, which holds a length
    or is `dated`: the last day; without either it has no limit."""

    condition: Condition | None
    length: Duration | None
    field: str | None
    dated: bool = False

    @property
    def unlimited(self) -> bool:
        return self.length is None and self.field is None

    @property
    def varies(self) -> bool:
        return self.condition is not None or self.field is not None


@dataclass(frozen=True, kw_only=True)
class CompiledPause:
    """`condition` is asked when the pause would begin."""

    id: str
    spec: Pause
    condition: Condition | None
    limit: Duration | None


@dataclass(frozen=True, kw_only=True)
class CompiledClock:
    """`at` and `cutoff` in minutes after midnight; `condition` is asked when the clock would start."""

    id: str
    spec: Clock
    budgets: tuple[CompiledBudget, ...]
    at: int
    condition: Condition | None = None
    cutoff: int | None = None
    force: Force = ALWAYS
    after: Duration | None = None
    latest: Duration | None = None
    at_least: Duration | None = None
    pauses: Mapping[str, CompiledPause]
    bounds: Bounds

    @property
    def roll(self) -> Roll:
        """Towards named dates it rolls forward."""
        return "forward" if self.spec.roll_to is not None else self.spec.roll

    @property
    def budget(self) -> Duration | None:
        """The time that everybody has, where there are no cases."""
        return self.budgets[0].length if len(self.budgets) == 1 else None

    @property
    def varies(self) -> bool:
        """Whether a change of the item may choose another time."""
        return not self.spec.fixed and (len(self.budgets) > 1 or any(each.varies for each in self.budgets))

    @cached_property
    def limits(self) -> Mapping[str, Duration]:
        """For how long each cause may hold it, where that is bounded."""
        return {id: pause.limit for id, pause in self.pauses.items() if pause.limit is not None}


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
    force: Force = ALWAYS

    def periods(self) -> Iterator[Period]:
        """Every period for which it is owed, the first and last perhaps cut by its time."""
        if isinstance(self.every, Every):
            yield from self.every.covering(self.first, self.last)
        else:
            yield (once if self.every == "once" else programme)(self.first, self.last)


@dataclass(frozen=True, kw_only=True)
class CompiledMeasure:
    """`reads`: the facts it is made of. `optional`: it may be unknown. `order`: how its values compare.

    `guarded`: its expression asks by itself what is known; else it is unknown when one of its facts is.
    `same_unit`: what is the same includes the unit of the item.
    """

    id: str
    spec: Measure
    window: Window
    kind: Kind
    optional: bool = False
    where: tuple[Where, ...] = ()
    order: Literal["text", "number", "moment"] = "number"
    condition: Condition | None = None
    guarded: bool = True
    every: Every | None = None
    reads: frozenset[str] = frozenset()
    same_unit: bool = False

    @property
    def fact(self) -> str:
        return f"{self.spec.for_}.{self.id}"


@dataclass(frozen=True, kw_only=True)
class CompiledDates:
    id: str
    spec: NamedDates
    days: ListedDays


@dataclass(frozen=True, kw_only=True)
class CompiledFormula:
    """`reads`: the facts it needs, those of the formulas it builds on included."""

    id: str
    spec: Formula
    kind: Kind
    expression: Condition
    reads: frozenset[str]
