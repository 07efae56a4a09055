"""The quick way to a verdict is the thorough one: same verdicts, same complaints, for any values at all."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cel import ConditionFailed, FactMissing, FactMistyped, Facts, compile_condition
from rules.cel.evaluate import Run, compile_tree
from rules.cel.quick import compile_quickly

BEIJING = timezone(timedelta(hours=8))


class Rank(IntEnum):
    FIRST = 1


class Name(str):
    __slots__ = ()


# Right ones, right ones that need a second look, and wrong ones.
VALUES: dict[str, list[Any]] = {
    "unit.lagging_items": [
        0,
        1,
        2,
        3,
        -1,
        2**40,
        -(2**63),
        2**63 - 1,
        2**63,
        -(2**64),
        True,
        Rank.FIRST,
        1.0,
    ],
    "unit.boards_missed": [0, 1, 2, 2**40, -(2**63), 2**63, False, "1", None],
    "params.missed_for_interview": [0, 1, 2, 2**63 - 1, 2**63, None, Decimal(1)],
    "unit.satisfaction": [Decimal("0.5"), Decimal("0.60"), Decimal("NaN"), Decimal("Infinity"), 1, 0.5],
    "unit.is_district": [True, False, 1, None, "true"],
    "item.state": ["assigned", "closed", "handling", "elsewhere", Name("closed"), 1, None],
    "item.due": [
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 2, 17, tzinfo=BEIJING),
        datetime(2026, 3, 2, 9),  # noqa: DTZ001 - a naive moment is the point
        None,
        "2026",
    ],
    "now": [datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 17, 1, tzinfo=BEIJING), None, 1],
    "item.waited": [
        timedelta(hours=30),
        timedelta(days=-1),
        timedelta(days=105_000),
        timedelta(days=110_000),
        1,
    ],
    "item.grade": [None, 1, 2, 2**63, "1"],
}
TERMS = [
    *(f"unit.lagging_items {sign} 1" for sign in ("==", "!=", "<", "<=", ">", ">=")),
    *(f"2 {sign} unit.boards_missed" for sign in ("==", "!=", "<", "<=", ">", ">=")),
    *(
        f"unit.boards_missed {sign} params.missed_for_interview"
        for sign in ("==", "!=", "<", "<=", ">", ">=")
    ),
    *(f"unit.satisfaction {sign} 0.6" for sign in ("==", "<", ">=")),
    "unit.lagging_items > 9223372036854775807",
    "unit.is_district",
    "unit.is_district == false",
    "item.state == 'closed'",
    "'closed' != item.state",
    "item.state in ['assigned', 'closed']",
    "unit.lagging_items in [1, 2]",
    "unit.lagging_items in []",
    "has(item.due)",
    "has(item.grade)",
    "now <= timestamp('2026-03-02T17:00:00+08:00')",
    "item.waited > duration('24h')",
]
GUARDED = [
    "has(item.due) && item.due < now",
    "!has(item.due) || now >= item.due",
    "has(item.grade) && item.grade >= 2",
    "!(has(item.grade) && item.grade < 2)",
]


@st.composite
def sources(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(TERMS)) if draw(st.booleans()) else f"({draw(st.sampled_from(GUARDED))})"
    if draw(st.integers(0, 3)) == 0:
        return f"!({draw(sources(depth - 1))})"
    parts = [f"({draw(sources(depth - 1))})" for _ in range(draw(st.integers(2, 3)))]
    return draw(st.sampled_from((" && ", " || "))).join(parts)


def outcome(run: Run, values: dict[str, Any]) -> object:
    try:
        return run(values)
    except (ConditionFailed, FactMissing, FactMistyped) as failure:
        return type(failure), str(failure)


@given(
    source=sources(),
    values=st.fixed_dictionaries({}, optional={name: st.sampled_from(VALUES[name]) for name in VALUES}),
    sane=st.booleans(),
)
def test_quick_and_thorough_agree(facts: Facts, source: str, values: dict[str, Any], sane: bool) -> None:
    if sane:  # or most draws would only show how the first fact is missing
        values = {name: VALUES[name][0] for name in VALUES if not name.startswith("item.d")} | values
    condition = compile_condition(source, facts)
    assert compile_quickly(condition.tree) is not None
    assert outcome(condition.evaluate, values) == outcome(compile_tree(condition.tree), values)


@pytest.mark.parametrize(
    "source", ["unit.lagging_items + 1 > 2", "size(item.tags) > 1", "has(item.due) ? true : unit.is_district"]
)
def test_what_may_fail_or_branch_is_left_to_the_thorough_way(facts: Facts, source: str) -> None:
    assert compile_quickly(compile_condition(source, facts).tree) is None
