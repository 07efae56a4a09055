"""The sections of a book: which there are, and what each holds."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from engine.language import Scenario, TestCase
from rules.language import Class, Clock, Duty, Formula, Law, Measure, NamedDates, Rule, Template
from rules.office import Alias, BookInfo, Clause, Entry, Group, Param, Post, Reference, Role, Unit
from rules.shape import Address, Identifier, Label, Model, TimeOfDay, listed
from rules.time.moment import WEEKDAYS
from workflows.language import WorkflowSpec

Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Days = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$")]
Hours = tuple[tuple[str, str], ...]


def _named_weekday(written: object) -> object:
    """`friday` for 5."""
    return WEEKDAYS[written - 1] if isinstance(written, int) and 1 <= written <= 7 else written


Weekday = Annotated[
    Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    BeforeValidator(_named_weekday),
    WithJsonSchema({"enum": [*WEEKDAYS, *range(1, 8)]}),
]


class Holiday(Model):
    name: str = Field(min_length=1, description="名称 | name of the holiday")
    days: tuple[Days, ...] = Field(
        min_length=1, description="日期 | days, or runs such as 2020-10-01..2020-10-08"
    )

    _widen = listed("days")


class HalfDay(Model):
    date: Date = Field(description="日期 | day")
    until: TimeOfDay = Field(description="下班时刻 | when the office closes that day")


class OwnDays(Model):
    """Days on which the office differs from its calendar."""

    name: str | None = Field(default=None, description="名称 | what the days are")
    source: str | None = Field(default=None, description="出处 | where it is published")
    off: tuple[Holiday, ...] = Field(default=(), description="放假 | days off")
    worked: tuple[Days, ...] = Field(default=(), description="上班 | days worked, though a weekend")
    half: tuple[HalfDay, ...] = Field(default=(), description="半天 | days that end early")

    _widen = listed("worked")


class CalendarYear(OwnDays):
    year: int = Field(ge=1900, le=2999, description="年份 | year")
    provisional: bool = Field(default=False, description="暂定 | not yet published")
    weekend: tuple[Weekday, ...] | None = Field(
        default=None, description="当年周末 | weekdays off in that year, where they were others"
    )

    _widen_weekend = listed("weekend")


class WeekHours(Model):
    """Office hours of weekdays that differ from the usual ones."""

    monday: Hours | None = Field(default=None, description="星期一 | Monday")
    tuesday: Hours | None = Field(default=None, description="星期二 | Tuesday")
    wednesday: Hours | None = Field(default=None, description="星期三 | Wednesday")
    thursday: Hours | None = Field(default=None, description="星期四 | Thursday")
    friday: Hours | None = Field(default=None, description="星期五 | Friday")
    saturday: Hours | None = Field(default=None, description="星期六 | Saturday")
    sunday: Hours | None = Field(default=None, description="星期日 | Sunday")


class CalendarSpec(Model):
    """A calendar of the office's own, or another one with the office's hours and days laid over it."""

    label: Label | None = Field(default=None, description="名称 | label")
    from_: Annotated[
        Identifier | None,
        Field(
            alias="from",
            default=None,
            description="以此为基础 | another calendar of the book, or one of the library such as cn",
        ),
    ]
    hours: Hours = Field(default=(), description='办公时间 | office hours, such as ["08:30", "12:00"]')
    hours_on: WeekHours = Field(
        default_factory=WeekHours, description="某些星期几的办公时间 | weekdays with other hours"
    )
    weekend: tuple[Weekday, ...] = Field(
        default=("saturday", "sunday"), description="周末 | weekdays off; numbers count from Monday"
    )
    years: tuple[CalendarYear, ...] = Field(
        default=(), description="年度数据 | one entry a year: year, off, worked, half; wins over `from`"
    )
    also_off: tuple[Identifier, ...] = Field(
        default=(), description="这些日历的放假日也放假 | days off in these calendars are off here too"
    )
    overrides: tuple[OwnDays, ...] = Field(
        default=(), description="本机关另定 | days that differ here: off, worked, half"
    )

    _widen = listed("weekend", "also_off")


class BookData(Model):
    """A whole book, merged: every reference to a library already resolved."""

    book: BookInfo = Field(description="总则 | what this book is")
    params: dict[Identifier, Param] = Field(
        default_factory=dict, description="参数 | choices the regulation leaves open"
    )
    units: dict[Identifier, Unit] = Field(default_factory=dict, description="单位 | units")
    groups: dict[Identifier, Group] = Field(
        default_factory=dict, description="分组 | groups of units or posts"
    )
    posts: dict[Address, Post] = Field(
        default_factory=dict, description="岗位 | posts beside head and liaison"
    )
    aliases: dict[Identifier, Alias] = Field(
        default_factory=dict, description="异名 | names that may mean one unit"
    )
    roles: dict[Identifier, Role] = Field(default_factory=dict, description="角色 | who acts or is told")
    references: dict[Identifier, Reference] = Field(
        default_factory=dict, description="相关文件 | other documents"
    )
    calendars: dict[Identifier, CalendarSpec] = Field(
        default_factory=dict, description="日历 | calendars of its own"
    )
    dates: dict[Identifier, NamedDates] = Field(
        default_factory=dict, description="列明的日子 | named lists of days"
    )
    laws: dict[Identifier, Law] = Field(
        default_factory=dict, description="法规 | laws behind rules, and when they are in force"
    )
    workflows: dict[Identifier, WorkflowSpec] = Field(default_factory=dict, description="流程 | workflows")
    classes: dict[Identifier, Class] = Field(
        default_factory=dict, description="分级 | how grave: the highest threshold reached"
    )
    clocks: dict[Identifier, Clock] = Field(default_factory=dict, description="时限 | clocks")
    duties: dict[Identifier, Duty] = Field(default_factory=dict, description="周期性责任 | recurring duties")
    measures: dict[Identifier, Measure] = Field(default_factory=dict, description="指标 | what is counted")
    formulas: dict[Identifier, Formula] = Field(
        default_factory=dict, description="算式 | what follows by calculation for one item"
    )
    rules: dict[Identifier, Rule] = Field(default_factory=dict, description="规则 | rules")
    templates: dict[Identifier, Template] = Field(default_factory=dict, description="模板 | texts of notices")
    items: dict[Identifier, Entry] = Field(
        default_factory=dict, description="开账 | items that exist at the beginning"
    )
    clauses: dict[Identifier, Clause] = Field(
        default_factory=dict, description="条款对照 | where each clause went"
    )
    tests: dict[Identifier, TestCase] = Field(
        default_factory=dict, description="测试 | stories that must come true"
    )


class ScenarioFile(Model):
    scenario: Scenario = Field(description="情景 | made-up behaviour, for simulations")


SECTIONS = (*BookData.model_fields, "scenario")
KEYED = tuple(section for section in BookData.model_fields if section != "book")
# A piece of these may be taken from a library: `from: <file>/<id>`.
RULE_PIECES = (
    *("params", "roles", "references", "dates", "clocks", "duties", "measures", "formulas"),
    *("rules", "templates"),
)
PIECES = (*RULE_PIECES, "workflows")
