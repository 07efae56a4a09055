"""From the typed tree to Python functions, one inside the other; nothing an author wrote is run as Python."""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from rules.cel.accept import Values, accept_all
from rules.cel.arithmetic import CONVERSIONS, EXTREMES, OPERATIONS, OPPOSITES
from rules.cel.facts import Fact, Scalar, Value
from rules.cel.faults import ConditionFailed
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
    facts_read,
)

Run: TypeAlias = Callable[[Values], Value]
Step: TypeAlias = Callable[[dict[str, Any]], Any]  # takes the accepted facts
Marks: TypeAlias = Mapping[int, str]  # by id of the node: under which key its verdict is left

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
METHODS: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": operator.contains,
}
NO_MARKS: Marks = MappingProxyType({})


def compile_tree(tree: Expression) -> Run:
    facts, step = tuple(facts_read(tree).values()), Builder().build(tree)

    def run(values: Values) -> Value:
        result: Value = step(accept_all(facts, values))
        return result

    return run


def constant_value(node: Constant) -> Scalar:
    return node.value.astimezone(UTC) if isinstance(node.value, datetime) else node.value


class Builder:
    """A function for each node, made of those for the nodes below it."""

    def __init__(self, marks: Marks = NO_MARKS) -> None:
        self.marks = marks

    def build(self, node: Expression) -> Step:
        step = self.build_node(node)
        mark = self.marks.get(id(node))
        return step if mark is None else leave_mark(step, mark)

    def build_node(self, node: Expression) -> Step:  # noqa: C901, PLR0911, PLR0912 - one line for each node
        build = self.build
        match node:
            case Constant():
                value = constant_value(node)
                return lambda _: value
            case Reading():
                return read(node.fact)
            case Presence():
                name = node.fact.name
                return lambda facts: facts[name] is not None
            case Negation():
                inner = build(node.inner)
                return lambda facts: not inner(facts)
            case Conjunction():
                return join(tuple(build(part) for part in node.parts), decisive=False)
            case Disjunction():
                return join(tuple(build(part) for part in node.parts), decisive=True)
            case Choice():
                condition, yes, no = build(node.condition), build(node.yes), build(node.no)
                return lambda facts: yes(facts) if condition(facts) else no(facts)
            case Comparison():
                return pair(COMPARE[node.operator], build(node.left), build(node.right))
            case Membership():
                return pair(operator.contains, build(node.among), build(node.item), swapped=True)
            case Matching():
                return pair(METHODS[node.method], build(node.text), build(node.part))
            case Arithmetic():
                _, compute = OPERATIONS[node.operator, node.left.shape.kind, node.right.shape.kind]
                return pair(compute, build(node.left), build(node.right))
            case Size():
                return apply(len, build(node.inner))
            case Opposite():
                return apply(OPPOSITES[node.shape.kind], build(node.inner))
            case Conversion():
                return apply(CONVERSIONS[node.name, node.inner.shape.kind][1], build(node.inner))
            case Extreme():
                return apply(EXTREMES[node.name], gather(tuple(build(item) for item in node.items)))
            case Listing():
                return gather(tuple(build(item) for item in node.items))


def read(fact: Fact) -> Step:
    name = fact.name
    if not fact.optional:
        return operator.itemgetter(name)

    def step(facts: dict[str, Any]) -> Any:
        value = facts[name]
        if value is None:  # its guard failed, and the failure was absorbed
            raise ConditionFailed(f"{fact.label('en')} is not known", zh=f"{fact.label('zh')}未知")
        return value

    return step


def apply(function: Callable[[Any], Any], inner: Step) -> Step:
    return lambda facts: function(inner(facts))


def pair(function: Callable[[Any, Any], Any], left: Step, right: Step, *, swapped: bool = False) -> Step:
    """`swapped`: the right one stands first in the source and is computed first."""
    if not swapped:
        return lambda facts: function(left(facts), right(facts))

    def step(facts: dict[str, Any]) -> Any:
        first = right(facts)
        return function(left(facts), first)

    return step


def gather(items: tuple[Step, ...]) -> Step:
    return lambda facts: tuple([item(facts) for item in items])


def join(parts: tuple[Step, ...], *, decisive: bool) -> Step:
    """CEL's && and ||: one part that comes out as `decisive` decides, also beside parts that fail."""

    def step(facts: dict[str, Any]) -> bool:
        failure: ConditionFailed | None = None
        for part in parts:
            try:
                verdict: bool = part(facts)
                if verdict is decisive:
                    return decisive
            except ConditionFailed as failed:
                failure = failure or failed
        if failure is not None:
            raise failure
        return not decisive

    return step


def leave_mark(inner: Step, mark: str) -> Step:
    """Leaves the verdict beside the facts, so that a run tells afterwards what it asked."""

    def step(facts: dict[str, Any]) -> Any:
        facts[mark] = verdict = inner(facts)
        return verdict

    return step
