"""Sets of values that a fact may still have: a range of ordered ones, or some of a few."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from typing import Any, TypeAlias

from rules.cel.facts import Kind

ORDERED = (Kind.INT, Kind.NUMBER, Kind.MOMENT, Kind.SPAN)
# Where to look for an example, and how far the next one is.
BEGINNINGS: dict[Kind, tuple[Any, Any]] = {
    Kind.INT: (0, 1),
    Kind.NUMBER: (Decimal(0), Decimal(1)),
    Kind.MOMENT: (datetime(2026, 1, 5, 1, tzinfo=UTC), timedelta(days=1)),
    Kind.SPAN: (timedelta(0), timedelta(hours=1)),
}


@dataclass(frozen=True, kw_only=True)
class Range:
    """None for a side without bound. Bounds of ints are always in it."""

    kind: Kind
    low: Any = None
    low_in: bool = True
    high: Any = None
    high_in: bool = True
    without: frozenset[Any] = frozenset()

    def meet(self, other: "Range") -> "Range":
        low, low_in = self.low, self.low_in
        if low is None or (other.low is not None and (other.low, not other.low_in) > (low, not low_in)):
            low, low_in = other.low, other.low_in
        high, high_in = self.high, self.high_in
        if high is None or (other.high is not None and (other.high, other.high_in) < (high, high_in)):
            high, high_in = other.high, other.high_in
        without = self.without | other.without
        met = Range(kind=self.kind, low=low, low_in=low_in, high=high, high_in=high_in, without=without)
        return met.trimmed()

    def trimmed(self) -> "Range":
        """A bound that is itself left out moves inwards."""
        if self.kind is not Kind.INT:
            low_in, high_in = self.low_in and self.low not in self.without, self.high not in self.without
            return replace(self, low_in=low_in, high_in=self.high_in and high_in)
        low, high = self.low, self.high
        while low in self.without:
            low += 1
        while high in self.without:
            high -= 1
        return replace(self, low=low, high=high)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not self.holds(self.low)
        if self.kind is Kind.INT and self.high - self.low < len(self.without):
            return all(value in self.without for value in range(self.low, self.high + 1))
        return bool(self.low > self.high)

    def holds(self, value: Any) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_in)):
            return False
        if self.high is not None and (value > self.high or (value == self.high and not self.high_in)):
            return False
        return value not in self.without

    def examples(self) -> Iterator[Any]:
        beginning, step = BEGINNINGS[self.kind]
        if self.low is not None and self.high is not None:
            width = self.high - self.low
            parts = (width // 2,) if self.kind is Kind.INT else (width / 2, width / 4)
            tried: Iterator[Any] = iter((self.low, self.high, *(self.low + part for part in parts)))
        elif self.low is not None:
            tried = (self.low + step * number for number in range(len(self.without) + 3))
        elif self.high is not None:
            tried = (self.high - step * number for number in range(len(self.without) + 3))
        else:
            tried = (beginning + step * number for number in range(len(self.without) + 3))
        return (value for value in tried if self.holds(value))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """`among` is None where the set is open, as for most texts."""

    among: frozenset[Any] | None = None
    without: frozenset[Any] = frozenset()

    def meet(self, other: "Choices") -> "Choices":
        if self.among is None or other.among is None:
            among = other.among if self.among is None else self.among
        else:
            among = self.among & other.among
        return Choices(among=among, without=self.without | other.without)

    @property
    def is_empty(self) -> bool:
        return self.among is not None and self.among <= self.without

    @property
    def left(self) -> list[Any]:
        return sorted((self.among or frozenset()) - self.without)

    def examples(self) -> Iterator[Any]:
        if self.among is not None:
            return iter(self.left)
        return islice((text for text in map(str, count()) if text not in self.without), 2)


Domain: TypeAlias = Range | Choices


def compared(kind: Kind, operator: str, limit: Any) -> Range:
    """All that stand so to the limit."""
    step = 1 if kind is Kind.INT else None
    match operator:
        case "==":
            return Range(kind=kind, low=limit, high=limit)
        case "!=":
            return Range(kind=kind, without=frozenset({limit}))
        case "<":
            return (
                Range(kind=kind, high=limit - step) if step else Range(kind=kind, high=limit, high_in=False)
            )
        case "<=":
            return Range(kind=kind, high=limit)
        case ">":
            return Range(kind=kind, low=limit + step) if step else Range(kind=kind, low=limit, low_in=False)
        case _:
            return Range(kind=kind, low=limit)
