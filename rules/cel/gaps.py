"""A box of values in words: the case that no rule thought of."""

from collections.abc import Mapping
from dataclasses import replace

from rules.cel.domains import Choices, Domain, Range
from rules.cel.facts import Kind, Scalar
from rules.cel.faults import Language
from rules.cel.sentence import Speaker
from rules.cel.tree import Comparison, Expression, Presence, Reading

# By what is left of "less, equal, more".
OPERATORS = {(-1,): "<", (-1, 0): "<=", (0,): "==", (0, 1): ">=", (1,): ">", (-1, 1): "!="}


def said(limits: Mapping[Expression, Domain], language: Language) -> str:
    words = Words(language)
    parts = [words.say(key, domain) for key, domain in limits.items() if not words.is_told(key, limits)]
    if language == "zh":
        spaced = [f" {part}" if part[0].isascii() else part for part in parts]
        return "，且".join(spaced).strip() or "任何情况"
    return " and ".join(parts) or "any case"


class Words(Speaker):
    def __init__(self, language: Language) -> None:
        super().__init__(language, {})

    def is_told(self, key: Expression, limits: Mapping[Expression, Domain]) -> bool:
        """Whoever hears of a fact's value need not hear that it is known."""
        others = (other for other in limits if isinstance(other, Reading))
        return isinstance(key, Presence) and any(other.fact == key.fact for other in others)

    def say(self, node: Expression, domain: Domain | None = None, *, holds: bool = True) -> str:
        if domain is None:
            return super().say(node, holds=holds)
        if isinstance(node, Comparison) and isinstance(domain, Range) and node.operator == "<=>":
            left = tuple(filter(domain.holds, (-1, 0, 1)))
            return super().say(replace(node, operator=OPERATORS[left]))
        if isinstance(domain, Range):
            return self.words(self.subject(node), self.range(domain))
        if node.shape.kind is Kind.BOOL:
            return self.flag(node, holds=True in domain.left)
        return self.words(self.subject(node), self.choices(domain))

    def subject(self, node: Expression) -> str:
        return node.fact.name if isinstance(node, Reading) else self.operand(node)

    def flag(self, node: Expression, *, holds: bool) -> str:
        if isinstance(node, Presence):
            verb = self.choose("已知", "is known") if holds else self.choose("未知", "is not known")
            return self.words(node.fact.name, verb)
        if isinstance(node, Reading):
            return self.words(node.fact.name, self.choose("为", "is"), self.literal(holds))
        return super().say(node, holds=holds)

    def range(self, domain: Range) -> str:
        low, high = self.bound(domain.low, domain.low_in), self.bound(domain.high, domain.high_in)
        if domain.low is not None and domain.low == domain.high:
            text = self.words(self.choose("是", "is"), self.literal(domain.low))
        elif low and high:
            text = self.choose(f"从 {low} 到 {high}", f"from {low} to {high}")
        elif low:
            text = self.choose(f"从 {low} 起", f"from {low} upwards")
        elif high:
            text = self.choose(f"到 {high} 为止", f"up to {high}")
        else:
            text = ""
        return text + self.exceptions(domain, bool(text))

    def bound(self, value: Scalar | None, included: bool) -> str:
        if value is None:
            return ""
        return self.literal(value) + ("" if included else self.choose("（不含）", " (not included)"))

    def exceptions(self, domain: Range, bounded: bool) -> str:
        without = sorted(
            value for value in domain.without if replace(domain, without=frozenset()).holds(value)
        )
        if not without:
            return ""
        listed = self.listed([self.literal(value) for value in without], "和", "and")
        if bounded:
            return self.choose(f"，{listed} 除外", f" except {listed}")
        return self.choose(f"不是 {listed}", f"is not {listed}")

    def choices(self, domain: Choices) -> str:
        if domain.among is not None:
            listed = self.listed([self.literal(value) for value in domain.left], "或", "or")
            return self.words(self.choose("是", "is"), listed)
        listed = self.listed([self.literal(value) for value in sorted(domain.without)], "或", "or")
        return self.words(self.choose("不是", "is not"), listed)
