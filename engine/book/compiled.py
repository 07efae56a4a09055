"""Rules, clocks, duties and measures of a book, ready to run: every expression parsed, every name resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.cel import Condition
from rules.decide import Nth
from rules.language import Actions, Clock, Duty, Label, Measure, Rule
from rules.time.duration import Duration
from rules.time.moment import DueDay, Offset
from rules.time.period import Every
from rules.time.window import Window


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text with placeholders, `{item.title}`: its parts in order, a literal or the name of a fact."""

    source: str
    parts: tuple[tuple[str, str], ...]  # ("text", "请于 ") | ("fact", "item.due")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The actions of `then` and one rung together: the rung overrides, `with` and `set` are joined."""

    actions: Actions
    # compiled `=…` of with/set/move.with/extend.to, by source text
    expressions: Mapping[str, Condition] = field(default_factory=dict)
    require: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    id: str
    spec: Rule
    workflows: tuple[str, ...]  # empty when it is about units, posts or the office
    groups: tuple[str, ...]  # groups it is evaluated for; empty when about items
    office: bool
    condition: Condition | None
    as_of: Condition | None  # of `count.as_of`, a moment
    offsets: tuple[Offset, ...]  # one per rung of a ladder by time
    nths: tuple[Nth, ...]  # one per rung of a ladder by count
    wanted: tuple[Wanted, ...]  # one per rung, or just one when there is no ladder
    every: Every | None
    on: DueDay | None
    reads: frozenset[str]  # facts of the condition, of placeholders and of every expression

    @property
    def shadow(self) -> bool:
        return self.spec.mode == "shadow"

    def in_force(self, day: date) -> bool:
        effective = self.spec.effective
        return (effective.from_ is None or effective.from_ <= day) and (
            effective.until is None or day <= effective.until
        )


@dataclass(frozen=True, kw_only=True)
class CompiledClock:
    id: str
    spec: Clock
    budget: Duration | None
    minute: int  # minute of the day at which a day ends for this clock; 1440 is 24:00


@dataclass(frozen=True, kw_only=True)
class CompiledDuty:
    id: str
    spec: Duty
    every: Every | None  # None: once
    due: DueDay | date  # a date: once, on that day
    first: date
    last: date
    subjects: tuple[str, ...]  # units or posts that owe it, in order


@dataclass(frozen=True, kw_only=True)
class CompiledMeasure:
    id: str
    spec: Measure
    window: Window


@dataclass(frozen=True, kw_only=True)
class CompiledTemplate:
    id: str
    subject: Mapping[str, Text]  # by language
    body: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class Indexes:
    """What a turn looks up, by workflow."""

    clocks: Mapping[str, tuple[CompiledClock, ...]]
    ladders: Mapping[tuple[str, str], tuple[CompiledRule, ...]]  # (workflow, clock)
    after: Mapping[tuple[str, str], tuple[CompiledRule, ...]]  # (workflow, event); event `open`: it was opened
    before: Mapping[tuple[str, str], tuple[CompiledRule, ...]]  # guards
    periodic: tuple[CompiledRule, ...] = ()


def label_of(label: Label, language: str) -> str:
    return label.zh if language == "zh" else label.en
