"""The shape of clocks and duties: until when something is owed, and by whom again and again."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from rules.shape import Identifier, Label, Model, Roll, Scalar, TimeOfDay, listed

Passing = Literal["met", "missed", "ended", "lapsed", "due"]
# A case of a budget that says on purpose that there is no limit.
NO_LIMIT = "none"
# Counted from the event's own date, which may be earlier than the day it was told.
HAPPENED = "happened"


class Relay(Model):
    """Another clock of the same item that hands on to this one."""

    of: Identifier = Field(description="时限 | the other clock")
    on: tuple[Passing, ...] = Field(
        min_length=1,
        description="何时 | met, missed, ended (done, in time or late), lapsed, due (whatever happened)",
    )

    _widen = listed("on")


class Starts(Model):
    state: tuple[Identifier, ...] = Field(
        default=(), description="进入状态时 | on entering one of these states"
    )
    event: tuple[Identifier, ...] = Field(default=(), description="事件发生时 | on one of these events")
    opened: bool = Field(default=False, description="立项时 | when the item is opened")
    clock: Relay | None = Field(default=None, description="接续时限 | when another clock hands on")
    on: Identifier | None = Field(
        default=None,
        description="自何日起算 | counted from this date field, or `happened`: the event's own date",
    )
    cutoff: TimeOfDay | None = Field(
        default=None, description="截点 | what comes later, or on a day of rest, is of the next workday"
    )
    after: str | None = Field(default=None, description="视为 | counted from so much later: 2 workdays")
    latest: str | None = Field(
        default=None, description="最迟 | starts by itself so long after opening, if it has not: 5 workdays"
    )

    again: bool = Field(
        default=False,
        description="每次重新起算 | anew each time its state is entered or a limit comes, after it has ended",
    )

    _widen = listed("state", "event")


class BudgetCase(Model):
    """One class of items and its time."""

    if_: str | None = Field(alias="if", default=None, description="条件 | condition; left out: always")
    is_: str = Field(
        alias="is", description="时限 | 20 workdays, `=item.<duration, or last day>`, or `none`: no limit"
    )


def _one_case(written: object) -> object:
    return [{"is": written}] if isinstance(written, str) else written


Budget = Annotated[
    tuple[BudgetCase, ...],
    BeforeValidator(_one_case, json_schema_input_type=str | tuple[BudgetCase, ...]),
]


class Pause(Model):
    """One cause for which time stands still: while in a state, or from one event to another."""

    label: Label = Field(description="名称 | label")
    states: tuple[Identifier, ...] = Field(default=(), description="状态 | while in one of these states")
    from_: tuple[Identifier, ...] = Field(
        alias="from", default=(), description="开始事件 | from one of these events"
    )
    until: tuple[Identifier, ...] = Field(default=(), description="结束事件 | until one of these events")
    since: Identifier | None = Field(
        default=None, description="自何日 | from the day in this field, also when it is told later"
    )
    back: Identifier | None = Field(default=None, description="至何日 | until the day in this field")
    if_: str | None = Field(alias="if", default=None, description="条件 | asked when the pause would begin")
    again: bool = Field(
        default=False, description="每次再问 | of `states`: `if` is asked at every change, and it ends it too"
    )
    limit: str | None = Field(
        default=None, description="累计上限 | for this cause in all; then time runs on by itself"
    )
    times: int | None = Field(default=None, ge=1, description="次数上限 | so often; not once more")

    _widen = listed("states", "from", "until")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.states) == bool(self.from_):
            raise ValueError("a pause has either `states` or `from` (events), one of the two")
        if self.states and self.until:
            raise ValueError("a pause by `states` ends when the item leaves them: `until` goes with `from`")
        if self.again and not (self.states and self.if_):
            raise ValueError("`again` asks the `if` of a pause by `states` anew: write both")
        return self


class Extensions(Model):
    """Within which bounds rules may extend the clock."""

    times: int | None = Field(default=None, ge=1, description="次数上限 | how often")
    total: str | None = Field(default=None, description="累计上限 | how much in all: 40 workdays")
    from_: Literal["nominal", "rolled", "start"] = Field(
        alias="from",
        default="nominal",
        description="自何时起 | from the end as counted, or as rolled; start: with the time itself, in one",
    )
    after_end: bool = Field(
        default=False, description="到期后 | also one granted after the end counts, and withdraws the miss"
    )


class During(Model):
    from_: date | None = Field(alias="from", default=None, description="自 | first day")
    until: date | None = Field(default=None, description="至(含) | last day, included")
    by: Literal["moment", "opened"] = Field(
        default="moment",
        description="以何时为准 | the moment that counts, or the opening: old cases under old law",
    )


class Extend(Model):
    """More time for a clock, within the bounds that it names."""

    clock: Identifier = Field(description="时限 | clock")
    item: Literal["self", "parent"] = Field(default="self", description="对象 | which item")
    to: str | None = Field(default=None, description="新期限 | `=item.new_due`")
    by: str | None = Field(
        default=None, description="延长 | 10 workdays, or `=item.<field of type duration>`"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.to is None) == (self.by is None):
            raise ValueError("an extension is either `by` a duration or `to` a date, one of the two")
        return self


class Admitted(Model):
    """An event that is possible only in a window, and by which date it is judged."""

    event: Identifier = Field(description="事件 | event")
    on: Identifier | None = Field(
        default=None,
        description="以何日为准 | this date field of the event, or `happened`: its own date. Default: now",
    )


def _one_admitted(written: object) -> object:
    several = written if isinstance(written, list | tuple) else [written]
    return [{"event": each} if isinstance(each, str) else each for each in several]


Admits = Annotated[
    tuple[Admitted, ...],
    BeforeValidator(_one_admitted, json_schema_input_type=Identifier | tuple[Identifier | Admitted, ...]),
]


class Clock(Model):
    """A deadline of items: `due` names a date field of the item, or `budget` is counted from the start."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    of: tuple[Identifier, ...] = Field(min_length=1, description="工作流 | workflows it runs in")
    window: bool = Field(
        default=False, description="期间 | a time in which one may, not must: it lapses and is never missed"
    )
    starts: Starts = Field(description="起算 | opened, a state, an event or another clock")
    first_day: Literal["counted", "not counted"] = Field(
        default="not counted", description="首日 | whether the day of the start counts"
    )
    first_hour: Literal["counted", "not counted"] = Field(
        default="counted",
        description="首小时 | of times in hours: not counted, they begin with the next hour",
    )
    at_least: str | None = Field(
        default=None, description="至少 | however it is counted, it includes so much: 2 workdays"
    )
    if_: str | None = Field(
        alias="if", default=None, description="条件 | asked when it would start: a limit for each class"
    )
    due: Identifier | None = Field(
        default=None, description="期限字段 | field that holds the due date or moment"
    )
    budget: Budget = Field(default=(), description="时限 | 5 workdays, or cases: the first whose `if` holds")
    fixed: bool = Field(
        default=False, description="不随变 | as chosen at the start; else chosen anew when the item changes"
    )
    calendar: Identifier | None = Field(default=None, description="日历 | default: that of the book")
    at: TimeOfDay = Field(
        default="24:00", description="截止时刻 | time of day at which it ends (day budgets, dates)"
    )
    roll: Roll = Field(default="none", description="遇休息日 | none, back, forward to a workday")
    roll_to: Identifier | None = Field(
        default=None, description="顺延至 | instead of `roll`: to the next of these named dates"
    )
    pauses: dict[Identifier, Pause] = Field(
        default_factory=dict, description="中止事由 | when time stands still"
    )
    extensions: Extensions = Field(
        default_factory=Extensions, description="延期的限度 | bounds of extensions"
    )
    stops: tuple[Identifier, ...] = Field(default=(), description="停止 | states in which the duty is done")
    stopped_by: tuple[Identifier, ...] = Field(
        default=(), description="停止事件 | events by which the duty is done; one in `starts` begins it anew"
    )
    done_on: Identifier | None = Field(
        default=None,
        description="以何日办结 | as of the date in this field, or `happened`: the event's own date",
    )
    cancels: tuple[Identifier, ...] = Field(
        default=(), description="取消 | states in which it no longer applies"
    )
    resumes: tuple[Identifier, ...] = Field(
        default=(), description="续计 | events after which it runs on with what was left"
    )
    admits: Admits = Field(
        default=(),
        description="期间内可办 | of a window: these events only while it runs; with `on`, as of that date",
    )
    law: Identifier | None = Field(
        default=None, description="法规 | it only starts while this law is in force"
    )
    effective: During = Field(
        default_factory=During, description="施行期间 | judged when it starts, or by the opening of the item"
    )

    _widen = listed("of", "stops", "stopped_by", "cancels", "resumes")

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.due is None) == (not self.budget):
            raise ValueError("a clock has either `due` (a field) or `budget` (a duration), one of the two")
        return self

    @model_validator(mode="after")
    def _owed_or_open(self) -> Self:
        if self.admits and not self.window:
            raise ValueError("`admits` is of a window: add `window: true`")
        if not self.window and not (self.stops or self.stopped_by):
            raise ValueError("a clock needs `stops`: the states in which the duty is done, or `stopped_by`")
        return self


class Duty(Model):
    """A recurring responsibility: opens one item per subject and period."""

    label: Label = Field(description="名称 | label")
    basis: str = Field(description="依据 | clause")
    opens: Identifier = Field(description="工作流 | workflow of the items")
    for_: Identifier = Field(alias="for", description="对象 | group, unit or role that owes it")
    owner: Identifier | None = Field(
        default=None, description="责任岗位 | role whose post owes it, for each unit"
    )
    every: str = Field(description="周期 | week, half month, month, quarter, year, once, …")
    due: str = Field(
        description="期限 | friday at 17:00, last workday, 5th workday of next month at 17:00, end, …"
    )
    calendar: Identifier | None = Field(default=None, description="日历 | default: that of the book")
    roll: Roll = Field(default="none", description="遇休息日 | none, back, forward")
    roll_to: Identifier | None = Field(
        default=None, description="顺延至 | instead of `roll`: to the next of these named dates"
    )
    opens_at: Literal["start", "end"] = Field(
        default="start", description="何时立项 | at the start of the period, or when it is over"
    )
    during: During = Field(default_factory=During, description="期间 | default: the whole programme")
    law: Identifier | None = Field(default=None, description="法规 | only while this law is in force")
    title: Label = Field(description="标题 | title with {unit} {period}")
    with_: dict[Identifier, Scalar] = Field(
        alias="with", default_factory=dict, description="字段 | fields of the item"
    )
