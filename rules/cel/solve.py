"""What can be said of conditions before any case comes: never, always, not both, none of them.

Nothing is claimed that is not so: None says that this could not be found out. That a condition can hold is
only said when it was tried with an example.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Any

from rules.cel.accept import accept
from rules.cel.arithmetic import LARGEST_INT, NEVER_FAIL, SMALLEST_INT
from rules.cel.boxes import Box, Given, TooManyBoxes, boxes_of, crossed, narrowed
from rules.cel.condition import Condition
from rules.cel.domains import BEGINNINGS, Choices, Domain, Range
from rules.cel.evaluate import compile_tree, constant_value
from rules.cel.facts import Fact, Kind
from rules.cel.faults import ConditionFailed
from rules.cel.gaps import said
from rules.cel.tree import (
    Arithmetic,
    Constant,
    Conversion,
    Expression,
    Listing,
    Membership,
    Opposite,
    Presence,
    Reading,
    Shape,
    facts_read,
    rebuild,
    walk,
)

NOTHING_GIVEN = Given()
MOST_EXAMPLES = 64  # tried in one box


@dataclass(frozen=True, kw_only=True)
class Cover:
    """`covered` is False with a witness for which none holds; `example` gives its facts by name."""

    covered: bool | None
    zh: str = ""
    en: str = ""
    example: Mapping[str, Any] | None = None


def never(condition: Condition, given: Given = NOTHING_GIVEN) -> bool | None:
    """Whether no facts make it true."""
    return nowhere([(condition, True)], given)


def always(condition: Condition, given: Given = NOTHING_GIVEN) -> bool | None:
    """Whether all facts make it true. What may fail to be computed is not true always."""
    contrary = nowhere([(condition, False)], given)
    return None if contrary and may_fail(reduced(condition.tree, given)) else contrary


def exclusive(one: Condition, other: Condition, given: Given = NOTHING_GIVEN) -> bool | None:
    """Whether no facts make both true."""
    return nowhere([(one, True), (other, True)], given)


def covers(conditions: Sequence[Condition], given: Given = NOTHING_GIVEN) -> Cover:
    """Whether at least one of them holds, whatever the facts are."""
    none_holds = [(condition, False) for condition in conditions]
    boxes = boxes_where(none_holds, given)
    if boxes == []:
        fails = any(may_fail(reduced(condition.tree, given)) for condition in conditions)
        return Cover(covered=None if fails else True)
    for box in sorted(boxes or (), key=openness):
        example = confirm(none_holds, box, given)
        if example is not None:
            limits = {key: narrowed(key, domain, given) for key, domain in box.items()}
            return Cover(covered=False, zh=said(limits, "zh"), en=said(limits, "en"), example=example)
    return Cover(covered=None)


def nowhere(wanted: Sequence[tuple[Condition, bool]], given: Given) -> bool | None:
    """Whether no facts give each condition its wanted verdict."""
    boxes = boxes_where(wanted, given)
    if not boxes:
        return None if boxes is None else True
    return False if any(confirm(wanted, box, given) is not None for box in boxes) else None


def boxes_where(wanted: Sequence[tuple[Condition, bool]], given: Given) -> list[Box] | None:
    """None when there are too many."""
    try:
        each = [boxes_of_one(condition, given, holds=holds) for condition, holds in wanted]
        return each[0] if len(each) == 1 else crossed(each, given)
    except TooManyBoxes:
        return None


def boxes_of_one(condition: Condition, given: Given, *, holds: bool) -> list[Box]:
    """Those that are not empty. Of a book's many rules each is compared with many, and many ask the same."""
    if given is NOTHING_GIVEN:
        return boxes_alone(condition.tree, holds)
    return crossed([boxes_of(reduced(condition.tree, given), given, holds=holds)], given)


@lru_cache(maxsize=4096)
def boxes_alone(tree: Expression, holds: bool) -> list[Box]:
    """Nobody changes what is kept here."""
    return crossed([boxes_of(reduced(tree, NOTHING_GIVEN), NOTHING_GIVEN, holds=holds)], NOTHING_GIVEN)


def openness(box: Box) -> int:
    """A gap between two limits tells more than one beyond all limits, or of a fact that is not known."""
    ranges = [domain for domain in box.values() if isinstance(domain, Range)]
    return sum((each.low is None) + (each.high is None) for each in ranges) + 3 * (len(box) - len(ranges))


def reduced(node: Expression, given: Given) -> Expression:
    """Without places, with known facts put in, and computed as far as that goes."""
    match node:
        case Reading() if node.fact.name in given.values:
            return literal(node, accept(node.fact, given.values[node.fact.name]))
        case Presence() if node.fact.name in given.values:
            known = given.values[node.fact.name] is not None
            return Constant(shape=node.shape, start=0, end=0, value=known)
    changed = rebuild(node, lambda child: reduced(child, given))
    if isinstance(changed, Constant):
        return literal(changed, constant_value(changed))
    if changed.shape.kind is Kind.LIST or any(isinstance(each, Reading | Presence) for each in walk(changed)):
        return changed
    try:
        return literal(changed, compile_tree(changed)({}))
    except ConditionFailed:
        return changed  # never has a value; may_fail() knows


def literal(node: Expression, value: Any) -> Expression:
    if value is None:
        return rebuild(node, lambda child: child)
    if not isinstance(value, tuple):
        return Constant(shape=node.shape, start=0, end=0, value=value)
    assert node.shape.of is not None
    shape = Shape(kind=node.shape.of)
    items = tuple(Constant(shape=shape, start=0, end=0, value=item) for item in value)
    return Listing(shape=node.shape, start=0, end=0, items=items)


def may_fail(node: Expression) -> bool:
    return any(
        isinstance(inner, Opposite)
        or (isinstance(inner, Conversion) and inner.name == "int")
        or (isinstance(inner, Arithmetic) and inner.shape.kind not in NEVER_FAIL)
        for inner in walk(node)
    )


def confirm(wanted: Sequence[tuple[Condition, bool]], box: Box, given: Given) -> Mapping[str, Any] | None:
    """Facts in the box that really give these verdicts, if some are found."""
    facts: dict[str, Fact] = {}
    for condition, _ in wanted:
        facts |= facts_read(condition.tree)
    for example in examples(facts, box, given):
        try:
            if all(condition.evaluate(example) is holds for condition, holds in wanted):
                return example
        except ConditionFailed:
            continue  # no verdict is not the wanted one
    return None


def examples(facts: Mapping[str, Fact], box: Box, given: Given) -> Iterator[dict[str, Any]]:
    known = {name: given.values[name] for name in facts if name in given.values}
    names = [name for name in facts if name not in known]
    tried = product(*(possible(facts[name], box, given) for name in names))
    for values in islice(tried, MOST_EXAMPLES):
        found = known | dict(zip(names, values, strict=True))
        yield {name: value for name, value in found.items() if value is not None}


def possible(fact: Fact, box: Box, given: Given) -> list[Any]:
    """A few values of a fact that the box allows; None for its absence."""
    shape = Shape(kind=fact.kind, of=fact.of)
    reading = Reading(shape=shape, start=0, end=0, fact=fact)
    presence = box.get(Presence(shape=Shape(kind=Kind.BOOL), start=0, end=0, fact=fact))
    if isinstance(presence, Choices) and presence.left == [False]:
        return [None]
    if fact.kind is Kind.LIST:
        return [listed(reading, box)]
    domain = narrowed(reading, box.get(reading, anything(fact.kind)), given)
    values = [value for value in safe(domain) if fact.kind is not Kind.INT or in_64_bits(value)]
    absent = [None] if fact.optional and presence is None and reading not in box else []
    return [*values, *absent]


def listed(reading: Reading, box: Box) -> tuple[Any, ...]:
    """A list with just the elements that the box wants in it."""
    return tuple(
        key.item.value
        for key, domain in box.items()
        if isinstance(key, Membership) and key.among == reading and isinstance(key.item, Constant)
        if isinstance(domain, Choices) and domain.left == [True]
    )


def anything(kind: Kind) -> Domain:
    if kind is Kind.BOOL:
        return Choices(among=frozenset({True, False}))
    return Range(kind=kind) if kind in BEGINNINGS else Choices()


def safe(domain: Domain) -> list[Any]:
    """Near the ends of the calendar and of all spans there may be no next value."""
    found: list[Any] = []
    try:
        found.extend(islice(domain.examples(), 4))
    except OverflowError:
        return found
    return found


def in_64_bits(value: int) -> bool:
    return SMALLEST_INT <= value <= LARGEST_INT
