"""What is made of the values that a measure finds: a sum, the latest, the greatest, …

Decimals, because a sum of money has no rounding. One value that cannot be read spoils the answer for
the unit that it belongs to, and for no other.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from store.rows import Tallied, Tally

DAY_LENGTH = len("2020-08-04")
Hit = tuple[str, str]  # item and value


class Unreadable(ValueError):
    """A field that holds something else than what is to be reckoned with."""


def reduce_values(tally: Tally, values: Iterable[tuple[str, str, str]]) -> dict[str, Tallied]:
    """`values` are (whose, item, value), in the order of their moments."""
    found: dict[str, list[Hit]] = {}
    for whose, item, value in values:
        found.setdefault(whose, []).append((item, value))
    return {whose: reduce_hits(tally, hits) for whose, hits in found.items()}


def reduce_hits(tally: Tally, hits: list[Hit]) -> Tallied:
    try:
        value, items = REDUCTIONS[tally.reduce](tally, hits)
    except Unreadable as error:
        return Tallied(value="", cites=(), fault=str(error))
    cites = tuple(dict.fromkeys(items))
    return Tallied(value=value, cites=cites[: tally.cited], cases=len(hits))


def _sum(tally: Tally, hits: list[Hit]) -> tuple[str, Iterator[str]]:
    return format(_total(tally, hits), "f"), (item for item, _ in hits)


def _average(tally: Tally, hits: list[Hit]) -> tuple[str, Iterator[str]]:
    return format(_total(tally, hits) / len(hits), "f"), (item for item, _ in hits)


def _total(tally: Tally, hits: list[Hit]) -> Decimal:
    numbers = (number(value, item, tally.field) for item, value in hits)
    most = tally.each_at_most
    return sum((each if most is None else min(each, most) for each in numbers), Decimal(0))


def _latest(_tally: Tally, hits: list[Hit]) -> tuple[str, tuple[str]]:
    item, value = hits[-1]
    return value, (item,)


def _extreme(choose: Callable[..., Hit]) -> Callable[[Tally, list[Hit]], tuple[str, tuple[str]]]:
    def reduce(tally: Tally, hits: list[Hit]) -> tuple[str, tuple[str]]:
        item, value = choose(hits, key=lambda hit: comparable(tally, hit))
        return value, (item,)

    return reduce


def _distinct(tally: Tally, hits: list[Hit]) -> tuple[int, Iterator[str]]:
    return len({comparable(tally, hit) for hit in hits}), (item for item, _ in hits)


REDUCTIONS: dict[str, Callable[[Tally, list[Hit]], tuple[int | str, Iterable[str]]]] = {
    "sum": _sum,
    "average": _average,
    "latest": _latest,
    "least": _extreme(min),
    "greatest": _extreme(max),
    "distinct": _distinct,
}


def comparable(tally: Tally, hit: Hit) -> Any:
    """By value: 1.0 is 1, and a moment is the same with any offset."""
    item, value = hit
    if tally.order == "number":
        return number(value, item, tally.field)
    if tally.order == "moment" and len(value) > DAY_LENGTH:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def number(value: str, item: str, field: str | None) -> Decimal:
    try:
        found = Decimal(value)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unreadable(f"item {item}: {field} is {value!r}, which is no number")
    return found
