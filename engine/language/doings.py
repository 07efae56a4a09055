"""What people do in stories and scenarios: open items, put events to them; and how an item is picked."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from rules.shape import Address, Identifier, Model, Scalar

LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d$")]
Values = dict[Identifier, Scalar | tuple[str, ...]]


def named(data: object) -> Any:
    """`item: a` for `item: {name: a}`."""
    if isinstance(data, dict) and isinstance(data.get("item"), str):
        return {**data, "item": {"name": data["item"]}}
    return data


class Pick(Model):
    """Which item is meant: by the name a step gave it, or by what it is."""

    name: Identifier | None = Field(default=None, description="步骤中起的名 | name given by an earlier step")
    workflow: Identifier | None = Field(default=None, description="工作流 | workflow")
    unit: Identifier | None = Field(default=None, description="单位 | unit")
    owner: Address | None = Field(default=None, description="责任岗位 | post that owes it")
    duty: Identifier | None = Field(default=None, description="责任 | duty that opened it")
    rule: Identifier | None = Field(default=None, description="规则 | rule that opened it")
    period: str | None = Field(default=None, description="周期 | 2020-W40, 2020-10-H1, 2020-10")
    parent: Identifier | None = Field(default=None, description="上级事项 | name of the parent item")
    state: Identifier | None = Field(default=None, description="状态 | state it is in")
    light: Identifier | None = Field(default=None, description="亮灯 | light it shows")
    title: str | None = Field(default=None, description="标题含有 | text that its title contains")
    opened_at: LocalTime | None = Field(default=None, description="立项时间 | when it was opened")
    closed: bool | None = Field(default=None, description="是否终结 | whether it has come to an end")
    fields: Values = Field(default_factory=dict, description="字段 | fields it has")


class Refusable(Model):
    """What somebody tries, and what he must be told when it is not to be done."""

    refused: Identifier | None = Field(
        default=None, description="应被拒绝 | code of the refusal that must come"
    )
    says: str | None = Field(
        default=None, min_length=1, description="拒绝的话含有 | words that the refusal contains, in zh or en"
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.says is not None and self.refused is None:
            raise ValueError("`says` are the words of a refusal: write `refused` with its code as well")
        return self


class Open(Refusable):
    name: Identifier = Field(description="起名 | name for later steps")
    workflow: Identifier = Field(description="工作流 | workflow")
    title: str = Field(default="test item", description="标题 | title")
    unit: Identifier | None = Field(default=None, description="单位 | unit")
    units: Identifier | None = Field(
        default=None,
        description="各单位 | for every unit of this group; the items are called name_1, name_2, …",
    )
    count: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="件数 | so many, for each unit; they are called name_1, name_2, …",
    )
    owner: Address | None = Field(default=None, description="责任岗位 | post")
    parent: Identifier | None = Field(default=None, description="上级事项 | name of the parent item")
    by: Address | None = Field(default=None, description="立项人 | post; left out: a rule of the test")
    with_: Annotated[Values, Field(alias="with", default_factory=dict, description="字段 | fields")]

    @model_validator(mode="after")
    def _refused_to_somebody(self) -> Self:
        if self.refused is not None and self.by is None:
            raise ValueError("an opening is refused to somebody: write `by`, the post that tries")
        if self.unit is not None and self.units is not None:
            raise ValueError(
                "an item is about one `unit`, or there is one for each of the `units` of a group"
            )
        return self

    def each(self, units: Sequence[str]) -> "tuple[Open, ...]":
        """One by one, with their names; `units`: those of the group, where it names one."""
        if self.count is None and self.units is None:
            return (self,)
        about = units if self.units is not None else (self.unit,)
        wanted = [unit for unit in about for _ in range(self.count or 1)]
        return tuple(
            self.model_copy(update={"name": f"{self.name}_{at}", "unit": unit, "units": None, "count": None})
            for at, unit in enumerate(wanted, start=1)
        )


class Do(Refusable):
    item: Pick = Field(description="事项 | name, or what it is")
    event: Identifier = Field(description="事件 | event")
    by: Address = Field(description="办理人 | post that acts")
    happened: LocalTime | None = Field(
        default=None, description="实际发生时间 | its own date, when it is told later than it happened"
    )
    with_: Annotated[Values, Field(alias="with", default_factory=dict, description="参数 | arguments")]

    _named = model_validator(mode="before")(staticmethod(named))
