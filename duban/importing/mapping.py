"""What the columns of somebody's records mean: the mapping, a small YAML file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.book.explain import explain
from engine.book.finding import BookError, Finding
from engine.book.text import Node, read_yaml
from rules.shape import Address, Identifier


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Mapping(Model):
    """`item`, `at`, `event` and the like name columns; of XES, attributes, those of the case as `case:…`."""

    form: Literal["csv", "xes"] = Field(default="csv", description="格式 | csv or xes")
    encoding: str = Field(default="utf-8-sig", description="编码 | of CSV: utf-8-sig, gb18030, …")
    separator: str = Field(default=",", min_length=1, max_length=1, description="分隔符 | of CSV: , or ;")
    zone: str | None = Field(
        default=None, description="时区 | of moments without an offset; default: the book's"
    )
    workflow: Identifier | None = Field(default=None, description="流程 | workflow of all items")
    workflow_column: str | None = Field(default=None, description="流程列 | column that tells the workflow")
    workflows: dict[str, Identifier] = Field(default_factory=dict, description="流程对照 | its values")
    item: str = Field(description="事项列 | column with the number of the item")
    at: str = Field(description="时间列 | column with the date or moment")
    at_format: str | None = Field(
        default=None, description="时间写法 | such as %d/%m/%Y %H:%M; default: ISO 8601"
    )
    event: str = Field(description="活动列 | column with what was done")
    events: dict[str, Identifier] = Field(
        min_length=1, description="活动对照 | activity → event; `open` opens the item"
    )
    ignore: tuple[str, ...] = Field(default=(), description="不导入的活动 | activities to leave out")
    by: str | None = Field(default=None, description="办理人列 | column with who did it")
    posts: dict[str, Address] = Field(default_factory=dict, description="岗位对照 | name → post")
    unit: str | None = Field(default=None, description="单位列 | column with the unit, read on opening")
    units: dict[str, Identifier] = Field(default_factory=dict, description="单位对照 | name → unit")
    title: str | None = Field(default=None, description="标题列 | column with the title")
    parent: str | None = Field(default=None, description="上级列 | column with the number of the parent")
    fields: dict[Identifier, str] = Field(
        default_factory=dict, description="字段列 | field → column, taken where the event takes the field"
    )
    values: dict[Identifier, dict[str, str]] = Field(
        default_factory=dict, description="取值对照 | field → value in the file → value here"
    )

    @model_validator(mode="after")
    def _one_workflow(self) -> Self:
        if (self.workflow is None) == (self.workflow_column is None):
            raise ValueError("give either `workflow` or `workflow_column`, one of the two")
        return self

    def columns(self) -> Iterator[str]:
        """Those that the file must have."""
        named = (self.item, self.at, self.event, self.workflow_column, self.by, self.unit, self.title)
        yield from (name for name in (*named, self.parent, *self.fields.values()) if name is not None)


class MappingFile(Model):
    events_file: Mapping = Field(description="事件文件 | what its columns mean")


def read_mapping(path: Path) -> tuple[Mapping, Node]:
    """Raises BookError with everything that is wrong, by line."""
    root, findings = read_yaml(path.read_bytes(), path.name)
    if root is None or any(each.severity == "error" for each in findings):
        raise BookError(findings)
    try:
        return MappingFile.model_validate(root.plain()).events_file, root
    except ValidationError as error:
        raise BookError(explain(error, root, MappingFile)) from None


def finding(root: Node, path: tuple[str, ...], code: str, zh: str, en: str) -> Finding:
    place = root.place_of(("events_file", *path))
    return Finding.at(place, code, zh=zh, en=en, path=("events_file", *path))
