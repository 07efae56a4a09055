"""A condition as boxes: each tells which values some facts may have, and in one of them it holds.

What is not understood (a text's beginning, two facts that are added) is taken as free. So a condition may
hold in fewer cases than its boxes say, but never in others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

from rules.cel.domains import ORDERED, Choices, Domain, Range, compared
from rules.cel.facts import Kind, Scalar
from rules.cel.quick import MIRRORED, is_closed
from rules.cel.sentence import OPPOSITE
from rules.cel.tree import (
    Choice,
    Comparison,
    Conjunction,
    Constant,
    Disjunction,
    Expression,
    Listing,
    Membership,
    Negation,
    Reading,
    Size,
)

Box: TypeAlias = Mapping[Expression, Domain]

MOST_BOXES = 512
MOST_MEETINGS = 8_192  # of boxes, two at a time
SIDES = {"<": (-1, -1), "<=": (-1, 0), "==": (0, 0), ">=": (0, 1), ">": (1, 1)}  # of left minus right


class TooManyBoxes(Exception):
    """The condition branches too often to look at each way."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is known of a book: the values of its parameters, and bounds of facts, both included."""

    values: Mapping[str, Any] = field(default_factory=dict)
    within: Mapping[str, tuple[Scalar | None, Scalar | None]] = field(default_factory=dict)


def boxes_of(node: Expression, given: Given, *, holds: bool) -> list[Box]:
    """Of a tree without places and known facts. Raises TooManyBoxes."""
    match node:
        case Constant():
            return [{}] if node.value is holds else []
        case Negation():
            return boxes_of(node.inner, given, holds=not holds)
        case Conjunction() | Disjunction():
            each = [boxes_of(part, given, holds=holds) for part in node.parts]
            return crossed(each, given) if isinstance(node, Conjunction) == holds else united(each)
        case Choice():
            ways = ((node.yes, True), (node.no, False))
            return united(
                crossed(
                    [
                        boxes_of(node.condition, given, holds=chosen),
                        boxes_of(way, given, holds=holds),
                    ],
                    given,
                )
                for way, chosen in ways
            )
        case _:
            return [box for box in alternatives(node, holds) if not is_empty(box, given)]


def united(each: Iterable[list[Box]]) -> list[Box]:
    return limited([box for boxes in each for box in boxes])


def crossed(each: Iterable[list[Box]], given: Given) -> list[Box]:
    """All of them at once: whatever two say of one fact must go together."""
    found: list[Box] = [{}]
    for boxes in each:
        if len(found) * len(boxes) > MOST_MEETINGS:
            raise TooManyBoxes
        met = (meet(one, other) for one, other in product(found, boxes))
        found = limited([box for box in met if not is_empty(box, given)])
    return found


def limited(boxes: list[Box]) -> list[Box]:
    distinct = list({frozenset(box.items()): box for box in boxes}.values())
    if len(distinct) > MOST_BOXES:
        raise TooManyBoxes
    return distinct


def meet(one: Box, other: Box) -> Box:
    return {
        **one,
        **{key: meet_domains(one[key], domain) if key in one else domain for key, domain in other.items()},
    }


def meet_domains(one: Domain, other: Domain) -> Domain:
    if isinstance(one, Range) and isinstance(other, Range):
        return one.meet(other)
    assert isinstance(one, Choices)
    assert isinstance(other, Choices)
    return one.meet(other)


def is_empty(box: Box, given: Given) -> bool:
    return any(narrowed(key, domain, given).is_empty for key, domain in box.items())


def narrowed(key: Expression, domain: Domain, given: Given) -> Domain:
    """With what the fact can be at all."""
    if isinstance(domain, Range):
        low, high = bounds(key, given)
        return domain.meet(Range(kind=domain.kind, low=low, high=high))
    if isinstance(key, Reading) and key.fact.one_of:
        return domain.meet(Choices(among=frozenset(key.fact.one_of)))
    return domain


def bounds(key: Expression, given: Given) -> tuple[Any, Any]:
    match key:
        case Reading():
            return given.within.get(key.fact.name, (None, None))
        case Comparison():
            return (0, 0) if key.left == key.right else (-1, 1)
        case Size():
            return 0, None
        case _:
            return None, None


def alternatives(node: Expression, holds: bool) -> list[Box]:
    match node:
        case Comparison():
            return compared_boxes(node, node.operator if holds else OPPOSITE[node.operator])
        case Membership() if is_closed(node.among) and not isinstance(node.item, Constant):
            return listed_boxes(node, holds)
        case _:
            return [{node: Choices(among=frozenset({holds}))}]


def compared_boxes(node: Comparison, operator: str) -> list[Box]:
    left, right, kind = node.left, node.right, node.left.shape.kind
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right, operator = right, left, MIRRORED[operator]
    if not isinstance(right, Constant) or isinstance(left, Constant):
        return two_sided(left, right, operator)
    if kind in ORDERED:
        return [{left: compared(kind, operator, right.value)}]
    if operator not in ("==", "!="):
        return two_sided(left, right, operator)
    value = frozenset({right.value})
    if kind is Kind.BOOL:
        return boolean(left, right.value is (operator == "=="))
    return [{left: Choices(among=value) if operator == "==" else Choices(without=value)}]


def boolean(node: Expression, holds: bool) -> list[Box]:
    """A fact that is true or false; of anything larger, only that it is one of the two."""
    return [{node: Choices(among=frozenset({holds}))}]


def two_sided(left: Expression, right: Expression, operator: str) -> list[Box]:
    """How two expressions stand to each other, as -1, 0 or 1."""
    if repr(left) > repr(right):
        left, right, operator = right, left, MIRRORED[operator]
    key = Comparison(shape=left.shape, start=0, end=0, operator="<=>", left=left, right=right)
    if operator == "!=":
        return [{key: Range(kind=Kind.INT, without=frozenset({0}))}]
    low, high = SIDES[operator]
    return [{key: Range(kind=Kind.INT, low=low, high=high)}]


def listed_boxes(node: Membership, holds: bool) -> list[Box]:
    assert isinstance(node.among, Listing)
    values = frozenset(item.value for item in node.among.items if isinstance(item, Constant))
    kind = node.item.shape.kind
    if kind not in ORDERED:
        return [{node.item: Choices(among=values) if holds else Choices(without=values)}]
    if holds:
        return [{node.item: compared(kind, "==", value)} for value in values]
    return [{node.item: Range(kind=kind, without=values)}]
