"""The shape of a workflow in YAML: what may follow in which state, and who may ask.

Plain data in, validated models out; positions in files are the book reader's business.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
FieldType = Literal["text", "date", "moment", "int", "number", "flag", "unit", "post", "texts"]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Label(Model):
    """What people read, in both languages."""

    zh: str = Field(min_length=1, description="中文名称 | Chinese label")
    en: str = Field(min_length=1, description="英文名称 | English label")


class FieldSpec(Model):
    """A fact that an item of this workflow carries."""

    type: FieldType = Field(description="类型 | text, date, moment, int, number, flag, unit, post, texts")
    label: Label = Field(description="名称 | label")
    one_of: tuple[str, ...] = Field(default=(), description="可取值 | the only values allowed (text fields)")
    default: str | int | bool | None = Field(default=None, description="默认值 | value when nothing is given")


class State(Model):
    zh: str = Field(min_length=1, description="中文名称 | Chinese label")
    en: str = Field(min_length=1, description="英文名称 | English label")
    final: bool = Field(default=False, description="终态 | nothing can follow")
    success: bool = Field(default=True, description="终态是否算完成 | whether this final state counts as done")


class Transition(Model):
    event: Identifier = Field(description="事件 | what is asked")
    label: Label | None = Field(default=None, description="名称 | label of the event")
    from_: Annotated[tuple[Identifier, ...], Field(alias="from", description="原状态 | one state or a list")]
    to: Identifier | None = Field(default=None, description="新状态;不写则状态不变 | left out: the state stays")
    by: tuple[Identifier, ...] = Field(
        min_length=1, description="谁可以提出 | role or roles; `rule` = only a rule of the book"
    )
    needs: tuple[Identifier, ...] = Field(default=(), description="必填 | fields that must be given")
    takes: tuple[Identifier, ...] = Field(default=(), description="选填 | fields that may be given")
    not_by: tuple[Identifier, ...] = Field(
        default=(),
        description="回避 | events whose doer may not do this one (職責分離); `open` = who opened the item",
    )

    @model_validator(mode="before")
    @classmethod
    def _widen(cls, data: object) -> object:
        if isinstance(data, dict):
            for key in ("from", "by", "needs", "takes", "not_by"):
                if isinstance(data.get(key), str):
                    data = {**data, key: [data[key]]}
        return data


class WorkflowSpec(Model):
    label: Label = Field(description="名称 | label")
    basis: str | None = Field(default=None, description="依据 | the clause it rests on")
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")] = Field(
        description="编号前缀 | letters before the item's number"
    )
    sealed: bool = Field(default=False, description="保密 | only the roles named in `readers` may see it exists")
    readers: tuple[Identifier, ...] = Field(default=(), description="可见角色 | who may see a sealed item")
    opened_by: tuple[Identifier, ...] = Field(
        default=("rule",), description="谁可以立项 | roles that may open one; `rule` = rules and duties"
    )
    initial: Identifier = Field(description="初始状态 | first state")
    fields: dict[Identifier, FieldSpec] = Field(default_factory=dict, description="字段 | facts it carries")
    states: dict[Identifier, State] = Field(min_length=1, description="状态 | states")
    transitions: tuple[Transition, ...] = Field(default=(), description="流转 | one transition a line")

    @model_validator(mode="after")
    def _readers_only_when_sealed(self) -> Self:
        if self.readers and not self.sealed:
            raise ValueError("`readers` is only for sealed workflows: add `sealed: true` or drop it")
        return self
