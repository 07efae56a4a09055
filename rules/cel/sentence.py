"""A condition as a sentence, for the people it concerns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from rules.cel.facts import Kind, Scalar
from rules.cel.faults import Language
from rules.cel.tree import (
    Arithmetic,
    Choice,
    Comparison,
    Conjunction,
    Constant,
    Conversion,
    Disjunction,
    Expression,
    Extreme,
    Listing,
    Matching,
    Membership,
    Negation,
    Opposite,
    Presence,
    Reading,
    Size,
)

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
PLAIN_EN = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
PLAIN_ZH = {"==": "等于", "!=": "不等于", "<": "少于", "<=": "不超过", ">": "多于", ">=": "不少于"}
NUMBER_ZH = PLAIN_ZH | {"<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"}
MOMENT_EN = {
    "==": "is",
    "!=": "is not",
    "<": "is before",
    "<=": "is not after",
    ">": "is after",
    ">=": "is not before",
}
MOMENT_ZH = {"==": "是", "!=": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
SPAN_ZH = PLAIN_ZH | {"<": "短于", "<=": "不超过", ">": "超过", ">=": "不短于"}
TEXT_EN = PLAIN_EN | {
    "<": "sorts before",
    "<=": "does not sort after",
    ">": "sorts after",
    ">=": "does not sort before",
}
TEXT_ZH = {"==": "是", "!=": "不是", "<": "排在前于", "<=": "排序不后于", ">": "排在后于", ">=": "排序不先于"}
VERBS: dict[Language, dict[Kind, dict[str, str]]] = {
    "en": {Kind.MOMENT: MOMENT_EN, Kind.TEXT: TEXT_EN},
    "zh": {Kind.NUMBER: NUMBER_ZH, Kind.MOMENT: MOMENT_ZH, Kind.SPAN: SPAN_ZH, Kind.TEXT: TEXT_ZH},
}
PLAIN: dict[Language, dict[str, str]] = {"en": PLAIN_EN, "zh": PLAIN_ZH}
METHODS: dict[Language, dict[str, tuple[str, str]]] = {
    "en": {
        "startsWith": ("begins with", "does not begin with"),
        "endsWith": ("ends with", "does not end with"),
        "contains": ("contains", "does not contain"),
    },
    "zh": {
        "startsWith": ("开头是", "开头不是"),
        "endsWith": ("结尾是", "结尾不是"),
        "contains": ("包含", "不包含"),
    },
}
CONVERSIONS = {
    "int": ("的整数部分", "the whole part of"),
    "math.round": ("四舍五入到整数", "the rounded"),
    "getHours": ("的整小时数", "the full hours of"),
    "getMinutes": ("的整分钟数", "the full minutes of"),
}
EXTREMES = {"least": ("最小值", "least"), "greatest": ("最大值", "greatest")}
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
UNITS = ((3_600, "小时", "hour"), (60, "分钟", "minute"), (1, "秒", "second"))


def say(node: Expression, language: Language, spelled: Mapping[str, Scalar] = MappingProxyType({})) -> str:
    """`spelled`: facts said by their value and not by their label, as the limits of a case at hand."""
    return Speaker(language, spelled).say(node)


class Speaker:
    def __init__(self, language: Language, spelled: Mapping[str, Scalar]) -> None:
        self.language = language
        self.spelled = spelled

    def choose(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def words(self, *parts: str) -> str:
        """English words with spaces; Chinese without, except beside Latin letters and digits."""
        if self.language == "en":
            return " ".join(part for part in parts if part)
        text = ""
        for part in parts:
            text += " " + part if text and part and text[-1].isascii() != part[0].isascii() else part
        return text

    def say(self, node: Expression, *, holds: bool = True) -> str:  # noqa: PLR0911 - one for each node
        """The node as a statement, or with `holds=False` its contrary; a value is said as it is."""
        match node:
            case Negation():
                return self.say(node.inner, holds=not holds)
            case Conjunction() | Disjunction():
                return self.say_parts(node, holds)
            case Comparison():
                return self.say_comparison(node, holds)
            case Membership():
                return self.say_membership(node, holds)
            case Matching():
                verb = METHODS[self.language][node.method][0 if holds else 1]
                return self.words(self.term(node.text), verb, self.term(node.part))
            case Presence():
                label = node.fact.label(self.language)
                return self.words(
                    label, self.choose("已知", "is known") if holds else self.choose("未知", "is not known")
                )
            case Choice():
                return self.say_choice(node, holds)
            case _:
                return (
                    self.term(node)
                    if holds
                    else self.words(self.choose("并非", "it is not true that"), self.term(node))
                )

    def say_parts(self, node: Conjunction | Disjunction, holds: bool) -> str:
        both = isinstance(node, Conjunction) == holds
        link = self.choose("，且", ", and ") if both and len(node.parts) > 2 else self.choose("，且", " and ")
        if not both:
            link = self.choose("，或", ", or ") if len(node.parts) > 2 else self.choose("，或", " or ")
        said = [self.part(part, holds) for part in node.parts]
        text = said[0]
        for part in said[1:]:
            text += (
                link + (" " if self.language == "zh" and part[0].isascii() and part[0] != "(" else "") + part
            )
        return text

    def part(self, node: Expression, holds: bool) -> str:
        """In brackets when it has parts of its own, so that "and" and "or" are never read together."""
        inner = node
        while isinstance(inner, Negation):
            inner = inner.inner
        text = self.say(node, holds=holds)
        return self.bracket(text) if isinstance(inner, Conjunction | Disjunction | Choice) else text

    def bracket(self, text: str) -> str:
        return self.choose(f"（{text}）", f"({text})")

    def say_comparison(self, node: Comparison, holds: bool) -> str:
        for value, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(value, Constant) and isinstance(value.value, bool):
                return self.part(other, holds == (value.value == (node.operator == "==")))
        operator = node.operator if holds else OPPOSITE[node.operator]
        kind = node.left.shape.kind
        verb = VERBS[self.language].get(kind, PLAIN[self.language])[operator]
        left, right = self.named(node.left, node.right), self.named(node.right, node.left)
        return self.words(left, verb, right)

    def named(self, node: Expression, of: Expression) -> str:
        """A text that a fact is compared with, by what people call it."""
        if isinstance(node, Constant) and isinstance(node.value, str) and isinstance(of, Reading):
            return self.literal(of.fact.word(node.value, self.language))
        return self.term(node)

    def say_membership(self, node: Membership, holds: bool) -> str:
        if not isinstance(node.among, Listing):
            verb = self.choose("包含", "include") if holds else self.choose("不包含", "do not include")
            return self.words(self.term(node.among), verb, self.named(node.item, node.among))
        verb = self.choose("是", "is") if holds else self.choose("不是", "is not")
        among = [self.named(item, node.item) for item in node.among.items]
        if not among:
            return self.words(self.term(node.item), verb, self.choose("空列表中的一个", "one of none"))
        return self.words(self.term(node.item), verb, self.listed(among, "或", "or"))

    def listed(self, said: list[str], zh: str, en: str) -> str:
        *others, last = said
        before = self.choose("、", ", ").join(others)
        return self.words(before, self.choose(zh, en), last) if others else last

    def conversion(self, node: Conversion) -> str:
        """A number made of an int is said as the int: people do not tell them apart."""
        inner = self.operand(node.inner)
        if node.name == "double":
            return inner
        zh, en = CONVERSIONS[node.name]
        return self.words(inner, zh) if self.language == "zh" else f"{en} {inner}"

    def say_choice(self, node: Choice, holds: bool) -> str:
        condition = self.say(node.condition)
        yes, no = self.part(node.yes, holds), self.part(node.no, holds)
        return self.choose(
            f"如果{condition}，则{yes}，否则{no}", f"if {condition}, then {yes}, otherwise {no}"
        )

    def term(self, node: Expression) -> str:  # noqa: C901, PLR0911 - one for each node
        match node:
            case Constant():
                return self.literal(node.value)
            case Reading():
                known = self.spelled.get(node.fact.name)
                return node.fact.label(self.language) if known is None else self.literal(known)
            case Arithmetic(operator="%"):
                left, right = self.operand(node.left), self.operand(node.right)
                zh = self.words(left, "除以", right, "的余数")
                return self.choose(zh, f"the remainder of {left} by {right}")
            case Arithmetic():
                return f"{self.operand(node.left)} {SIGNS[node.operator]} {self.operand(node.right)}"
            case Opposite():
                return f"−{self.operand(node.inner)}"
            case Size():
                counted = self.term(node.inner)
                if node.inner.shape.kind is Kind.TEXT:
                    return (
                        self.words(counted, "的字数") if self.language == "zh" else f"the length of {counted}"
                    )
                return self.words(counted, "的个数") if self.language == "zh" else f"the number of {counted}"
            case Conversion():
                return self.conversion(node)
            case Extreme():
                items = self.listed([self.term(item) for item in node.items], "和", "and")
                zh, en = EXTREMES[node.name]
                return self.words(items, f"中的{zh}") if self.language == "zh" else f"the {en} of {items}"
            case Listing():
                items = self.choose("、", ", ").join(self.term(item) for item in node.items)
                return self.choose(f"［{items}］", f"[{items}]")
            case _:
                return self.bracket(self.say(node))

    def operand(self, node: Expression) -> str:
        return self.bracket(self.term(node)) if isinstance(node, Arithmetic) else self.term(node)

    def literal(self, value: Scalar) -> str:
        match value:
            case bool():
                return self.choose("真" if value else "假", "true" if value else "false")
            case str():
                return self.choose(f"“{value}”", f"“{value}”")
            case timedelta():
                return self.span(value)
            case datetime():
                return value.isoformat(" ", "auto" if value.second or value.microsecond else "minutes")
            case _:
                return str(value)

    def span(self, value: timedelta) -> str:
        rest, said = abs(value), []
        for seconds, zh, en in UNITS[:2]:
            count, rest = divmod(rest, timedelta(seconds=seconds))
            if count:
                said.append(self.choose(f"{count} {zh}", f"{count} {en}{'s' if count > 1 else ''}"))
        if rest or not said:
            amount = f"{rest.total_seconds():.6f}".rstrip("0").rstrip(".")
            said.append(self.choose(f"{amount} 秒", f"{amount} second{'' if amount == '1' else 's'}"))
        return ("−" if value < timedelta(0) else "") + " ".join(said)
