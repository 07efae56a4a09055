"""The shape of an office: its document, parameters, units, posts, roles, ledger and clauses.

Plain data in, validated models out; names are cross-checked by the book reader.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from rules.shape import Address, Identifier, Label, Model, Named, Scalar, listed

FIELD_OF_ITEM = r"^item\.[a-z][a-z0-9_]*$"


class Basis(Model):
    document: str = Field(description="文号 | document number")
    title: Label = Field(description="文件名称 | title of the document")
    adopted: date | None = Field(default=None, description="审议通过日期 | adopted on")
    issued: date | None = Field(default=None, description="成文日期 | signed on")
    published: str | None = Field(default=None, description="发布时间 | published at")
    contact: Label | None = Field(default=None, description="咨询渠道 | whom to ask")


class Programme(Model):
    start: date = Field(description="开始日期 | first day")
    end: date = Field(description="结束日期(含) | last day, included")


class BookInfo(Model):
    id: Identifier = Field(description="标识 | identifier, forever in the log")
    version: str = Field(description="版本 | version of the book")
    label: Label = Field(description="名称 | label")
    language: Literal["zh", "en"] = Field(default="zh", description="通知用语 | language of notices")
    timezone: str = Field(description="时区 | IANA time zone, for example Asia/Shanghai")
    calendar: Identifier = Field(description="工作日历 | calendar of workdays")
    basis: Basis = Field(description="依据 | the document it carries out")
    programme: Programme = Field(description="施行期间 | when it is in force")
    brake: StrictInt | None = Field(
        default=None,
        ge=0,
        description="24小时内规则至多提出几件待人决定，超出的暂扣 | "
        "so many proposals of rules in 24 hours; what exceeds it is held until two persons have looked",
    )
    uses: tuple[Identifier, ...] = Field(
        default=(), description="引用的规则库 | library files whose pieces it takes"
    )


class Param(Named):
    """A choice that the regulation leaves open: visible, with its default and the ambiguity named."""

    value: Scalar = Field(description="取值 | the value in force")
    zh: str = Field(description="中文名称 | Chinese label")
    en: str = Field(description="英文名称 | English label")
    one_of: tuple[Scalar, ...] = Field(default=(), description="可选值 | the values it may take")
    clause: str | None = Field(default=None, description="相关条款 | clause it belongs to")
    note: Label | None = Field(default=None, description="歧义说明 | which ambiguity it settles")


UnitFact = StrictBool | StrictInt | Decimal


class Unit(Named):
    alone = True

    zh: str = Field(description="中文名称 | name, as written in the document")
    en: str = Field(description="英文名称 | English name")
    kind: Identifier = Field(default="department", description="类别 | kind of unit")
    part_of: Identifier | None = Field(default=None, description="上级单位 | the unit that it is part of")
    leader: Address | None = Field(default=None, description="分管负责同志 | post of the leader in charge")
    facts: dict[Identifier, UnitFact] = Field(
        default_factory=dict,
        description="数值和标志 | numbers and flags: {turnover: 1200000, listed: true}",
    )
    clause: str | None = Field(default=None, description="条款 | clause that names it")
    note: Label | None = Field(default=None, description="说明 | remark")


class Post(Named):
    """A post beside the two that every unit has (`unit.head`, `unit.liaison`)."""

    zh: str = Field(description="中文名称 | Chinese name")
    en: str = Field(description="英文名称 | English name")
    unit: Identifier = Field(description="所在单位 | unit it belongs to")
    clause: str | None = Field(default=None, description="条款 | clause that names it")
    note: Label | None = Field(default=None, description="说明 | remark")


class Group(Named):
    zh: str = Field(description="中文名称 | name, as written in the document")
    en: str = Field(description="英文名称 | English name")
    of: Literal["units", "posts"] = Field(
        default="units", description="成员是单位还是岗位 | members are units or posts"
    )
    members: tuple[Address, ...] = Field(
        description="成员 | ids of units or posts, in the order of the document"
    )
    clause: str | None = Field(default=None, description="条款 | clause that names it")
    note: Label | None = Field(default=None, description="说明 | where the members come from")


class Alias(Model):
    """Two names that may mean one unit. They are one only if a person says so here."""

    names: tuple[str, ...] = Field(min_length=2, description="名称 | the names in question")
    decision: Literal["separate", "same"] = Field(description="认定 | separate or same")
    unit: Identifier | None = Field(default=None, description="合并为 | the unit, when they are the same")
    because: Label = Field(description="理由 | why")

    @model_validator(mode="after")
    def _same_needs_unit(self) -> Self:
        if (self.decision == "same") != (self.unit is not None):
            raise ValueError("`unit` is given exactly when the decision is `same`")
        return self


# Of the unit, of the one above it, of the one of a kind that it is in; of the item, or of a unit it names.
RELATIVE = (
    r"^(unit\.([a-z][a-z0-9_]*\.)?(head|liaison|leader)"
    r"|item\.[a-z][a-z0-9_]*(\.(head|liaison|leader))?)$"
)


class Role(Named):
    """Who acts or is told, found anew for each item. Exactly one of `posts`, `is`, `mail`."""

    zh: str = Field(description="中文名称 | Chinese name")
    en: str = Field(description="英文名称 | English name")
    posts: tuple[Address, ...] = Field(default=(), description="岗位 | these posts")
    is_: str | None = Field(
        alias="is",
        default=None,
        description="相对角色 | unit.head, unit.liaison, unit.leader; the same of unit.part_of.… and of "
        "unit.<kind>.…, the unit of that kind that it is in; item.owner, item.<post field>, "
        "item.<unit field>.head",
        pattern=RELATIVE,
    )
    external: bool = Field(default=False, description="外部机关 | outside the office: told, never acts")
    mail: str | None = Field(
        default=None,
        description="事项所写的人 | item.<mail field>: a person outside, told at the item's address",
        pattern=FIELD_OF_ITEM,
    )
    name: str | None = Field(
        default=None, description="其姓名 | item.<text field>: that person's name", pattern=FIELD_OF_ITEM
    )

    _widen = listed("posts")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if [bool(self.posts), self.is_ is not None, self.mail is not None].count(True) != 1:
            raise ValueError("a role is one of `posts: […]`, `is: unit.head` and `mail: item.<field>`")
        if self.mail is not None and not self.external:
            raise ValueError("whom an item names by `mail` is outside the office: add `external: true`")
        if self.name is not None and self.mail is None:
            raise ValueError("`name` goes with `mail`: posts have names of their own")
        return self


class Reference(Named):
    """Another document that this one rests on."""

    alone = True

    zh: str = Field(description="文件名称 | title")
    en: str = Field(description="英文 | English")
    clause: str | None = Field(default=None, description="条款 | clause that names it")
    note: Label | None = Field(default=None, description="说明 | what is known of it")


class Entry(Model):
    """An item that exists when the office begins (开账)."""

    workflow: Identifier = Field(description="工作流 | workflow")
    title: Label = Field(description="标题 | title")
    basis: str = Field(description="依据 | clause")
    for_: Identifier = Field(alias="for", description="责任对象 | unit, group (one item each) or role")
    partners: tuple[Identifier, ...] = Field(default=(), description="配合单位 | units or groups that assist")
    with_: dict[Identifier, Scalar | tuple[str, ...]] = Field(
        alias="with", default_factory=dict, description="字段 | fields"
    )


class Clause(Model):
    """Where a clause of the document lives in the book, or why it is text only."""

    clause: str = Field(description="条款 | place in the document")
    zh: tuple[str, ...] = Field(min_length=1, description="原文 | verbatim")
    en: str = Field(description="英文大意 | meaning")
    maps: tuple[str, ...] = Field(
        default=(), description="落点 | rule:…, duty:…, workflow:…, unit:…, param:…, item:…"
    )
    text_only: Label | None = Field(default=None, description="仅文字,因为 | text only, because")

    _widen = listed("zh", "maps")

    @model_validator(mode="before")
    @classmethod
    def _one_language(cls, data: object) -> object:
        """The words of the document may be its meaning, where they are in a language that readers know."""
        if not isinstance(data, dict) or ("zh" in data) == ("en" in data):
            return data
        words = data.get("zh", data.get("en"))
        meaning = "\n".join(map(str, words)) if isinstance(words, list | tuple) else words
        return {**data, "zh": words, "en": meaning}

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if bool(self.maps) == (self.text_only is not None):
            raise ValueError("a clause has `maps`, or `text_only` with the reason, one of the two")
        return self
