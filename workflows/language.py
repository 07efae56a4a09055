"""The shape of a workflow in YAML: what may follow in which state, and who may ask.

Plain data in, validated models out; positions in files are the book reader's business.
"""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from workflows.lengths import compare, read_length

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
FieldType = Literal[
    "text", "date", "moment", "int", "number", "flag", "unit", "units", "post", "texts", "duration", "mail"
]
LANGUAGES = ("zh", "en")
Doer = Annotated[str, StringConstraints(pattern=r"^(parent\.)?[a-z][a-z0-9_]*$", max_length=70)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


# One name may stand where a list may; the JSON Schema says so too, so that editors do not complain.
Names = Annotated[
    tuple[Identifier, ...],
    BeforeValidator(_listed, json_schema_input_type=Identifier | tuple[Identifier, ...]),
]


# Who may not do it: `parent.decide` is that event on the item that this one belongs to.
Doers = Annotated[tuple[Doer, ...], BeforeValidator(_listed, json_schema_input_type=Doer | tuple[Doer, ...])]

# So many, or one from each role.
Approvers = (
    Annotated[int, Field(ge=1, le=9)] | Annotated[tuple[Identifier, ...], Field(min_length=2, max_length=9)]
)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Named(Model):
    """What has its words in Chinese, in English, or in both: in one alone they read the same in the other.

    `alone`: a text by itself may stand for it, and is of no language.
    """

    alone: ClassVar[bool] = False

    @model_validator(mode="before")
    @classmethod
    def _in_both_languages(cls, data: object) -> object:
        if cls.alone and isinstance(data, str):
            return dict.fromkeys(LANGUAGES, data)
        if not isinstance(data, dict):
            return data
        given = [data[key] for key in LANGUAGES if data.get(key) is not None]
        # Where a key is misspelt, that says better what is missing.
        if not given and {field.alias or name for name, field in cls.model_fields.items()}.issuperset(data):
            raise ValueError("words are missing: write `zh` or `en`, one of the two is enough")
        return {**data, **dict.fromkeys(LANGUAGES, given[0])} if len(given) == 1 else data


class Label(Named):
    """What people read: a text, or one in each language."""

    alone = True

    zh: str = Field(min_length=1, description="中文名称 | Chinese label")
    en: str = Field(min_length=1, description="英文名称 | English label")


Bound = int | Decimal | str


def _is_bound(bound: Bound, *, of_length: bool) -> bool:
    return (
        (isinstance(bound, str) and read_length(bound) is not None)
        if of_length
        else not isinstance(bound, str)
    )


def _is_more(one: Bound, other: Bound) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return (compare(str(one), str(other)) or 0) > 0
    return one > other


class FieldSpec(Model):
    """A fact that an item of this workflow carries."""

    type: FieldType = Field(
        description="类型 | text, date, moment, int, number, flag, unit, units, post, texts, "
        "duration (20 workdays), mail (an address; kept out of the log)"
    )
    label: Label = Field(description="名称 | label")
    one_of: dict[Identifier, Label] = Field(
        default_factory=dict,
        description="可取值及其名称 | the only values allowed, with labels (text fields)",
    )
    past: bool = Field(
        default=False,
        description="不得晚于当天（moment：此刻） | that has come: a day or moment ahead is refused",
    )
    at_least: Bound | None = Field(
        default=None, description="不小于 | the least value allowed (int, number and duration fields)"
    )
    at_most: Bound | None = Field(
        default=None, description="不大于 | the greatest value allowed (int, number; duration: 60 days)"
    )
    default: str | int | bool | None = Field(
        default=None, description="默认值 | value when nothing is given on opening"
    )

    @model_validator(mode="after")
    def _bounds_of_what(self) -> Self:
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if bounds and self.type not in ("int", "number", "duration"):
            raise ValueError("`at_least` and `at_most` are for fields of type int, number and duration")
        if any(not _is_bound(bound, of_length=self.type == "duration") for bound in bounds):
            raise ValueError(
                "`at_least` and `at_most` are numbers; of fields of type duration they are durations: 60 days"
            )
        if len(bounds) == 2 and _is_more(*bounds):
            raise ValueError("`at_least` is more than `at_most`: no value would be allowed")
        if self.past and self.type not in ("date", "moment"):
            raise ValueError("`past` is for fields of type date and moment")
        return self


class State(Named):
    """A text alone for a state of which there is nothing else to say."""

    alone = True

    zh: str = Field(min_length=1, description="中文名称 | Chinese label")
    en: str = Field(min_length=1, description="英文名称 | English label")
    final: bool = Field(default=False, description="终态 | nothing can follow, unless it `reopens`")
    success: bool = Field(
        default=True, description="终态是否算完成 | whether this final state counts as done"
    )


class Transition(Model):
    event: Identifier = Field(description="事件 | what is asked")
    label: Label | None = Field(
        default=None, description="名称；同一事件写一次即可 | label; once per event is enough"
    )
    from_: Names = Field(alias="from", min_length=1, description="原状态 | one state or a list")
    to: Identifier | None = Field(
        default=None, description="新状态；不写则状态不变 | left out: the state stays"
    )
    by: Names = Field(min_length=1, description="谁可以提出 | role or roles; `rule` = a rule of the book")
    needs: Names = Field(default=(), description="必填 | fields that must be given")
    takes: Names = Field(default=(), description="选填 | fields that may be given")
    not_by: Doers = Field(
        default=(),
        description="回避：做过这些事的人不得做本事（职责分离） | events whose doer may not do this one; "
        "`open` = who opened the item, `parent` = whoever acted on the item it belongs to, "
        "`parent.decide` = whoever did just that to it, "
        "`own_unit` = whoever belongs to the unit that the item is about",
    )
    approvers: Approvers = Field(
        default=1,
        description="几人同意，或哪些角色各一人 | so many different persons put this event before it "
        "happens, or one from each of these roles",
    )
    reopens: bool = Field(default=False, description="重新办理 | leads out of a final state")

    @property
    def sides(self) -> tuple[str, ...]:
        """The roles of which one person each has to agree; none where only their number counts."""
        return self.approvers if isinstance(self.approvers, tuple) else ()

    @property
    def persons(self) -> int:
        """How many have to agree."""
        return self.approvers if isinstance(self.approvers, int) else len(self.approvers)


class WorkflowSpec(Model):
    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | the clause it rests on")
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")] = Field(
        description="编号前缀 | letters before the item's number"
    )
    sealed: bool = Field(
        default=False, description="保密 | only the roles named in `readers` may know that it exists"
    )
    readers: Names = Field(default=(), description="可见角色 | who may see a sealed item")
    opened_by: Names = Field(
        default=("rule",),
        min_length=1,
        description="谁可以立项 | roles that may open one; `rule` = rules and duties",
    )
    needs: Names = Field(default=(), description="立项必填 | fields that must be given on opening")
    initial: Identifier = Field(description="初始状态 | first state")
    fields: dict[Identifier, FieldSpec] = Field(default_factory=dict, description="字段 | facts it carries")
    states: dict[Identifier, State] = Field(min_length=1, description="状态 | states")
    transitions: tuple[Transition, ...] = Field(default=(), description="流转 | one transition a line")

    @model_validator(mode="after")
    def _sealed_has_readers(self) -> Self:
        if self.readers and not self.sealed:
            raise ValueError("`readers` is only for sealed workflows: add `sealed: true` or drop it")
        if self.sealed and not self.readers:
            raise ValueError("a sealed workflow nobody may read: name the roles in `readers`")
        return self

    def label_of(self, event: str) -> Label:
        """The label of an event; the event's own name when no transition gives one."""
        labels = (each.label for each in self.transitions if each.event == event and each.label)
        return next(labels, Label(zh=event, en=event.replace("_", " ")))
