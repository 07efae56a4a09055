"""What the gatherer gives, held against what the facts declare: the wrong kind is refused, never compared."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from rules.cel.arithmetic import LARGEST_INT, LONGEST_SPAN, SMALLEST_INT
from rules.cel.facts import Fact, Kind, Scalar, Value
from rules.cel.faults import FactMissing, FactMistyped

Values: TypeAlias = Mapping[str, Any]


def accept_all(facts: Iterable[Fact], values: Values) -> dict[str, Any]:
    """By name, None for what is not known. All are looked at: a fact left out is noticed in any case."""
    return {fact.name: accept(fact, values.get(fact.name)) for fact in facts}


def accept(fact: Fact, value: Any) -> Value | None:
    """The value as the condition needs it: moments in UTC, lists as tuples."""
    if value is None:
        if fact.optional:
            return None
        raise FactMissing(fact.name)
    if fact.kind is not Kind.LIST:
        return accept_scalar(fact, fact.kind, value)
    if not isinstance(value, tuple | list):
        raise FactMistyped(fact.name, "a list", value)
    assert fact.of is not None
    return tuple([accept_scalar(fact, fact.of, element) for element in value])


def accept_scalar(fact: Fact, kind: Kind, value: Any) -> Scalar:
    if kind is Kind.MOMENT and isinstance(value, datetime) and value.tzinfo is not None:
        # Python compares and adds within one zone by the wall clock, which repeats an hour each autumn.
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    if FITS[kind](value):
        fitting: Scalar = value
        return fitting
    raise FactMistyped(fact.name, kind.phrase, value)


FITS: dict[Kind, Callable[[Any], bool]] = {
    Kind.BOOL: lambda value: isinstance(value, bool),
    Kind.INT: lambda value: type(value) is int and SMALLEST_INT <= value <= LARGEST_INT,
    Kind.NUMBER: lambda value: isinstance(value, Decimal) and value.is_finite(),
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.MOMENT: lambda _: False,
    Kind.SPAN: lambda value: isinstance(value, timedelta) and abs(value) <= LONGEST_SPAN,
}
