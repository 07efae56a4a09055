"""The shape of clocks and duties: until when something is owed, and by whom again and again."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.shape import Identifier, Label, Model, Roll, Scalar, TimeOfDay, listed


class Starts(Model):
    state: tuple[Identifier, ...] = Field(
        default=(), description="进入状态时 | on entering one of these states"
    )
    event: tuple[Identifier, ...] = Field(default=(), description="事件发生时 | on one of these events")
    opened: bool = Field(default=False, description="立项时 | when the item is opened")

    _widen = listed("state", "event")


class Clock(Model):
    """A deadline of items: `due` names a date field of the item, or `budget` is counted from the start."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    of: tuple[Identifier, ...] = Field(min_length=1, description="工作流 | workflows it runs in")
    starts: Starts = Field(description="起算 | opened, a state or an event")
    if_: str | None = Field(
        alias="if", default=None, description="条件 | asked when it would start: a limit for each class"
    )
    due: Identifier | None = Field(
        default=None, description="期限字段 | field that holds the due date or moment"
    )
    budget: str | None = Field(default=None, description="时限 | for example 5 workdays")
    at: TimeOfDay = Field(
        default="24:00", description="截止时刻 | time of day at which it ends (day budgets, dates)"
    )
    roll: Roll = Field(default="none", description="遇休息日 | none, back, forward to a workday")
    stops: tuple[Identifier, ...] = Field(min_length=1, description="停止 | states in which the duty is done")
    cancels: tuple[Identifier, ...] = Field(
        default=(), description="取消 | states in which it no longer applies"
    )

    _widen = listed("of", "stops", "cancels")

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.due is None) == (self.budget is None):
            raise ValueError("a clock has either `due` (a field) or `budget` (a duration), one of the two")
        return self


class During(Model):
    from_: date | None = Field(alias="from", default=None, description="自 | first day")
    until: date | None = Field(default=None, description="至(含) | last day, included")


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
    roll: Roll = Field(default="none", description="遇休息日 | none, back, forward")
    opens_at: Literal["start", "end"] = Field(
        default="start", description="何时立项 | at the start of the period, or when it is over"
    )
    during: During = Field(default_factory=During, description="期间 | default: the whole programme")
    title: Label = Field(description="标题 | title with {unit} {period}")
    with_: dict[Identifier, Scalar] = Field(
        alias="with", default_factory=dict, description="字段 | fields of the item"
    )
