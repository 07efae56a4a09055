"""The shape of rules: when, if, then, and ladders by time and by count."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from rules.language.time import During, Extend
from rules.shape import Address, Identifier, Label, Model, Scalar, TimeOfDay, listed

# A role, unit or post by name, or an expression that yields one.
WHOM = r"^(=.*\S|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)$"
Whom = Annotated[str, StringConstraints(pattern=WHOM, max_length=500)]


class When(Model):
    """The occasion, exactly one: a rung of a clock, a period, after an event or a change, before an event."""

    clock: Identifier | None = Field(default=None, description="时限 | rungs of this clock (with `ladder`)")
    every: str | None = Field(default=None, description="周期 | month, week, …")
    on: str | None = Field(default=None, description="时点 | first workday at 09:00, …")
    dates: Identifier | None = Field(default=None, description="列明的日子 | on these named dates, with `at`")
    at: TimeOfDay | None = Field(default=None, description="时刻 | time of day, for `dates`")
    about: Literal["previous", "current"] = Field(
        default="previous",
        description="所评周期 | which period it is about; of dates: since the day before, or until the next",
    )
    event: tuple[Identifier, ...] = Field(default=(), description="事件之后 | after one of these events")
    before: tuple[Identifier, ...] = Field(
        default=(), description="事件之前 | before one of these events (a guard); `open`: before it is opened"
    )
    change: tuple[Identifier, ...] = Field(
        default=(), description="字段变动之后 | after the value of one of these fields has changed"
    )

    _widen = listed("event", "before", "change")

    @model_validator(mode="after")
    def _one_occasion(self) -> Self:
        occasions = (self.clock, self.every, self.dates, self.event, self.before, self.change)
        if sum(map(bool, occasions)) != 1:
            raise ValueError("`when` is exactly one of clock, every, dates, event, before, change")
        if bool(self.every) != bool(self.on):
            raise ValueError("`every` and `on` go together: every: month, on: first workday at 09:00")
        if bool(self.dates) != (self.at is not None):
            raise ValueError('`dates` and `at` go together: dates: sittings, at: "09:00"')
        if "open" in self.before and len(self.before) > 1:
            raise ValueError("`before: open` stands alone: before it is opened there is no item to read")
        return self


class Cases(Model):
    """The rule speaks about a set of items, and not twice about the same."""

    of: Address = Field(description="指标 | unit.<measure>: the items, or periods, that it counts")
    again: Literal["changed", "added", "apart"] = Field(
        default="changed",
        description="何时再说 | changed: any other set; added: with a member that is new; "
        "apart: with none that was in a set before",
    )


class Opening(Model):
    """A new item. `propose` opens a draft that a named person decides; `open` opens work."""

    workflow: Identifier = Field(description="工作流 | workflow of the new item")
    title: Label = Field(description="标题 | title with placeholders")
    for_: Whom | None = Field(
        alias="for",
        default=None,
        description="责任对象 | role, unit or post, or `=item.investigator`, a field that names one; "
        "default: same unit",
    )
    for_each: Identifier | None = Field(
        default=None,
        description="逐个单位 | one item for each unit of this field (type units) or member of this group; "
        "`for` is then found anew for each",
    )
    each: Identifier | None = Field(
        default=None, description="逐项 | one item for each text of this list field"
    )
    with_: dict[Identifier, Scalar] = Field(
        alias="with", default_factory=dict, description="字段 | fields; `=…` is an expression"
    )
    join: bool = Field(
        default=True, description="并入 | join an undecided proposal of the same rule and unit"
    )

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if self.each and self.for_each:
            raise ValueError("`each` and `for_each` are two rules: one item for each text, or for each unit")
        if self.for_each and self.for_ and self.for_.startswith("="):
            raise ValueError("`for: =…` names one for all: with `for_each` it is a role, or left out")
        return self


class Tell(Model):
    """One more text for others. Each post is told once of a decision: formally where it is both."""

    to: tuple[Identifier, ...] = Field(min_length=1, description="告诉谁 | roles")
    template: Identifier = Field(description="模板 | text of the notice")
    how: Literal["remind", "notify"] = Field(
        default="notify", description="方式 | remind, or notify formally"
    )
    for_each: Identifier | None = Field(
        default=None,
        description="逐个单位 | the roles of each unit of this field (type units) or of this group",
    )

    _widen = listed("to")


class Move(Model):
    event: Identifier = Field(description="事件 | event")
    item: Literal["self", "parent", "children", "descendants"] = Field(
        default="self", description="对象 | which item; descendants: children, their children, and so on"
    )
    workflow: Identifier | None = Field(default=None, description="工作流 | only those of this workflow")
    with_: dict[Identifier, Scalar] = Field(
        alias="with", default_factory=dict, description="参数 | arguments"
    )

    @model_validator(mode="after")
    def _others_workflow(self) -> Self:
        if self.workflow and self.item == "self":
            raise ValueError("`workflow` says which parent or children are meant: write `item: children`")
        return self


class Document(Model):
    """A draft; with `rows`, `{rows}` in its text becomes one line for each unit."""

    template: Identifier = Field(description="模板 | template")
    title: Label = Field(description="标题 | title")
    rows: Identifier | None = Field(
        default=None, description="逐个单位成行 | a line for each unit of this group or field (type units)"
    )
    row: Label | None = Field(
        default=None, description="每行 | the line, with facts of its unit: {unit}: {unit.petitions}"
    )
    order: Address | None = Field(
        default=None, description="行序 | unit.<measure>, the least first; default: as the group is written"
    )

    @model_validator(mode="after")
    def _rows_of_what(self) -> Self:
        if (self.rows is None) != (self.row is None):
            raise ValueError("`rows` says for which units and `row` what each line is: they go together")
        if self.order is not None and self.rows is None:
            raise ValueError("`order` puts lines in order: it goes with `rows`")
        return self


# One of these may stand where several may.
SEVERAL = ("tell", "propose", "open")


class Actions(Model):
    """What is wanted. The machine reminds, drafts and proposes; what hurts is decided by a person."""

    remind: tuple[Identifier, ...] = Field(default=(), description="提醒 | roles to remind")
    notify: tuple[Identifier, ...] = Field(default=(), description="告知 | roles to notify formally")
    template: Identifier | None = Field(default=None, description="模板 | text of the notice")
    tell: tuple[Tell, ...] = Field(
        default=(), description="分别告知 | other texts for others, one or several"
    )
    propose: tuple[Opening, ...] = Field(
        default=(), description="拟议 | draft for a person's decision, one or several"
    )
    open: tuple[Opening, ...] = Field(default=(), description="立项 | open an item, or several")
    with_: dict[Identifier, Scalar] = Field(
        alias="with", default_factory=dict, description="补充字段 | fields added to what is opened"
    )
    move: Move | None = Field(default=None, description="流转 | put an event to the item")
    set: dict[Identifier, Scalar] = Field(default_factory=dict, description="赋值 | fields of the item")
    light: Literal["none", "green", "yellow", "red"] | None = Field(default=None, description="亮灯 | light")
    extend: Extend | None = Field(default=None, description="延期 | move a deadline")
    document: Document | None = Field(default=None, description="文书 | draft a document")
    require: str | None = Field(default=None, description="须满足 | condition (only with `before`)")
    otherwise: Label | None = Field(default=None, description="否则 | sentence of the refusal")

    _widen = listed("remind", "notify")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: object) -> object:
        """`move: meet` for `move: {event: meet}`, and one of something for a list of it."""
        if not isinstance(data, dict):
            return data
        move = {"move": {"event": data["move"]}} if isinstance(data.get("move"), str) else {}
        alone = {key: [data[key]] for key in SEVERAL if isinstance(data.get(key), dict)}
        return {**data, **move, **alone}

    @property
    def openings(self) -> tuple[tuple[str, int, Opening], ...]:
        """Everything that is opened: under which key, as which one there, and what."""
        if not (self.propose or self.open):
            return ()
        return tuple(
            (key, at, each)
            for key, listing in (("propose", self.propose), ("open", self.open))
            for at, each in enumerate(listing)
        )


class TimeRung(Actions):
    at: str = Field(description="时点 | 5 workdays before at 09:00, at due, 1 workday after at 09:00")
    if_: str | None = Field(
        alias="if", default=None, description="条件 | asked when the rung is reached, beside the rule's own"
    )
    every: str | None = Field(
        default=None, description="重复 | again every 3 workdays, until a higher rung has spoken"
    )
    times: int | None = Field(default=None, ge=2, le=1000, description="次数 | so often at most, in all")
    only: Identifier | None = Field(
        default=None, description="仅在 | moved to the next of these named dates, same time of day"
    )

    @model_validator(mode="after")
    def _times_of_what(self) -> Self:
        if self.times is not None and self.every is None:
            raise ValueError("`times` goes with `every`: a rung that does not come again speaks once")
        return self


class CountRung(Actions):
    nth: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(\+|\.\.[1-9][0-9]*)?$")] = Field(
        description="次数 | 1, 2+, 3..5"
    )

    @model_validator(mode="before")
    @classmethod
    def _text_nth(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("nth"), int):
            return {**data, "nth": str(data["nth"])}
        return data


class Count(Model):
    measure: Address = Field(description="指标 | unit.<measure>: how often before")
    as_of: str | None = Field(default=None, description="截至 | `=args.held_on`; default: as the rule")


class Rule(Model):
    label: Label = Field(description="名称 | label")
    basis: str = Field(description="依据 | clause")
    for_: tuple[Identifier, ...] = Field(
        alias="for", min_length=1, description="对象 | workflows, or a group of units, or `office`"
    )
    mode: Literal["live", "shadow"] = Field(
        default="live", description="模式 | shadow: decided, logged, nothing done"
    )
    law: Identifier | None = Field(default=None, description="法规 | only while this law is in force")
    effective: During = Field(default_factory=During, description="施行期间 | in force from, until")
    calendar: Identifier | None = Field(
        default=None, description="日历 | of its days and durations; default: that of the book"
    )
    when: When = Field(description="何时 | the occasion")
    as_of: str | None = Field(
        default=None,
        description="截至 | `=args.committed_on`: its measures and clocks as they are seen from that moment; "
        "default: now",
    )
    if_: str | None = Field(alias="if", default=None, description="条件 | condition")
    cases: Cases | None = Field(default=None, description="同一组事项不重复 | not twice about the same items")
    yields_to: tuple[Identifier, ...] = Field(
        default=(), description="被吸收 | silent where one of these rules speaks on the same occasion"
    )
    count: Count | None = Field(default=None, description="计次 | what `times` counts")
    then: Actions = Field(default_factory=Actions, description="则 | what is wanted")
    ladder: tuple[TimeRung, ...] = Field(default=(), description="时间阶梯 | rungs by time")
    times: tuple[CountRung, ...] = Field(default=(), description="次数阶梯 | rungs by count")

    _widen = listed("for", "yields_to")

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if bool(self.ladder) != bool(self.when.clock):
            raise ValueError("`ladder` goes with `when: {clock: …}`")
        if bool(self.times) != (self.count is not None):
            raise ValueError("`times` and `count` go together")
        if self.times and self.ladder:
            raise ValueError(
                "a rule has a ladder by time or one by count: open an item, or count when it is opened"
            )
        if not (self.ladder or self.times or self.then != Actions()):
            raise ValueError("the rule wants nothing: write `then`, `ladder` or `times`")
        return self


class Template(Model):
    subject: Label = Field(description="主题 | subject with placeholders")
    body: Label = Field(description="正文 | text with placeholders")
