"""What is made of the hits of a measure: under whom they count, later than what; a sum, the latest, …

Decimals, because a sum of money has no rounding. One value that cannot be read spoils the answer for
the unit that it belongs to, and for no other.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from store.rows import Tallied, Tally

DAY_LENGTH = len("2020-08-04")


class Hit(NamedTuple):
    """`moment` is an instant in UTC, or a day."""

    whose: str
    item: str
    moment: str
    value: str | None


class Unreadable(ValueError):
    """A field that holds something else than what is to be reckoned with."""


def reduce_hits(tally: Tally, hits: Iterable[Hit]) -> dict[str, Tallied]:
    """`hits` come in the order of their moments."""
    found: dict[str, list[Hit]] = {}
    for whose, hit in counted(tally, hits):
        found.setdefault(whose, []).append(hit)
    return {whose: reduced(tally, mine) for whose, mine in found.items()}


def counted(tally: Tally, hits: Iterable[Hit]) -> Iterator[tuple[str, Hit]]:
    """Each under all those that it counts for, as far as it is later than their moment."""
    under, after = tops(tally.under), bounds(tally.after)
    for hit in hits:
        for whose in (hit.whose,) if under is None else under.get(hit.whose, ()):
            if later(hit.moment, after.get(whose)):
                yield whose, hit


@lru_cache(maxsize=16)
def tops(under: str | None) -> Mapping[str, tuple[str, ...]] | None:
    """[[unit, counted under], …] by unit."""
    if under is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for unit, top in json.loads(under):
        found[unit] = (*found.get(unit, ()), top)
    return found


@lru_cache(maxsize=16)
def bounds(after: str | None) -> Mapping[str, tuple[str, str]]:
    """[[whose, instant, day], …] by whose."""
    return {whose: (instant, day) for whose, instant, day in json.loads(after or "[]")}


def later(moment: str, bound: tuple[str, str] | None) -> bool:
    """A day is later when it is another one."""
    if bound is None:
        return True
    instant, day = bound
    return moment > day if len(moment) == DAY_LENGTH else moment > instant


def reduced(tally: Tally, hits: list[Hit]) -> Tallied:
    try:
        value, chosen = REDUCTIONS[tally.reduce](tally, hits)
    except Unreadable as error:
        return Tallied(value="", cites=(), fault=str(error))
    cites = tuple(dict.fromkeys(hit.item for hit in chosen))
    return Tallied(value=value, cites=cites[: tally.cited], cases=len(hits))


def _count(_tally: Tally, hits: list[Hit]) -> tuple[int, list[Hit]]:
    return len({hit.item for hit in hits}), hits


def _times(_tally: Tally, hits: list[Hit]) -> tuple[int, list[Hit]]:
    return len(hits), hits


def _sum(tally: Tally, hits: list[Hit]) -> tuple[str, list[Hit]]:
    return format(_total(tally, hits), "f"), hits


def _average(tally: Tally, hits: list[Hit]) -> tuple[str, list[Hit]]:
    return format(_total(tally, hits) / len(hits), "f"), hits


def _total(tally: Tally, hits: list[Hit]) -> Decimal:
    numbers = (number(hit, tally.field) for hit in hits)
    most = tally.each_at_most
    return sum((each if most is None else min(each, most) for each in numbers), Decimal(0))


def _latest(_tally: Tally, hits: list[Hit]) -> tuple[str, list[Hit]]:
    return hits[-1].value or "", hits[-1:]


def _extreme(choose: Callable[..., Hit]) -> Callable[[Tally, list[Hit]], tuple[str, list[Hit]]]:
    def reduce(tally: Tally, hits: list[Hit]) -> tuple[str, list[Hit]]:
        hit = choose(hits, key=lambda each: comparable(tally, each))
        return hit.value or "", [hit]

    return reduce


def _distinct(tally: Tally, hits: list[Hit]) -> tuple[int, list[Hit]]:
    return len({comparable(tally, hit) for hit in hits}), hits


REDUCTIONS: Mapping[str, Callable[[Tally, list[Hit]], tuple[int | str, list[Hit]]]] = {
    "count": _count,
    "times": _times,
    "sum": _sum,
    "average": _average,
    "latest": _latest,
    "least": _extreme(min),
    "greatest": _extreme(max),
    "distinct": _distinct,
}


def comparable(tally: Tally, hit: Hit) -> Any:
    """By value: 1.0 is 1, and a moment is the same with any offset."""
    value = hit.value or ""
    if tally.order == "number":
        return number(hit, tally.field)
    if tally.order == "moment" and len(value) > DAY_LENGTH:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def number(hit: Hit, field: str | None) -> Decimal:
    try:
        found = Decimal(hit.value or "")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unreadable(f"item {hit.item}: {field} is {hit.value!r}, which is no number")
    return found
