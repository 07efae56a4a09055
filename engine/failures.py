"""What a story says where it does not come true: a sentence in Chinese and one in English."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.book.book import Book
from engine.words import name_of
from rules.shape import Label
from workflows.language import Label as WorkflowLabel

# What may be expected, in the words of the office; in English authors write the keys themselves.
KEYS: Mapping[str, str] = {
    "at": "时间",
    "because": "理由含有",
    "cause": "中止事由",
    "closed": "已终结",
    "contains": "含有",
    "due": "到期",
    "duty": "责任",
    "ended": "结束",
    "extensions": "延期次数",
    "fields": "字段",
    "item": "事项",
    "kind": "方式",
    "light": "亮灯",
    "missed_at": "逾期时刻",
    "name": "名称",
    "opened_at": "立项时间",
    "outcome": "结果",
    "owner": "责任岗位",
    "parent": "上级事项",
    "pauses": "中止次数",
    "period": "周期",
    "rule": "规则",
    "shadow": "试行",
    "started": "起算",
    "state": "状态",
    "template": "模板",
    "title": "标题含有",
    "to": "收件岗位",
    "unit": "单位",
    "workflow": "类型",
}
CODES: Mapping[str, str] = {
    "cancelled": "取消",
    "green": "绿灯",
    "lapsed": "届满",
    "met": "按时",
    "missed": "逾期",
    "none": "无灯",
    "notify": "告知",
    "paused": "中止",
    "red": "红灯",
    "remind": "提醒",
    "running": "进行中",
    "yellow": "黄灯",
}
CODED = ("outcome", "light", "kind")


@dataclass(frozen=True, kw_only=True)
class Failure:
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def in_step(self, position: int, at: str) -> "Failure":
        return replace(
            self, zh=f"第 {position} 步（{at}）：{self.zh}", en=f"step {position} at {at}: {self.en}"
        )


@dataclass(frozen=True, eq=False)
class Naming:
    """Names things as the book calls them, with the ids that a story is written in."""

    book: Book

    def field(self, workflow: str, name: str) -> str:
        spec = self.book.workflows[workflow].spec.fields.get(name)
        return called(spec.label if spec else None, name)

    def field_value(self, workflow: str, name: str, value: object) -> str:
        spec = self.book.workflows[workflow].spec.fields.get(name)
        if value is None:
            return "未填"
        if isinstance(value, bool):
            return "是" if value else "否"
        label = spec.one_of.get(str(value)) if spec else None
        return called(label, str(value)) if label else self.post(value)

    def state(self, workflow: str | None, id: object) -> str:
        found = self.book.workflows.get(workflow or "")
        return called(found.spec.states.get(str(id)) if found else None, str(id))

    def event(self, workflow: str, event: str) -> str:
        return (
            "立项" if event == "open" else called(self.book.workflows[workflow].spec.label_of(event), event)
        )

    def clock(self, id: str) -> str:
        return called(self.book.clocks[id].spec.label, id) if id in self.book.clocks else id

    def rule(self, id: str) -> str:
        return called(self.book.rules[id].spec.label, id) if id in self.book.rules else id

    def post(self, id: object) -> str:
        """A unit or post; anything else as it is."""
        if isinstance(id, list | tuple):
            return "、".join(map(self.post, id))
        name = name_of(self.book, str(id), "zh")
        return str(id) if name == str(id) else f"{name}（{id}）"

    def about(self, named: str) -> str:
        """`item:LX-2025-0001`, `unit:water`: without what it is, where its number says so."""
        kind, _, id = named.partition(":")
        return id if kind == "item" else "本办公室" if kind == "office" else self.post(id)

    def value(self, key: str, value: object, workflow: str | None = None) -> str:  # noqa: PLR0911
        """What is expected under a key, in Chinese."""
        if value is None:
            return "无"
        if isinstance(value, bool):
            return "是" if value else "否"
        if key in CODED:
            code = str(value)
            return f"{CODES[code]}（{code}）" if code in CODES else code
        if key == "state":
            return self.state(workflow, value)
        if key == "rule":
            return self.rule(str(value))
        if key == "workflow" and value in self.book.workflows:
            return called(self.book.workflows[str(value)].spec.label, str(value))
        if key in ("contains", "because", "title"):
            words = (value,) if isinstance(value, str) else value
            assert isinstance(words, list | tuple)
            return "".join(f"“{each}”" for each in words)
        return self.post(value)

    def described(self, wanted: Mapping[str, Any]) -> Failure:
        """What was looked for: `类型 来信（request）、单位 供水局（water）`."""
        given = {key: value for key, value in wanted.items() if key not in ("count", "fields")}
        workflow = wanted.get("workflow")
        zh = [f"{KEYS.get(key, key)} {self.value(key, value, workflow)}" for key, value in given.items()]
        en = [f"{key} {shown(value)}" for key, value in given.items()]
        for name, value in wanted.get("fields", {}).items():
            zh.append(f"{self.field(workflow, name) if workflow else name} {shown(value)}")
            en.append(f"{name} {shown(value)}")
        return Failure(zh="、".join(zh), en=", ".join(en))


def called(label: Label | WorkflowLabel | Any | None, id: str) -> str:
    """`较大事故（larger）`: the name and the id, once where they are the same."""
    return id if label is None or label.zh == id else f"{label.zh}（{id}）"


def shown(value: object) -> str:
    """As an author writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    return "none" if value is None else str(value)


def listed(found: Iterable[Failure], of: int) -> Failure:
    """The first ones of so many."""
    few = [*found]
    more_zh, more_en = ("等", ", …") if of > len(few) else ("", "")
    zh, en = "、".join(each.zh for each in few), ", ".join(each.en for each in few)
    return Failure(zh=f"{zh}{more_zh}" if few else "没有", en=f"{en}{more_en}" if few else "none")


def within(where: tuple[int, str], found: Iterable[Failure]) -> Iterator[Failure]:
    return (each.in_step(*where) for each in found)
