"""The shape of a story: steps on a virtual clock, and what must be true at each of them."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from engine.language.doings import Do, LocalTime, Open
from engine.language.expect import Expect
from rules.shape import Address, Identifier, Label, Model, Scalar, listed

StepTime = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\d{4}-\d{2}-\d{2} )?([01]\d|2[0-3]):[0-5]\d$"
        r"|^\+\d{1,4} (minute|hour|day|workday|week|month)s?( at ([01]\d|2[0-3]):[0-5]\d)?$"
    ),
]


class Step(Model):
    """At a moment: what must be true before, open, do, expect, in this order, whatever the order of the file.

    The engine has been driven up to that moment first.
    """

    at: StepTime = Field(
        description="时刻 | local time; `14:00`: the same day; `+3 workdays at 09:00`: after the step before"
    )
    before: Expect | None = Field(
        default=None, description="先有预期 | what must be true before anything is done in this step"
    )
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

    @property
    def expects(self) -> bool:
        tried = any(each.refused for each in (*self.open, *self.do))
        return tried or self.expect is not None or self.before is not None


class People(Model):
    """Who holds the posts. Every post not named here has a person of its own."""

    vacant: tuple[Address, ...] = Field(default=(), description="空缺 | posts that nobody holds")
    same: tuple[tuple[Address, ...], ...] = Field(
        default=(), description="一人多岗 | lists of posts that one person holds: [[a, b], [c, d]]"
    )

    _widen = listed("vacant")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        posts = [*self.vacant, *(post for posts in self.same for post in posts)]
        if len(set(posts)) < len(posts):
            raise ValueError("each post is named once under `people`: it is vacant, or one person holds it")
        if any(len(posts) < 2 for posts in self.same):
            raise ValueError("`same` lists two posts or more that one person holds: [[head, deputy]]")
        return self


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
    people: People = Field(default_factory=People, description="岗位人员 | vacant posts, one person in two")
    begins: LocalTime = Field(description="开始 | when the office of this story begins")
    timeline: tuple[Step, ...] = Field(min_length=1, description="时间线 | steps in order of time")

    _widen = listed("duties")

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not any(step.expects for step in self.timeline):
            raise ValueError("this test expects nothing, so it cannot fail: add `expect`")
        times = [step.at for step in self.timeline if len(step.at) == len(self.begins)]
        if times != sorted(times) or (times and times[0] < self.begins):
            raise ValueError("the steps of `timeline` go forward in time, from `begins` on")
        return self
