"""The common shapes of conditions, decided straight from the given values.

A condition of comparisons, has() and closed lists under &&, || and ! cannot fail. All its parts are asked, so
that a fact left out is noticed in any case; the verdict is the same as when the first decisive part ends it.
Each function looks at its values itself and leaves whatever is not plainly right to the thorough evaluation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from rules.cel.accept import Values
from rules.cel.evaluate import COMPARE, compile_tree, constant_value
from rules.cel.facts import Fact, Kind
from rules.cel.faults import ConditionFailed
from rules.cel.tree import (
    Comparison,
    Conjunction,
    Constant,
    Disjunction,
    Expression,
    Listing,
    Membership,
    Negation,
    Presence,
    Reading,
    Shape,
)

Ask: TypeAlias = Callable[[Values], bool]

# Wider ranges of spans and ints are possible but rare; within these, Python compares fastest.
SHORT = timedelta(days=100_000)
SURE: dict[Kind, Callable[[Any], bool]] = {
    Kind.BOOL: lambda value: type(value) is bool,
    Kind.INT: lambda value: type(value) is int and -1_000_000_000 < value < 1_000_000_000,
    Kind.NUMBER: lambda value: type(value) is Decimal and value.is_finite(),
    Kind.TEXT: lambda value: type(value) is str,
    Kind.MOMENT: lambda value: type(value) is datetime and value.tzinfo is UTC,
    Kind.SPAN: lambda value: type(value) is timedelta and -SHORT < value < SHORT,
    Kind.LIST: lambda _: False,
}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compile_quickly(tree: Expression) -> Ask | None:
    """None where the tree has other shapes."""
    return ask(tree, holds=True) if is_plain(tree) else None


def is_plain(node: Expression) -> bool:
    match node:
        case Conjunction() | Disjunction():
            return all(is_plain(part) for part in node.parts)
        case Negation():
            return is_plain(node.inner)
        case Comparison():
            sides = (node.left, node.right)
            return any(isinstance(side, Reading) for side in sides) and all(map(is_scalar, sides))
        case Membership():
            return isinstance(node.item, Reading) and is_closed(node.among)
        case Reading():
            return node.shape.kind is Kind.BOOL
        case _:
            return isinstance(node, Presence)


def is_scalar(node: Expression) -> bool:
    return isinstance(node, Reading | Constant) and node.shape.kind is not Kind.LIST


def is_closed(node: Expression) -> bool:
    return isinstance(node, Listing) and all(isinstance(item, Constant) for item in node.items)


def ask(node: Expression, *, holds: bool) -> Ask:
    """Whether the node, or with `holds=False` its contrary, is true."""
    match node:
        case Negation():
            return ask(node.inner, holds=not holds)
        case Conjunction() | Disjunction():
            return ask_parts(node.parts, decisive=isinstance(node, Disjunction) == holds, holds=holds)
        case _:
            return ask_leaf(node, holds=holds)


def ask_parts(parts: tuple[Expression, ...], *, decisive: bool, holds: bool) -> Ask:
    rest = ask(parts[-1], holds=holds)
    if guards_moment(parts, decisive=decisive, holds=holds):
        first, comparison = parts[-2:]
        assert isinstance(comparison, Comparison)
        doubt = both_asked(ask(first, holds=holds), rest, decisive=decisive)
        rest, parts = ask_comparison(comparison, holds, doubt), parts[:-1]
    for part in reversed(parts[:-1]):
        limit = limit_of(part, holds=holds)
        if limit is None:
            rest = both_asked(ask(part, holds=holds), rest, decisive=decisive)
        else:
            rest = limit_then(limit, thorough(part, holds=holds), rest, decisive=decisive)
    return rest


def guards_moment(parts: tuple[Expression, ...], *, decisive: bool, holds: bool) -> bool:
    """Whether it ends like `has(a) && a < b`: where both moments are there, has() says nothing new."""
    match parts[-2:]:
        case (Presence(fact=fact), Comparison(left=Reading() as left, right=Reading() as right)):
            known = holds
        case (
            Negation(inner=Presence(fact=fact)),
            Comparison(left=Reading() as left, right=Reading() as right),
        ):
            known = not holds
        case _:
            return False
    return fact.kind is Kind.MOMENT and fact in (left.fact, right.fact) and known is not decisive


def both_asked(first: Ask, rest: Ask, *, decisive: bool) -> Ask:
    def either(values: Values) -> bool:
        if first(values):
            rest(values)
            return True
        return rest(values)

    def both(values: Values) -> bool:
        if first(values):
            return rest(values)
        rest(values)
        return False

    return either if decisive else both


def ask_leaf(node: Expression, *, holds: bool) -> Ask:
    doubt = thorough(node, holds=holds)
    match node:
        case Comparison():
            return ask_comparison(node, holds, doubt)
        case Membership(item=Reading() as item, among=Listing(items=items)):
            among = frozenset(constant_value(each) for each in items if isinstance(each, Constant))
            return one_of(item.fact, among, holds, doubt)
        case Presence():
            return presence(node.fact, holds, doubt)
        case _:
            assert isinstance(node, Reading)
            return truth(node.fact.name, holds, doubt)


def ask_comparison(node: Comparison, holds: bool, doubt: Ask) -> Ask:
    limit = limit_of(node, holds=holds)
    if limit is not None:
        return limit_alone(limit, doubt)
    if not (isinstance(node.left, Reading) and isinstance(node.right, Reading)):
        return fact_and_constant(node, holds, doubt)
    left, right = node.left.fact, node.right.fact
    if left.kind is Kind.INT and node.operator not in ("==", "!="):
        return order_of_ints(node.operator, left.name, right.name, holds, doubt)
    if left.kind is Kind.MOMENT:
        return two_moments(node.operator, left.name, right.name, holds, doubt)
    return two_facts(node.operator, left, right, holds, doubt)


def thorough(node: Expression, *, holds: bool) -> Ask:
    """For values that need a second look: another time zone, a kind of its own, the wrong kind."""
    run = compile_tree(node if holds else Negation(shape=Shape(kind=Kind.BOOL), start=0, end=0, inner=node))

    def look(values: Values) -> bool:
        try:
            return bool(run(values))
        except ConditionFailed:
            return False  # an optional fact is not known: its guard has decided, whatever is said here

    return look


@dataclass(frozen=True, kw_only=True)
class Limit:
    """An int fact that reaches `least`, or, with `reached=False`, stays below it."""

    name: str
    least: int
    reached: bool


def limit_of(node: Expression, *, holds: bool) -> Limit | None:
    if not isinstance(node, Comparison) or node.operator in ("==", "!="):
        return None
    match node.left, node.right:
        case Reading(fact=fact), Constant(value=int(value)):
            operator = node.operator
        case Constant(value=int(value)), Reading(fact=fact):
            operator = MIRRORED[node.operator]
        case _:
            return None
    if operator in (">", "<="):
        value += 1
    return Limit(name=fact.name, least=value, reached=(operator in (">", ">=")) == holds)


def limit_alone(limit: Limit, doubt: Ask) -> Ask:
    name, least, reached = limit.name, limit.least, limit.reached

    def at_least(values: Values) -> bool:
        value = values.get(name)
        if type(value) is int and -1_000_000_000 < value < 1_000_000_000:
            return (value >= least) is reached
        return doubt(values)

    return at_least


def limit_then(limit: Limit, doubt: Ask, rest: Ask, *, decisive: bool) -> Ask:
    """A limit and what stands behind it in one function: a call less for the commonest shape."""
    write = reached_decides if limit.reached == decisive else missed_decides
    return write(limit.name, limit.least, both_asked(doubt, rest, decisive=decisive), rest, decisive)


def reached_decides(name: str, least: int, doubt: Ask, rest: Ask, decisive: bool) -> Ask:
    def step(values: Values) -> bool:
        try:
            value = values[name]
        except KeyError:
            return doubt(values)
        if type(value) is int:
            if value >= least:
                if value < 1_000_000_000:
                    rest(values)
                    return decisive
            elif value > -1_000_000_000:
                return rest(values)
        return doubt(values)

    return step


def missed_decides(name: str, least: int, doubt: Ask, rest: Ask, decisive: bool) -> Ask:
    def step(values: Values) -> bool:
        try:
            value = values[name]
        except KeyError:
            return doubt(values)
        if type(value) is int:
            if value >= least:
                if value < 1_000_000_000:
                    return rest(values)
            elif value > -1_000_000_000:
                rest(values)
                return decisive
        return doubt(values)

    return step


def order_of_ints(operator: str, left: str, right: str, holds: bool, doubt: Ask) -> Ask:
    if operator in (">", "<="):
        left, right = right, left
    expected = (operator in ("<=", ">=")) == holds
    opposite = not expected

    def at_least(values: Values) -> bool:
        try:
            one, other = values[left], values[right]
        except KeyError:
            return doubt(values)
        if type(one) is int and type(other) is int:
            if one >= other:
                if one < 1_000_000_000 and other > -1_000_000_000:
                    return expected
            elif one > -1_000_000_000 and other < 1_000_000_000:
                return opposite
        return doubt(values)

    return at_least


def two_moments(operator: str, left: str, right: str, holds: bool, doubt: Ask) -> Ask:
    compare = COMPARE[operator]

    def step(values: Values) -> bool:
        try:
            one, other = values[left], values[right]
        except KeyError:
            return doubt(values)
        if type(one) is datetime and type(other) is datetime and one.tzinfo is UTC and other.tzinfo is UTC:
            return compare(one, other) is holds
        return doubt(values)

    return step


def two_facts(operator: str, left: Fact, right: Fact, holds: bool, doubt: Ask) -> Ask:
    compare, sure, name, other = COMPARE[operator], SURE[left.kind], left.name, right.name

    def step(values: Values) -> bool:
        first, second = values.get(name), values.get(other)
        if sure(first) and sure(second):
            return compare(first, second) is holds
        return doubt(values)

    return step


def fact_and_constant(node: Comparison, holds: bool, doubt: Ask) -> Ask:
    fact, constant, operator = node.left, node.right, node.operator
    if isinstance(fact, Constant):
        fact, constant, operator = node.right, node.left, MIRRORED[operator]
    assert isinstance(fact, Reading)
    assert isinstance(constant, Constant)
    name, sure, compare = fact.fact.name, SURE[fact.shape.kind], COMPARE[operator]
    limit = constant_value(constant)

    def step(values: Values) -> bool:
        value = values.get(name)
        if sure(value):
            return compare(value, limit) is holds
        return doubt(values)

    def is_text(values: Values) -> bool:
        value = values.get(name)
        if type(value) is str:
            return (value == limit) is equal
        return doubt(values)

    equal = (operator == "==") == holds
    return is_text if fact.shape.kind is Kind.TEXT and operator in ("==", "!=") else step


def one_of(fact: Fact, among: frozenset[Any], holds: bool, doubt: Ask) -> Ask:
    name, sure = fact.name, SURE[fact.kind]

    def is_in(values: Values) -> bool:
        value = values.get(name)
        if sure(value):
            return (value in among) is holds
        return doubt(values)

    def text_is_in(values: Values) -> bool:
        value = values.get(name)
        if type(value) is str:
            return (value in among) is holds
        return doubt(values)

    return text_is_in if fact.kind is Kind.TEXT else is_in


def presence(fact: Fact, holds: bool, doubt: Ask) -> Ask:
    name, sure = fact.name, SURE[fact.kind]

    def is_there(values: Values) -> bool:
        value = values.get(name)
        if value is None:
            return not holds
        return holds if sure(value) else doubt(values)

    def moment_is_there(values: Values) -> bool:
        value = values.get(name)
        if type(value) is datetime and value.tzinfo is UTC:
            return holds
        return doubt(values) if value is not None else not holds

    return moment_is_there if fact.kind is Kind.MOMENT else is_there


def truth(name: str, holds: bool, doubt: Ask) -> Ask:
    def is_true(values: Values) -> bool:
        value = values.get(name)
        if value is True or value is False:
            return value is holds
        return doubt(values)

    return is_true
