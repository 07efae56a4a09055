"""How the pieces of a book are called in a sentence: by their labels, in quotation marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from duban.texts import LIGHTS, Language, Text
from duban.views.plainly import CALLED, plainly
from engine.book.book import Book
from rules.cel import Condition
from rules.cel.sentence import say
from rules.cel.tree import Choice, Expression, Presence, Reading
from rules.shape import Scalar
from rules.time.duration import Duration
from rules.time.errors import TimeError
from workflows.language import FieldSpec, WorkflowSpec

PLACEHOLDER = re.compile(r"\{[^}]*\}")
BOUND = re.compile(r"(>=|<=|!=|==|>|<)\s*(.*)", re.DOTALL)
BOUNDS = {
    "==": Text("等于", ""),
    "!=": Text("不是", "not"),
    ">": Text("多于", "more than"),
    ">=": Text("不少于", "at least"),
    "<": Text("少于", "less than"),
    "<=": Text("不超过", "at most"),
}
WORDS = {
    "because": Text("理由", "reason"),
    "due": Text("期限", "due date"),
    "id": Text("编号", "number"),
    "nth": Text("次数", "count"),
    "owner": Text("责任岗位", "post"),
    "period": Text("周期", "period"),
    "state": Text("状态", "state"),
    "title": Text("标题", "title"),
    "unit": Text("单位", "unit"),
    "workflow": Text("类型", "kind"),
}
MACHINE = Text("规则", "a rule")
MEASURED = ("unit", "office", "owner", "item")  # whose measures a text may fill in
INNER = str.maketrans("“”", "‘’")  # quotation marks within quotation marks


@dataclass(frozen=True, eq=False)
class Voice:
    """Who speaks: about which book, in which language."""

    book: Book
    language: Language

    def pick(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)

    def label(self, spec: Any) -> str:
        return str(spec.zh if self.language == "zh" else spec.en)

    def quote(self, text: str) -> str:
        inner = text.translate(INNER)
        return f"“{inner}”"

    def call(self, spec: Any) -> str:
        return self.quote(self.label(spec))

    def join(self, parts: Iterable[str]) -> str:
        return self.pick("，", ", ").join(part for part in parts if part)

    def end(self, *parts: str) -> str:
        """One whole sentence."""
        text = self.join(parts)
        if self.language == "en":
            text = text[:1].upper() + text[1:]
        return text + ("" if text.endswith(("。", ".", "：", ":")) else self.pick("。", "."))

    def both(self, names: Iterable[str]) -> str:
        return self._listed([*dict.fromkeys(names)], "和", " and ")

    def either(self, names: Iterable[str]) -> str:
        return self._listed([*dict.fromkeys(names)], "或", " or ")

    def _listed(self, names: Sequence[str], zh: str, en: str) -> str:
        if len(names) < 2:
            return "".join(names)
        link = self.pick(zh, en)
        return self.pick("、", ", ").join(names[:-1]) + link + names[-1]

    def condition(self, condition: Condition | None) -> str:
        return "" if condition is None else say(plainly(condition.tree), self.language)

    def expression(self, condition: Condition) -> str:
        """What an expression comes to: `“新期限”（未知的，取现在）`; what is reckoned, as it is reckoned."""
        node = plainly(condition.tree)
        match node:
            case Choice(condition=Presence(fact=asked), yes=Reading(fact=fact) as read) if fact == asked:
                value, other = self._operand(read), self._operand(node.no)
                return self.pick(
                    f"{value}（未知的，取{other}）", f"{value} ({other}, where that is not known)"
                )
            case Choice():
                return self.pick(f"（{self._operand(node)}）", f"({self._operand(node)})")
        return self._operand(node)

    def _operand(self, node: Expression) -> str:
        """Fields are named in quotation marks, as everywhere."""
        said = say(node, self.language)
        plain = not isinstance(node, Reading) or node.fact.name in CALLED or "." not in node.fact.name
        return said if plain else self.quote(said)

    # ------------------------------------------------------------ names

    def workflow(self, id: str) -> str:
        found = self.book.workflows.get(id)
        return self.call(found.spec.label) if found else self.quote(id)

    def workflows(self, ids: Iterable[str]) -> str:
        return self.both(self.workflow(id) for id in ids)

    def specs(self, ids: Iterable[str]) -> list[WorkflowSpec]:
        return [self.book.workflows[id].spec for id in ids if id in self.book.workflows]

    def states(self, ids: Iterable[str], workflows: Iterable[str]) -> str:
        """A state may be called differently in several workflows."""
        specs = self.specs(workflows)
        return self.either(
            name
            for id in ids
            for name in [self.call(spec.states[id]) for spec in specs if id in spec.states]
            or [self.quote(id)]
        )

    def state(self, id: str, workflows: Iterable[str]) -> str:
        return self.states((id,), workflows)

    def events(self, ids: Iterable[str], workflows: Iterable[str]) -> str:
        specs = self.specs(workflows)
        return self.either(name for id in ids for name in self._event(id, specs) or [self.quote(id)])

    def event(self, id: str, workflows: Iterable[str]) -> str:
        return self.events((id,), workflows)

    def _event(self, id: str, specs: list[WorkflowSpec]) -> list[str]:
        if id == "open":
            return [self.quote(self.pick("立项", "opening"))]
        having = [spec for spec in specs if any(each.event == id for each in spec.transitions)]
        return [self.call(spec.label_of(id)) for spec in having]

    def field_spec(self, id: str, workflows: Iterable[str]) -> FieldSpec | None:
        return next((spec.fields[id] for spec in self.specs(workflows) if id in spec.fields), None)

    def field(self, id: str, workflows: Iterable[str]) -> str:
        found = self.field_spec(id, workflows)
        return self.call(found.label) if found else self.quote(id)

    def fields(self, id: str, workflows: Iterable[str]) -> str:
        """One field that each of several workflows may call otherwise."""
        found = [self.call(spec.fields[id].label) for spec in self.specs(workflows) if id in spec.fields]
        return self.either(found or [self.quote(id)])

    def role(self, id: str) -> str:
        """Roles are common nouns: they need no quotation marks."""
        if id == "rule":
            return MACHINE.in_(self.language)
        named: Any = self.book.roles.get(id) or self.book.posts.get(id) or self.book.units.get(id)
        return self.label(named) if named else id

    def roles(self, ids: Iterable[str]) -> str:
        return self.both(self.role(id) for id in ids)

    def clock(self, id: str) -> str:
        found = self.book.clocks.get(id)
        return self.call(found.spec.label) if found else self.quote(id)

    def measure(self, address: str) -> str:
        found = self.book.measures.get(address.rpartition(".")[2])
        return self.call(found.spec.label) if found else self.quote(address)

    def rule(self, id: str) -> str:
        found = self.book.rules.get(id)
        return self.call(found.spec.label) if found else self.quote(id)

    def dates(self, id: str) -> str:
        found = self.book.dates.get(id)
        return self.call(found.spec) if found else self.quote(id)

    def law(self, id: str) -> str:
        found = self.book.laws.get(id)
        return self.call(found) if found else self.quote(id)

    def members(self, id: str) -> str:
        """Whom a rule or duty is for: a group, a unit, a role."""
        named: Any = self.book.groups.get(id) or self.book.units.get(id) or self.book.roles.get(id)
        return self.call(named) if named else self.quote(id)

    def template(self, id: str) -> str:
        """By its subject; what is filled in is left open, but where nothing else is written."""
        found = self.book.templates.get(id)
        if found is None:
            return self.quote(id)
        blank = self.blank(found.subject)
        return self.quote(blank if re.search(r"\w", blank) else self.named_blanks(found.subject))

    def named_blanks(self, text: Any) -> str:
        """`【报告情况认定】标题` for `【{item.reporting}】{title}`."""
        return PLACEHOLDER.sub(lambda each: self.placeholder(each[0][1:-1]), self.label(text))

    def marked_blanks(self, text: Any) -> str:
        """`〔单位〕：约谈〔约谈次数〕次` for `{unit}：约谈{unit.talks}次`."""
        zh_or_en = self.pick("〔{}〕", "[{}]")
        return PLACEHOLDER.sub(
            lambda each: zh_or_en.format(self.placeholder(each[0][1:-1])), self.label(text)
        )

    def placeholder(self, name: str) -> str:
        word = WORDS.get(name)
        if word is not None:
            return word.in_(self.language)
        specs = (flow.spec.fields for flow in self.book.workflows.values())
        scope, _, field = name.rpartition(".")
        if scope in MEASURED and field in self.book.measures:
            return self.label(self.book.measures[field].spec.label)
        return next((self.label(fields[field].label) for fields in specs if field in fields), "…")

    def blank(self, text: Any) -> str:
        return PLACEHOLDER.sub("…", self.label(text))

    # ------------------------------------------------------------ values

    def light(self, light: str) -> str:
        return LIGHTS[light].in_(self.language)

    def value(self, value: object, field: FieldSpec | None = None) -> str:
        """A value that an author has written into a field or compares one with."""
        if isinstance(value, bool):
            return self.pick("是" if value else "否", "yes" if value else "no")
        text = str(value)
        if field is not None and text in field.one_of:
            return self.call(field.one_of[text])
        if field is not None and field.type == "post":
            return self.role(text)
        if field is not None and field.type == "unit" and text in self.book.units:
            return self.label(self.book.units[text])
        if field is not None and field.type in ("date", "moment", "duration") and (length := length_of(text)):
            said = length.text(self.language)
            return said if field.type == "duration" else self.pick(f"此后{said}", f"{said} from then")
        return self._filled(text) if field is None or field.type == "text" else text

    def _filled(self, text: str) -> str:
        """A text as it is written; what is nothing but a placeholder by what it stands for."""
        if PLACEHOLDER.fullmatch(text):
            name = self.quote(self.placeholder(text[1:-1]))
            return self.pick(f"所载的{name}", f"what {name} says")
        return self.quote(PLACEHOLDER.sub("…", text))

    def bound(self, value: Scalar | tuple[Scalar, ...], field: FieldSpec | None) -> str:
        """What a field must be: `是“道路”或“供水”`, `不少于10000`."""
        if isinstance(value, tuple):
            return self.pick("是", "is ") + self.either(self.value(each, field) for each in value)
        if isinstance(value, bool):
            return self.pick("为“是”" if value else "为“否”", "is yes" if value else "is no")
        found = BOUND.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return self.pick("是", "is ") + self.value(value, field)
        said = BOUNDS[found[1]].in_(self.language)
        return self.pick(
            f"{said}{self.value(found[2], field)}",
            f"is {said} {self.value(found[2], field)}".replace("  ", " "),
        )


def length_of(text: str) -> Duration | None:
    try:
        return Duration.parse(text)
    except TimeError:
        return None
