"""What must be true at a moment of a story."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from engine.language.doings import LocalTime, Pick, named
from rules.shape import Address, Identifier, Model, Scalar, listed

Expected = dict[Identifier, Scalar | tuple[str, ...] | None]


def _picked(data: object) -> Any:
    """`pick: a` for `pick: {name: a}`."""
    if isinstance(data, dict) and isinstance(data.get("pick"), str):
        return {**data, "pick": {"name": data["pick"]}}
    return data


class ExpectItems(Model):
    pick: Pick = Field(description="哪些事项 | which items; a name alone will do")
    count: int | None = Field(default=None, ge=0, description="件数 | how many; default: exactly one")
    name: Identifier | None = Field(default=None, description="起名 | name for the one that was found")
    opened_at: LocalTime | None = Field(default=None, description="立项时间 | when it was opened")
    due: LocalTime | None = Field(
        default=None, description="到期 | when its clock `due` ends (24:00 is 00:00 next day)"
    )
    state: Identifier | None = Field(default=None, description="状态 | state")
    light: Identifier | None = Field(default=None, description="亮灯 | light")
    fields: Expected = Field(default_factory=dict, description="字段 | fields; null: nothing is given")

    _picked = model_validator(mode="before")(staticmethod(_picked))

    @model_validator(mode="after")
    def _of_what(self) -> Self:
        if self.count == 0 and self.told:
            raise ValueError("of items that are not there nothing more can be expected: leave out `count: 0`")
        return self

    @property
    def told(self) -> bool:
        given = (self.name, self.opened_at, self.due, self.state, self.light)
        return bool(self.fields) or any(each is not None for each in given)


class ExpectClock(Model):
    item: Pick
    clock: Identifier = Field(default="due", description="时限 | clock")
    outcome: Identifier | None = Field(
        default=None, description="结果 | running, paused, met, missed, lapsed, cancelled"
    )
    started: LocalTime | None = Field(default=None, description="起算 | began at")
    due: LocalTime | None = Field(default=None, description="到期 | due at")
    missed_at: LocalTime | None = Field(default=None, description="逾期时刻 | missed at")
    ended: LocalTime | None = Field(default=None, description="结束 | ended at")
    pauses: int | None = Field(default=None, ge=0, description="中止次数 | how often it was stopped")
    cause: Identifier | None = Field(default=None, description="中止事由 | why it stands still now")
    extensions: int | None = Field(default=None, ge=0, description="延期次数 | how often it was extended")
    absent: bool = Field(default=False, description="没有此时限 | the item has no such clock")

    _named = model_validator(mode="before")(staticmethod(named))

    @model_validator(mode="after")
    def _of_what(self) -> Self:
        if self.absent and self.model_fields_set - {"item", "clock", "absent"}:
            raise ValueError("of a clock that is absent nothing more can be expected")
        return self


class ExpectNotices(Model):
    rule: Identifier | None = Field(default=None, description="规则 | rule that spoke")
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    to: Address | None = Field(
        default=None, description="收件岗位 | post, or the role of a person whom the item names (`mail`)"
    )
    at: LocalTime | None = Field(default=None, description="时间 | exact time")
    kind: Literal["remind", "notify"] | None = Field(
        default=None, description="方式 | remind: reminder, notify: formal notice"
    )
    template: Identifier | None = Field(default=None, description="模板 | template of its text")
    contains: tuple[str, ...] = Field(default=(), description="含有 | texts in its subject or body")
    count: int | None = Field(default=None, ge=0, description="件数 | how many; default: at least one")

    _widen = listed("contains")


class ExpectDocuments(Model):
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    template: Identifier | None = Field(default=None, description="模板 | template")
    at: LocalTime | None = Field(default=None, description="时间 | exact time")
    contains: tuple[str, ...] = Field(default=(), description="含有 | texts in its title or body")
    count: int | None = Field(default=None, ge=0, description="件数 | how many; default: at least one")

    _widen = listed("contains")


class ExpectRules(Model):
    """That a rule decided; about whom, when, how often, and whether on trial only."""

    rule: Identifier = Field(description="规则 | rule")
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    unit: Identifier | None = Field(default=None, description="单位 | unit")
    owner: Address | None = Field(default=None, description="责任岗位 | post")
    at: LocalTime | None = Field(default=None, description="时间 | exact time")
    shadow: bool | None = Field(default=None, description="试行 | true: decided on trial, nothing done")
    because: tuple[str, ...] = Field(default=(), description="理由含有 | texts in its reason, in zh or en")
    count: int | None = Field(default=None, ge=0, description="次数 | how often; default: at least once")

    _widen = listed("because")

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(each is not None for each in (self.unit, self.owner, self.item)) > 1:
            raise ValueError("a rule speaks about one unit, one post or one item")
        return self


class ExpectPossible(Model):
    """Which events a post may put to an item now: all of them, in any order."""

    item: Pick
    by: Address = Field(description="岗位 | post")
    events: tuple[Identifier, ...] = Field(
        description="可提出的事件 | events: by role, separation of duties and windows; [] for none"
    )

    _widen = listed("events")
    _named = model_validator(mode="before")(staticmethod(named))


class Quiet(Model):
    """No word: of these rules or of any, since the step before or until a moment to come."""

    rule: tuple[Identifier, ...] = Field(default=(), description="规则 | rules; left out: any")
    item: Identifier | None = Field(default=None, description="事项 | about this item only")
    until: LocalTime | None = Field(
        default=None, description="至何时 | from this step until just before then; left out: since the last"
    )

    _widen = listed("rule")


def _quiet(written: object) -> object:
    if isinstance(written, bool):
        return [{}] if written else []
    return [written] if isinstance(written, dict) else written


OF_ITEMS = ("item", "clock", "parent")


class ExpectFacts(Model):
    """What a measure or another fact comes to at that moment, for a unit, a post, an item, or the office."""

    unit: Identifier | None = Field(default=None, description="单位 | unit")
    owner: Address | None = Field(default=None, description="责任岗位 | post")
    item: Identifier | None = Field(default=None, description="事项 | name of the item")
    measure: Identifier | None = Field(default=None, description="指标 | measure")
    fact: Address | None = Field(
        default=None,
        description="事实 | as a condition reads it: item.fine (a formula), clock.due.days_late, unit.rate",
    )
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
        if (self.measure is None) == (self.fact is None):
            raise ValueError("say which `measure`, or which `fact`, one of the two")
        place = (self.fact or "").partition(".")[0]
        if (place in OF_ITEMS and self.item is None) or (place == "unit" and not (self.unit or self.item)):
            raise ValueError("say whose: the `item`, or the `unit`, that the fact is of")
        if (self.is_ is None) != self.unknown:
            raise ValueError("say what the measure `is`, or `unknown: true`")
        return self


class Expect(Model):
    items: tuple[ExpectItems, ...] = Field(default=(), description="事项 | items")
    clocks: tuple[ExpectClock, ...] = Field(default=(), description="时限 | clocks")
    notices: tuple[ExpectNotices, ...] = Field(default=(), description="通知 | notices since the test began")
    documents: tuple[ExpectDocuments, ...] = Field(
        default=(), description="文书 | documents since the test began"
    )
    rules: tuple[ExpectRules, ...] = Field(
        default=(), description="规则 | rules that decided since the test began"
    )
    shadow: tuple[Identifier, ...] = Field(
        default=(), description="试行规则 | rules that decided on trial, nothing being done"
    )
    possible: tuple[ExpectPossible, ...] = Field(default=(), description="谁能办什么 | who may do what")
    facts: tuple[ExpectFacts, ...] = Field(
        default=(), description="指标与事实 | what measures and other facts come to"
    )
    quiet: Annotated[
        tuple[Quiet, ...],
        BeforeValidator(_quiet, json_schema_input_type=bool | Quiet | tuple[Quiet, ...]),
    ] = Field(default=(), description="无事 | no rule spoke since the step before; or which, until when")

    _widen = listed("shadow")

    @model_validator(mode="after")
    def _expects(self) -> Self:
        if self == Expect.model_construct():
            raise ValueError("nothing is expected here, so nothing can fail: write what must be true")
        return self
