"""The shape of an author's tests and of a made-up scenario: what only the engine can run.

Times are written in the book's own time zone: `2020-10-09 09:00`.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from rules.shape import Address, Identifier, Label, Model, Scalar, TimeOfDay, listed

LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d$")]
Values = dict[Identifier, Scalar | tuple[str, ...]]


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
    fields: Values = Field(default_factory=dict, description="字段 | fields it has")


class Open(Model):
    name: Identifier = Field(description="起名 | name for later steps")
    workflow: Identifier = Field(description="工作流 | workflow")
    title: str = Field(default="test item", description="标题 | title")
    unit: Identifier | None = Field(default=None, description="单位 | unit")
    owner: Address | None = Field(default=None, description="责任岗位 | post")
    parent: Identifier | None = Field(default=None, description="上级事项 | name of the parent item")
    by: Address | None = Field(default=None, description="立项人 | post; left out: a rule of the test")
    with_: Annotated[Values, Field(alias="with", default_factory=dict, description="字段 | fields")]


class Do(Model):
    item: Pick = Field(description="事项 | name, or what it is")
    event: Identifier = Field(description="事件 | event")
    by: Address = Field(description="办理人 | post that acts")
    with_: Annotated[Values, Field(alias="with", default_factory=dict, description="参数 | arguments")]
    refused: Identifier | None = Field(
        default=None, description="应被拒绝 | code of the refusal that must come"
    )

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("item"), str):
            return {**data, "item": {"name": data["item"]}}
        return data


class ExpectItems(Model):
    pick: Pick = Field(description="哪些事项 | which items")
    count: int | None = Field(default=None, ge=0, description="件数 | how many; default: exactly one")
    name: Identifier | None = Field(default=None, description="起名 | name for the one that was found")
    opened_at: LocalTime | None = Field(default=None, description="立项时间 | when it was opened")
    due: LocalTime | None = Field(
        default=None, description="到期 | when its clock `due` ends (24:00 is 00:00 next day)"
    )
    light: Identifier | None = Field(default=None, description="亮灯 | light")


class ExpectClock(Model):
    item: Pick
    clock: Identifier = Field(default="due", description="时限 | clock")
    outcome: Identifier | None = Field(default=None, description="结果 | running, met, missed, cancelled")
    due: LocalTime | None = Field(default=None, description="到期 | due at")
    missed_at: LocalTime | None = Field(default=None, description="逾期时刻 | missed at")

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("item"), str):
            return {**data, "item": {"name": data["item"]}}
        return data


class ExpectNotices(Model):
    rule: Identifier | None = Field(default=None, description="规则 | rule that spoke")
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    to: Address | None = Field(default=None, description="收件岗位 | post")
    at: LocalTime | None = Field(default=None, description="时间 | exact time")
    count: int | None = Field(default=None, ge=0, description="件数 | how many; default: at least one")


class ExpectFacts(Model):
    """What a measure comes to at that moment, for a unit, a post, an item, or else for the office."""

    unit: Identifier | None = Field(default=None, description="单位 | unit")
    owner: Address | None = Field(default=None, description="责任岗位 | post")
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    measure: Identifier = Field(description="指标 | measure")
    is_: Scalar | None = Field(
        alias="is", default=None, description="应为 | value; a number as exact as it is written"
    )
    unknown: bool = Field(default=False, description="未知 | not known, for want of cases or otherwise")
    period: str | None = Field(
        default=None, description="周期 | as a rule about this period reads it: 2025-03"
    )

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if sum(each is not None for each in (self.unit, self.owner, self.item)) > 1:
            raise ValueError("a measure is of one unit, one post or one item")
        if (self.is_ is None) != self.unknown:
            raise ValueError("say what the measure `is`, or `unknown: true`")
        return self


class Expect(Model):
    items: tuple[ExpectItems, ...] = Field(default=(), description="事项 | items")
    clocks: tuple[ExpectClock, ...] = Field(default=(), description="时限 | clocks")
    notices: tuple[ExpectNotices, ...] = Field(default=(), description="通知 | notices since the test began")
    facts: tuple[ExpectFacts, ...] = Field(default=(), description="指标 | what measures come to")
    quiet: bool = Field(default=False, description="无事 | no rule spoke since the previous step")


class Step(Model):
    """At a moment: open, do, expect, in this order. The engine has been driven up to that moment first."""

    at: LocalTime = Field(description="时刻 | local time")
    open: tuple[Open, ...] = Field(default=(), description="立项 | open items")
    do: tuple[Do, ...] = Field(default=(), description="办理 | put events to items")
    expect: Expect | None = Field(default=None, description="预期 | what must be true then")

    @model_validator(mode="before")
    @classmethod
    def _single(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {
            key: [value] if key in ("open", "do") and isinstance(value, dict) else value
            for key, value in data.items()
        }


class TestCase(Model):
    """A story on a virtual clock. Only the duties named here run, so that a story is about one thing."""

    __test__ = False  # pytest: not a test class

    label: Label = Field(description="名称 | what it shows")
    golden: str | None = Field(default=None, description="对应时间线 | golden timeline it proves")
    params: dict[Identifier, Scalar] = Field(
        default_factory=dict, description="参数 | parameters for this story"
    )
    duties: tuple[Identifier, ...] = Field(default=(), description="启用的周期责任 | duties that run")
    ledger: bool = Field(default=False, description="开账 | whether the opening ledger is loaded")
    begins: LocalTime = Field(description="开始 | when the office of this story begins")
    timeline: tuple[Step, ...] = Field(min_length=1, description="时间线 | steps in order of time")

    _widen = listed("duties")

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not any(step.expect or any(do.refused for do in step.do) for step in self.timeline):
            raise ValueError("this test expects nothing, so it cannot fail: add `expect`")
        times = [step.at for step in self.timeline]
        if times != sorted(times) or (times and times[0] < self.begins):
            raise ValueError("the steps of `timeline` go forward in time, from `begins` on")
        return self


# ---------------------------------------------------------------- scenario (made up)


class Character(Model):
    """How a unit behaves when it owes something. Shares are percent; the rest is on time."""

    zh: str = Field(description="中文名称 | Chinese name")
    en: str = Field(description="英文名称 | English name")
    late: int = Field(default=0, ge=0, le=100, description="逾期后才办(%) | done, but after the due date")
    never: int = Field(default=0, ge=0, le=100, description="不办(%) | never done")
    late_days: tuple[int, int] = Field(default=(1, 5), description="逾期天数 | from, to")
    early_days: tuple[int, int] = Field(default=(0, 3), description="提前天数 | from, to")
    progress: int = Field(
        default=100, ge=0, le=100, description="任务完成度(%) | what tasks reach by their due date"
    )
    after_interview: Identifier | None = Field(
        default=None, description="约谈后变为 | character after an interview"
    )


class Act(Model):
    """What somebody does when an item is in a state."""

    state: Identifier = Field(description="状态 | state")
    event: Identifier = Field(description="事件 | event")
    by: Identifier = Field(description="角色 | role")
    timing: Annotated[str, StringConstraints(pattern=r"^(due|after \d+ workdays?|every \d+ days)$")] = Field(
        description="何时 | due: around the due date, by character; after n workdays; every n days"
    )
    at: TimeOfDay = Field(default="15:00", description="时刻 | time of day")
    share: int = Field(default=100, ge=1, le=100, description="比例(%) | in how many cases")
    with_: Annotated[
        Values,
        Field(
            alias="with",
            default_factory=dict,
            description="参数 | arguments; `+3 workdays`, `now`, `{progress}`",
        ),
    ]


class Happening(Model):
    """Something that comes from outside on a day: an issue, a clue, a finding."""

    at: LocalTime
    open: Open | None = None
    do: Do | None = None


class TurningPoint(Model):
    """What makes a unit change its character: an event on an item about it."""

    workflow: Identifier = Field(description="工作流 | workflow")
    event: Identifier = Field(description="事件 | event")


class Scenario(Model):
    label: Label = Field(description="名称 | name")
    made_up: Label = Field(description="声明 | that behaviour and people here are invented")
    seed: int = Field(description="随机种子 | seed")
    holder: Label = Field(description="岗位人员 | made-up holder of each post, with {post}")
    mailbox: str = Field(
        description="邮箱 | made-up address of each post, with {post}", pattern=r"\.example$"
    )
    characters: dict[Identifier, Character] = Field(description="性格 | characters")
    default: Identifier = Field(description="默认性格 | character of units not named")
    turning_point: TurningPoint = Field(description="转折 | after which `after_interview` holds")
    units: dict[Address, Identifier] = Field(
        default_factory=dict, description="单位 | character by unit (or post)"
    )
    acts: dict[Identifier, tuple[Act, ...]] = Field(description="行为 | by workflow")
    happenings: tuple[Happening, ...] = Field(default=(), description="事件 | by date")
