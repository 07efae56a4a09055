"""What the checks of a book share: its data, its names, where things are written, and what was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.book.compiled import CompiledFormula, CompiledMeasure
from engine.book.finding import Finding, Path, Severity, hint
from engine.book.prune import from_library
from engine.book.shape import BookData
from engine.book.text import Node
from rules.office import Post
from rules.time.calendar import Calendar
from workflows.language import WorkflowSpec

# The actor that is no person: rules and duties.
RULE = "rule"
OFFICE = "office"

# A library piece also speaks of states and events of workflows that this book may not have.
CUT_DOWN = frozenset({"state", "event"})

NOUNS = {
    "workflow": "流程",
    "state": "状态",
    "event": "事件",
    "field": "字段",
    "clock": "时限",
    "pause": "中止事由",
    "calendar": "日历",
    "dates": "列明的日子",
    "law": "法规",
    "formula": "算式",
    "measure": "指标",
    "fact": "事实",
    "kind": "类别",
    "role": "角色",
    "template": "模板",
    "group": "分组",
    "unit": "单位",
    "post": "岗位",
    "param": "参数",
    "duty": "周期性责任",
    "rule": "规则",
    "reference": "文件",
    "name": "名称",
    "character": "性格",
    "light": "亮灯",
    "outcome": "结果",
    "refusal": "拒绝代码",
    "class": "分级",
    "level": "等级",
}


@dataclass(kw_only=True)
class Context:
    """`data` holds what is well formed; `root` all that was written, so that names are known anyway;
    `put` are the parameters whose value was put into other values."""

    data: BookData
    root: Node
    calendar: Calendar | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    put: frozenset[str] = frozenset()
    formulas: dict[str, CompiledFormula] = field(default_factory=dict)
    measures: dict[str, CompiledMeasure] = field(default_factory=dict)  # as they become known
    findings: list[Finding] = field(default_factory=list)

    def calendar_of(self, name: str | None) -> Calendar | None:
        """The calendar of that name, None for the default; nothing when it could not be made."""
        return self.calendar if name is None else self.calendars.get(name)

    def names(self, section: str) -> Collection[str]:
        node = self.root.find((section,))
        return (
            node.keys or tuple(node.value) if node is not self.root and isinstance(node.value, dict) else ()
        )

    def know(self, section: str, words: Collection[str]) -> bool:
        """Whether all of them are written there; what is not is told where it is named."""
        return set(words) <= {*self.names(section)}

    def __post_init__(self) -> None:
        # Found before any check: something that is written is missing here, and may use what seems of no use.
        self.whole = not self.wrong

    @property
    def wrong(self) -> bool:
        return any(each.severity == "error" for each in self.findings)

    @cached_property
    def posts(self) -> Mapping[str, Post]:
        return all_posts(self.data)

    @cached_property
    def post_names(self) -> Collection[str]:
        units = [f"{unit}.{post}" for unit in self.names("units") for post in ("head", "liaison")]
        return {*units, *self.names("posts")}

    def note(
        self,
        path: Path,
        code: str,
        *,
        zh: str,
        en: str,
        near: str | None = None,
        key: bool = False,
        severity: Severity = "error",
    ) -> None:
        place = self.root.place_of(path, key=key)
        path = self.root.spelled(path) if key else self.root.written(path)
        self.findings.append(
            Finding.at(place, code, zh=zh, en=en, path=path, suggestion=near, severity=severity)
        )

    def unknown(
        self, path: Path, noun: str, word: str, known: Collection[str], *, key: bool = False, of: str = ""
    ) -> None:
        zh, en, near = hint(word, known)
        where_zh, where_en = (f"{of} ", f" of {of}") if of else ("", "")
        self.note(
            path,
            f"unknown_{noun}",
            zh=f"{where_zh}没有{NOUNS[noun]} {word}{zh}",
            en=f"unknown {noun} {word}{where_en}{en}",
            near=near,
            key=key,
        )

    def check(
        self,
        path: Path,
        noun: str,
        word: str | None,
        known: Collection[str],
        *,
        key: bool = False,
        of: str = "",
    ) -> bool:
        """Whether the name is known; nothing named is no mistake."""
        if word is None or word in known:
            return True
        self.unknown(path, noun, word, known, key=key, of=of)
        return False

    def check_all(
        self, path: Path, noun: str, words: Collection[str], known: Collection[str], *, of: str = ""
    ) -> None:
        for at, word in enumerate(words):
            if noun in CUT_DOWN and from_library(self.root.find((*path, at))):
                continue
            self.check((*path, at), noun, word, known, of=of)

    def specs(self, names: Collection[str]) -> list[WorkflowSpec]:
        """The workflows of these names, as far as they are well formed."""
        return [self.data.workflows[name] for name in names if name in self.data.workflows]


def all_posts(data: BookData) -> dict[str, Post]:
    """The posts of the book and the two of every unit; a post written in the book wins."""
    posts: dict[str, Post] = {}
    for id, unit in data.units.items():
        posts[f"{id}.head"] = Post(zh=f"{unit.zh}主要负责同志", en=f"Head of {unit.en}", unit=id)
        posts[f"{id}.liaison"] = Post(zh=f"{unit.zh}联络员", en=f"Liaison of {unit.en}", unit=id)
    return {**posts, **data.posts}
