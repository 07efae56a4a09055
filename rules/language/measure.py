"""The shape of measures: declared facts, counted in a window, for somebody."""

from typing import Literal, Self

from pydantic import Field, model_validator

from rules.shape import Identifier, Label, Model, Scalar, listed


class Measure(Model):
    """A declared fact: what is counted, on which date, in which window, for whom."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    for_: Literal["unit", "owner", "office"] = Field(alias="for", description="对象 | counted for whom")
    items: tuple[Identifier, ...] = Field(default=(), description="数事项 | items of these workflows")
    clocks: tuple[Identifier, ...] = Field(default=(), description="数时限 | these clocks")
    events: tuple[Identifier, ...] = Field(default=(), description="数事件 | items with these events")
    of: tuple[Identifier, ...] = Field(default=(), description="工作流 | workflows, for clocks and events")
    states: tuple[Identifier, ...] = Field(default=(), description="状态 | only in these states")
    not_states: tuple[Identifier, ...] = Field(default=(), description="排除状态 | not in these states")
    where: dict[Identifier, Scalar] = Field(default_factory=dict, description="字段条件 | field equals value")
    on: Identifier = Field(
        default="opened",
        description="归期 | the counted date: opened, closed, a date field; of clocks missed, due, overdue",
    )
    within: str = Field(default="ever", description="窗口 | calendar year, rolling 12 months, period, …")
    reduce: Literal["count", "sum", "latest"] = Field(
        default="count", description="算法 | count, sum, latest"
    )
    field: Identifier | None = Field(default=None, description="字段 | field that is summed or read")

    _widen = listed("items", "clocks", "events", "of", "states", "not_states")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(map(bool, (self.items, self.clocks, self.events))) != 1:
            raise ValueError("a measure counts exactly one of `items`, `clocks`, `events`")
        if bool(self.of) == bool(self.items):
            raise ValueError("`of` names the workflows for `clocks` and `events`; `items` names them itself")
        if (self.reduce == "count") != (self.field is None):
            raise ValueError("`field` is given exactly when `reduce` is sum or latest")
        return self
