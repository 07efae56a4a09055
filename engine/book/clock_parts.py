"""Clocks made ready: when they start, how long they run, when time stands still, how far they extend."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.book.clockwork import check_hours, parse
from engine.book.compiled import CompiledBudget, CompiledClock, CompiledPause
from engine.book.conditions import compile_at
from engine.book.context import Context
from engine.book.facts import Catalogue, Scene
from engine.book.finding import Path
from rules.cel import Condition
from rules.language import BudgetCase, Clock
from rules.language.time import NO_LIMIT
from rules.time.clock import Bounds
from rules.time.duration import Duration
from rules.time.errors import TimeError
from rules.time.instant import END_OF_DAY, instant, parse_time

AGREED = re.compile(r"=\s*item\.([a-z][a-z0-9_]*)\s*")
DURATION = "duration"
DATES = {"date", "moment"}


def compile_clocks(context: Context) -> dict[str, CompiledClock]:
    """Those without a mistake; the others have findings."""
    found = {}
    for id, spec in context.data.clocks.items():
        before = len(context.findings)
        clock = _Compiler(context, id, spec).compile()
        if all(each.severity != "error" for each in context.findings[before:]):
            found[id] = clock
    return found


@dataclass
class _Compiler:
    context: Context
    id: str
    spec: Clock

    def __post_init__(self) -> None:
        self.path: Path = ("clocks", self.id)

    def compile(self) -> CompiledClock:
        spec, starts = self.spec, self.spec.starts
        return CompiledClock(
            id=self.id,
            spec=spec,
            budgets=tuple(self._budgets()),
            at=parse_time(spec.at),
            condition=self._condition(spec.if_, (*self.path, "if")),
            cutoff=parse_time(starts.cutoff) if starts.cutoff else None,
            after=self._length(starts.after, (*self.path, "starts", "after")),
            latest=self._length(starts.latest, (*self.path, "starts", "latest")),
            at_least=self._length(spec.at_least, (*self.path, "at_least")),
            pauses=self._pauses(),
            bounds=self._bounds(),
        )

    def _budgets(self) -> Iterator[CompiledBudget]:
        for at, case in enumerate(self.spec.budget):
            path = (*self.path, "budget", at)
            condition = self._condition(case.if_, (*path, "if"))
            field = self._agreed(case, (*path, "is"))
            limited = field is None and case.is_ != NO_LIMIT
            length = self._length(case.is_, (*path, "is")) if limited else None
            dated = field is not None and self._types(field) != {DURATION}
            yield CompiledBudget(condition=condition, length=length, field=field, dated=dated)

    def _types(self, field: str) -> set[str]:
        specs = self.context.specs(self.spec.of)
        return {spec.fields[field].type for spec in specs if field in spec.fields}

    def _agreed(self, case: BudgetCase, path: Path) -> str | None:
        """The field that holds the time; what is computed otherwise could be no time at all."""
        if not case.is_.startswith("="):
            return None
        found = AGREED.fullmatch(case.is_)
        types = self._types(found[1]) if found else set()
        if found and (types == {DURATION} or (types and types <= DATES)):
            return found[1]
        zh = f"{case.is_} 不是时长或日期：请写 =item.<类型为 duration、date、moment 的字段>，或分情形写明"
        en = f"{case.is_} is no field of type duration, date or moment: write =item.<such a field>, or cases"
        self.context.note(path, "not_a_duration", zh=zh, en=en)
        return None

    def _length(self, text: str | None, path: Path) -> Duration | None:
        if text is None or text.startswith("="):
            return None
        length = parse(self.context, path, read_length, text)
        if length is not None:
            check_hours(self.context, path, length, self.spec.calendar)
            self._check_reach(length, path)
        return length

    def _check_reach(self, length: Duration, path: Path) -> None:
        """Nothing is set for longer than the calendar can guess at."""
        calendar = self.context.calendar_of(self.spec.calendar)
        if calendar is None or (length.unit.startswith("business") and not calendar.hours):
            return
        end = instant(self.context.data.book.programme.end, END_OF_DAY, calendar.zone)
        try:
            reached = length.due(end, calendar).nominal.date() <= calendar.last
        except (TimeError, ValueError, OverflowError):
            reached = False
        if not reached:
            zh, en = f"{length.text()} 超出日历所及", f"{length} leads beyond the calendar"
            self.context.note(path, "too_long", zh=zh, en=en)

    def _pauses(self) -> Mapping[str, CompiledPause]:
        found = {}
        for id, spec in self.spec.pauses.items():
            path = (*self.path, "pauses", id)
            found[id] = CompiledPause(
                id=id,
                spec=spec,
                condition=self._condition(spec.if_, (*path, "if")),
                limit=self._length(spec.limit, (*path, "limit")),
            )
        return found

    def _bounds(self) -> Bounds:
        spec = self.spec.extensions
        total = self._length(spec.total, (*self.path, "extensions", "total"))
        return Bounds(times=spec.times, total=total, base=spec.from_, after_end=spec.after_end)

    def _condition(self, source: str | None, path: Path) -> Condition | None:
        """It may read the item, its unit and the parameters, and how other clocks stand."""
        if source is None:
            return None
        scene = Scene(subject="item", occasion="clock", workflows=self.spec.of)
        condition = compile_at(self.context, source, path, Catalogue(self.context).facts(scene))
        reads = condition.reads if condition else frozenset[str]()
        counted = {name for name in reads if name.split(".")[-1] in self.context.data.measures}
        if counted:
            # A clock starts in the middle of a step, when what has just happened is not yet counted.
            zh = f"时限的条件只能读事项、单位和参数，不能读指标 {min(counted)}"
            read = min(counted)
            en = f"a clock's condition may read the item, its unit and parameters, not the measure {read}"
            self.context.note(path, "clock_reads_measure", zh=zh, en=en)
        if any(name.startswith(f"clock.{self.id}.") for name in reads):
            zh = f"时限 {self.id} 的条件读了它自己"
            en = f"a condition of the clock {self.id} reads the clock itself"
            self.context.note(path, "clock_reads_itself", zh=zh, en=en)
        return condition


def read_length(text: str) -> Duration:
    """Raises TimeError."""
    duration = Duration.parse(text)
    if duration.unit == "%":
        raise TimeError(f"'{text}' is a share of a time; a clock needs a length, such as '5 workdays'")
    return duration
