"""The typed tree of a condition: what remains when its text has been parsed and checked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

from rules.cel.facts import Fact, Kind, Scalar


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A kind, and for lists the kind of the elements: None for the empty list, which fits every list."""

    kind: Kind
    of: Kind | None = None

    def fits(self, other: "Shape") -> bool:
        return self.kind is other.kind and (self.of is other.of or None in (self.of, other.of))

    def __str__(self) -> str:
        return f"list of {self.of.value}" if self.of else self.kind.value

    @property
    def zh(self) -> str:
        return f"{self.of.zh}列表" if self.of else self.kind.zh


@dataclass(frozen=True, kw_only=True)
class Node:
    """`start` and `end` are offsets into the source, `end` exclusive."""

    shape: Shape = field(hash=False)  # dear, and told by what is below
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Constant(Node):
    value: Scalar


@dataclass(frozen=True, kw_only=True)
class Reading(Node):
    fact: Fact


@dataclass(frozen=True, kw_only=True)
class Presence(Node):
    """has(fact); the offsets are those of the fact inside the brackets."""

    fact: Fact


@dataclass(frozen=True, kw_only=True)
class Negation(Node):
    inner: "Expression"


@dataclass(frozen=True, kw_only=True)
class Conjunction(Node):
    parts: tuple["Expression", ...]


@dataclass(frozen=True, kw_only=True)
class Disjunction(Node):
    parts: tuple["Expression", ...]


@dataclass(frozen=True, kw_only=True)
class Choice(Node):
    condition: "Expression"
    yes: "Expression"
    no: "Expression"


@dataclass(frozen=True, kw_only=True)
class Comparison(Node):
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, kw_only=True)
class Membership(Node):
    item: "Expression"
    among: "Expression"


@dataclass(frozen=True, kw_only=True)
class Matching(Node):
    method: str
    text: "Expression"
    part: "Expression"


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Node):
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, kw_only=True)
class Opposite(Node):
    inner: "Expression"


@dataclass(frozen=True, kw_only=True)
class Size(Node):
    inner: "Expression"


@dataclass(frozen=True, kw_only=True)
class Conversion(Node):
    """One value made into one of another kind: double(…), int(…), .getHours(), .getMinutes()."""

    name: str
    inner: "Expression"


@dataclass(frozen=True, kw_only=True)
class Extreme(Node):
    """math.least(…) or math.greatest(…)."""

    name: str
    items: tuple["Expression", ...]


@dataclass(frozen=True, kw_only=True)
class Listing(Node):
    items: tuple["Expression", ...]


Expression: TypeAlias = (
    Constant
    | Reading
    | Presence
    | Negation
    | Conjunction
    | Disjunction
    | Choice
    | Comparison
    | Membership
    | Matching
    | Arithmetic
    | Opposite
    | Size
    | Conversion
    | Extreme
    | Listing
)


def children(node: Expression) -> tuple[Expression, ...]:  # noqa: PLR0911 - one for each node
    match node:
        case Constant() | Reading() | Presence():
            return ()
        case Negation() | Opposite() | Size() | Conversion():
            return (node.inner,)
        case Conjunction() | Disjunction():
            return node.parts
        case Choice():
            return (node.condition, node.yes, node.no)
        case Comparison() | Arithmetic():
            return (node.left, node.right)
        case Membership():
            return (node.item, node.among)
        case Matching():
            return (node.text, node.part)
        case Listing() | Extreme():
            return node.items


def walk(node: Expression) -> Iterator[Expression]:
    """The node and all below it, in the order of the source."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_read(node: Expression) -> dict[str, Fact]:
    """By canonical name, in the order of first reading; has() counts as reading."""
    return {inner.fact.name: inner.fact for inner in walk(node) if isinstance(inner, Reading | Presence)}


def rebuild(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The node with its children changed, and without its place in the source."""
    changed: dict[str, Any] = {"start": 0, "end": 0}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            changed[each.name] = change(value)  # type: ignore[arg-type]  # every node is an Expression
        elif isinstance(value, tuple):
            changed[each.name] = tuple(map(change, value))
    return replace(node, **changed)
