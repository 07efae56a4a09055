"""The shape of a made-up year: characters, what people do in which state, what comes from outside."""

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.language.doings import Do, LocalTime, Open, Values
from rules.shape import Address, Identifier, Label, Model, Named, TimeOfDay


class Character(Named):
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
    timing: Annotated[
        str,
        StringConstraints(
            pattern=r"^(due( or after \d{1,3} workdays?)?|after \d{1,3} workdays?|every [1-9]\d{0,2} days)$"
        ),
    ] = Field(
        description="何时 | due: around the due date, by character, `due or after 5 workdays` where there is "
        "none; after n workdays; every n days"
    )
    at: TimeOfDay = Field(default="15:00", description="时刻 | time of day")
    share: int = Field(default=100, ge=1, le=100, description="比例(%) | in how many cases")
    with_: Annotated[
        Values,
        Field(
            alias="with",
            default_factory=dict,
            description="参数 | arguments; `+3 workdays`, `now`, `{progress}`, `{any}`: made up by type",
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
    turning_point: TurningPoint | None = Field(
        default=None, description="转折 | after which `after_interview` holds"
    )
    units: dict[Address, Identifier] = Field(
        default_factory=dict, description="单位 | character by unit (or post)"
    )
    acts: dict[Identifier, tuple[Act, ...]] = Field(description="行为 | by workflow")
    happenings: tuple[Happening, ...] = Field(default=(), description="事件 | by date")
