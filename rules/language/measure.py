"""The shape of measures: declared facts, counted, calculated, ranked or followed through time."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.shape import Address, Identifier, Label, Model, Scalar, listed

NUMBERED = ("sum", "average")  # what needs numbers
OF_A_FIELD = ("sum", "average", "least", "greatest", "distinct")


class Sample(Model):
    """Below so many the value is not known."""

    of: Address = Field(description="样本 | unit.<measure>: the number of cases")
    at_least: int = Field(ge=1, description="最少件数 | fewer than these: the value is unknown")


class Rank(Model):
    """A place among others. Who has no known value has no place."""

    of: Address = Field(description="按何指标 | unit.<measure> that is compared")
    among: Identifier = Field(description="分组 | group of units (or posts) that are compared")
    within: Identifier | None = Field(
        default=None, description="级内 | only among those in the same unit of this kind: district"
    )
    best: Literal["highest", "lowest"] = Field(description="以何为优 | highest, lowest")
    count: Literal["from best", "from worst"] = Field(
        default="from best", description="名次起点 | place 1 is the best, or the worst"
    )
    ties: Literal["shared", "dense", "last"] = Field(
        default="shared", description="并列 | shared 1,2,2,4; dense 1,2,2,3; last 1,3,3,4"
    )


class Periods(Model):
    """In how many of the last periods a condition held; where it is not known, a period is passed over."""

    if_: str = Field(alias="if", description="条件(CEL) | condition over measures, as of each period")
    every: str = Field(description="周期 | week, month, quarter, …")
    last: int = Field(ge=1, le=120, description="期数 | so many periods, with the one the rule is about")
    count: Literal["consecutive", "all"] = Field(
        default="consecutive", description="算法 | consecutive: in a row up to the last; all: among these"
    )


class Measure(Model):
    """A declared fact: what is counted, on which date, in which window, for whom; or what follows from it."""

    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | clause")
    for_: Literal["item", "unit", "owner", "office"] = Field(
        alias="for", description="对象 | for whom; item: its own events and clocks, and items below it"
    )
    items: tuple[Identifier, ...] = Field(default=(), description="数事项 | items of these workflows")
    clocks: tuple[Identifier, ...] = Field(default=(), description="数时限 | these clocks")
    events: tuple[Identifier, ...] = Field(default=(), description="数事件 | items with these events")
    of: tuple[Identifier, ...] = Field(default=(), description="工作流 | workflows, for clocks and events")
    states: tuple[Identifier, ...] = Field(default=(), description="状态 | only in these states")
    not_states: tuple[Identifier, ...] = Field(default=(), description="排除状态 | not in these states")
    where: dict[Identifier, Scalar | tuple[Scalar, ...]] = Field(
        default_factory=dict,
        description='字段条件 | value, list of values, or bound such as ">= 100", "!= x"',
    )
    same: tuple[Identifier, ...] = Field(
        default=(),
        description="同一 | with `for: item`: those like the item in these fields, or `unit`; itself too",
    )
    over: Identifier = Field(
        default="own", description="层级 | own, below (with the units below), or a kind of unit it is part of"
    )
    by: Identifier | None = Field(
        default=None, description="归属字段 | counted under the unit (or post) that this field names"
    )
    on: Identifier = Field(
        default="opened",
        description="归期 | opened, closed (own date), a date field; clocks: missed, due, overdue, met, …",
    )
    within: str = Field(
        default="ever",
        description="窗口 | calendar year, rolling 12 months, last 8 quarters before the last 3, …",
    )
    after: Address | None = Field(
        default=None, description="起算 | unit.<measure> or item.<measure>: only what is after that moment"
    )
    calendar: Identifier | None = Field(
        default=None, description="日历 | of windows in workdays; default: that of the book"
    )
    reduce: Literal["count", "times", "sum", "latest", "average", "least", "greatest", "distinct"] = Field(
        default="count", description="算法 | count (items), times (events), sum, latest, average, least, …"
    )
    field: Identifier | None = Field(
        default=None, description="字段 | field that is summed or read; latest without it is the date itself"
    )
    each_at_most: int | Decimal | None = Field(
        default=None, description="单项上限 | sums: no item counts for more"
    )
    at_most: int | Decimal | None = Field(default=None, description="总额上限 | sums: the highest total")
    at_least: int | Decimal | None = Field(default=None, description="总额下限 | sums: the lowest total")
    is_: str | None = Field(
        alias="is", default=None, description="算式(CEL) | calculated from measures, params and the unit"
    )
    sample: Sample | None = Field(default=None, description="样本要求 | unknown below a number of cases")
    rank: Rank | None = Field(default=None, description="名次 | place among others")
    periods: Periods | None = Field(default=None, description="连续期数 | in how many periods")
    fixed_by: Identifier | None = Field(
        default=None, description="公布即定 | once this rule has spoken of a period, it stays as it was then"
    )

    _widen = listed("items", "clocks", "events", "of", "states", "not_states", "same")

    @property
    def counts(self) -> bool:
        """Whether it is a number of items, each of which can be named."""
        return self.recorded and self.reduce in ("count", "times")

    @property
    def recorded(self) -> bool:
        """Whether it is read from what is recorded, and not from other measures."""
        return bool(self.items or self.clocks or self.events)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = (self.items, self.clocks, self.events, self.is_, self.rank, self.periods)
        if sum(map(bool, sources)) != 1:
            raise ValueError(
                "a measure has exactly one of `items`, `clocks`, `events`, `is`, `rank`, `periods`"
            )
        if not self.recorded:
            self._check_calculated()
        elif bool(self.of) == bool(self.items):
            raise ValueError("`of` names the workflows for `clocks` and `events`; `items` names them itself")
        return self

    def _check_calculated(self) -> None:
        own = {"label", "basis", "for_", "is_", "sample", "rank", "periods", "fixed_by"}
        if self.model_fields_set - own:
            raise ValueError(
                "what is calculated from other measures has no window, filter or field of its own"
            )

    @model_validator(mode="after")
    def _fitting_field(self) -> Self:
        if self.field is None and self.reduce in OF_A_FIELD:
            raise ValueError("`field` is missing: sum, average, least, greatest and distinct are of a field")
        if self.field is not None and self.reduce in ("count", "times"):
            raise ValueError("`field` is of no use to a count: write `reduce: sum`, latest, average, …")
        bounds = (self.each_at_most, self.at_most, self.at_least)
        if any(bound is not None for bound in bounds) and self.reduce != "sum":
            raise ValueError("`each_at_most`, `at_most` and `at_least` are for `reduce: sum`")
        if self.sample is not None and self.is_ is None:
            raise ValueError("`sample` goes with `is`: a rate that is unknown below a number of cases")
        return self

    @model_validator(mode="after")
    def _fitting_whom(self) -> Self:
        if self.over != "own" and self.for_ != "unit":
            raise ValueError("`over` is for measures of units: only units are part of one another")
        if self.same and self.for_ != "item":
            raise ValueError("`same` is for measures of items: it compares with the item itself")
        if self.fixed_by is not None and self.for_ == "item":
            raise ValueError("`fixed_by` is for measures of units, owners and the office: they have periods")
        if self.by is not None and self.for_ not in ("unit", "owner"):
            raise ValueError("`by` is for measures of units and owners: it names who is counted")
        if self.rank is not None and self.for_ not in ("unit", "owner"):
            raise ValueError("only units and owners have a rank")
        if self.rank is not None and self.rank.within and self.for_ != "unit":
            raise ValueError("`within` is for ranks of units: only units are part of one another")
        return self
