"""The shape of named days, laws and formulas: on which days, under which law, what follows by calculation."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from rules.shape import Identifier, Label, Model, Named, Roll, listed


class NamedDates(Named):
    """Days on which something may be done: listed one by one, or recurring in every period."""

    zh: str = Field(min_length=1, description="中文名称 | Chinese name")
    en: str = Field(min_length=1, description="英文名称 | English name")
    basis: str | None = Field(default=None, description="依据 | clause")
    days: tuple[date, ...] = Field(default=(), description="日期 | the days, in order of time")
    every: str | None = Field(default=None, description="周期 | month, week, 2 weeks from 2026-01-05, …")
    on: tuple[str, ...] = Field(
        default=(), description="周期内的日子 | day 1, first monday, last workday, …; goes with `every`"
    )
    roll: Roll = Field(default="none", description="遇休息日 | none, back, forward to a workday")

    calendar: Identifier | None = Field(default=None, description="日历 | default: that of the book")

    _widen = listed("days", "on")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.days) == bool(self.every):
            raise ValueError("named dates are either `days: […]` or `every` with `on`, one of the two")
        if bool(self.every) != bool(self.on):
            raise ValueError("`every` and `on` go together: every: month, on: [day 1, day 15]")
        if self.days and self.roll != "none":
            raise ValueError("`roll` goes with `every`: days listed one by one are as they are written")
        return self


class Law(Named):
    """A law or regulation behind rules, with the days on which it is in force, both included."""

    zh: str = Field(min_length=1, description="中文名称 | Chinese name")
    en: str = Field(min_length=1, description="英文名称 | English name")
    basis: str | None = Field(default=None, description="文号 | where it is published")
    from_: date | None = Field(alias="from", default=None, description="施行日 | first day in force")
    until: date | None = Field(default=None, description="失效前最后一日(含) | last day in force, included")


class Formula(Model):
    """A fact `item.<id>` that follows by calculation from other facts."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    of: tuple[Identifier, ...] = Field(min_length=1, description="工作流 | workflows whose items have it")
    is_: str = Field(alias="is", description="算式 | what it is: an int, a number, a text, true or false")

    _widen = listed("of")
