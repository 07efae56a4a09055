"""What is claimed of conditions is so: held against every case of a small world, and what offices write."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cel import Condition, ConditionFailed, Fact, Facts, Kind, compile_condition
from rules.cel.boxes import Given
from rules.cel.solve import always, covers, exclusive, never

FACTS = Facts(
    [
        Fact(name="item.score", kind=Kind.INT),
        Fact(name="item.count", kind=Kind.INT),
        Fact(name="unit.rate", kind=Kind.NUMBER),
        Fact(name="item.state", kind=Kind.TEXT, one_of=("open", "late", "closed")),
        Fact(name="item.title", kind=Kind.TEXT),
        Fact(name="item.urgent", kind=Kind.BOOL),
        Fact(name="item.grade", kind=Kind.INT, optional=True),
        Fact(name="item.due", kind=Kind.MOMENT, optional=True),
        Fact(name="item.waited", kind=Kind.SPAN),
        Fact(name="item.tags", kind=Kind.LIST, of=Kind.TEXT),
        Fact(name="params.pass", kind=Kind.INT),
        Fact(name="now", kind=Kind.MOMENT),
    ]
)


@cache
def condition(source: str) -> Condition:
    return compile_condition(source, FACTS)


NEVER = [
    "item.score > 3 && item.score < 4",
    "item.score >= 5 && item.score < 5",
    "item.score == 1 && item.score == 2",
    "item.score in [1, 2] && item.score > 2",
    "item.score >= 1 && item.score <= 2 && item.score != 1 && item.score != 2",
    "unit.rate > 0.5 && unit.rate < 0.5",
    "unit.rate >= 0.5 && unit.rate <= 0.50 && unit.rate != 0.5",
    "item.state == 'open' && item.state != 'open'",
    "item.state != 'open' && !(item.state in ['late', 'closed'])",
    "item.title == 'a' && item.title == 'b'",
    "item.urgent && !item.urgent",
    "has(item.grade) && !has(item.grade)",
    "item.score < item.count && item.count < item.score",
    "item.score < item.score",
    "now > timestamp('2026-02-01T00:00:00+08:00') && now < timestamp('2026-01-31T16:00:00Z')",
    "item.waited < duration('24h') && item.waited > duration('48h')",
    "item.waited.getHours() > 48 && item.waited.getHours() < 24",
    "size(item.title) < 0",
    "item.score + item.count > 5 && item.score + item.count < 5",
    "item.title.startsWith('a') && !item.title.startsWith('a')",
    "(item.urgent ? item.score > 5 : item.score > 7) && item.score < 3",
]


@pytest.mark.parametrize("source", NEVER)
def test_what_never_holds_is_seen(source: str) -> None:
    assert never(condition(source)) is True


@pytest.mark.parametrize("source", [source for source in NEVER if "+" not in source])
def test_its_contrary_always_holds(source: str) -> None:
    assert always(condition(f"!({source})")) is True


def test_what_may_fail_does_not_always_hold() -> None:
    assert always(condition("item.score + 1 > 2 || item.score + 1 <= 2")) is None


@pytest.mark.parametrize(
    "source",
    [
        "item.score > 3 && item.score < 5",
        "unit.rate > 0.5 && unit.rate < 0.51",
        "item.state != 'open' && item.state != 'late'",
        "has(item.due) && item.due < now",
        "item.score < item.count",
        "'flood' in item.tags && item.title != 'a'",
        "item.score > 9223372036854775806",
        "!has(item.grade) || item.grade > 2",
    ],
)
def test_what_can_hold_is_tried(source: str) -> None:
    assert never(condition(source)) is False
    assert always(condition(source)) is False


def test_what_is_not_understood_stays_open() -> None:
    assert never(condition("item.title.startsWith('汛') && item.title.endsWith('水')")) is None
    assert never(condition("now > timestamp('9999-12-31T23:59:59Z')")) is None


def test_a_limit_of_the_book_is_put_in() -> None:
    source = "item.score >= params.pass && item.score < 60"
    assert never(condition(source)) is False
    assert never(condition(source), Given(values={"params.pass": 60})) is True
    assert never(condition(source), Given(values={"params.pass": 59})) is False
    assert never(condition("item.score > 100"), Given(within={"item.score": (0, 100)})) is True


def test_bands_exclude_each_other() -> None:
    assert exclusive(condition("unit.rate >= 0.6"), condition("unit.rate < 0.6")) is True
    assert exclusive(condition("unit.rate >= 0.6"), condition("unit.rate <= 0.6")) is False
    assert exclusive(condition("item.title == 'a'"), condition("size(item.title) > 3")) is None


def test_too_many_branches_are_left_alone() -> None:
    parts = " && ".join(
        f"(item.score == {number} || item.count == {number} || item.urgent)" for number in range(9)
    )
    clauses = " && ".join(
        f"(size(item.title + '{number}') > 1 || size(item.title + '{number}x') > 1)" for number in range(12)
    )
    assert never(condition(parts)) is False
    assert never(condition(clauses)) is None


GAPS = [
    (
        ("item.score < 60", "item.score >= 65"),
        "item.score from 60 to 64",
        "item.score 从 60 到 64",
    ),
    (
        ("unit.rate < 0.6", "unit.rate >= 0.65"),
        "unit.rate from 0.6 to 0.65 (not included)",
        "unit.rate 从 0.6 到 0.65（不含）",
    ),
    (("unit.rate < 0.6", "unit.rate > 0.6"), "unit.rate is 0.6", "unit.rate 是 0.6"),
    (
        ("item.score < 60", "item.score > 80 && item.urgent", "item.score <= 80"),
        "item.score from 81 upwards and item.urgent is false",
        "item.score 从 81 起，且 item.urgent 为假",
    ),
    (
        ("item.state == 'open'", "item.state == 'late'"),
        "item.state is “closed”",
        "item.state 是“closed”",
    ),
    (("item.title == 'a'",), "item.title is not “a”", "item.title 不是“a”"),
    (("item.score > 3",), "item.score up to 3", "item.score 到 3 为止"),
    (("item.score <= 3", "item.score > 3 && item.score != 7"), "item.score is 7", "item.score 是 7"),
    (
        ("has(item.grade) && item.grade > 2", "has(item.grade) && item.grade <= 2"),
        "item.grade is not known",
        "item.grade 未知",
    ),
    (
        ("has(item.grade) && item.grade > 2", "!has(item.grade)"),
        "item.grade up to 2",
        "item.grade 到 2 为止",
    ),
    (
        ("item.score > item.count", "item.score < item.count"),
        "item.count is item.score",
        "item.count 等于 item.score",
    ),
    (
        ("now < timestamp('2026-01-05T00:00:00Z')", "now >= timestamp('2026-01-06T00:00:00Z')"),
        "now from 2026-01-05 00:00+00:00 to 2026-01-06 00:00+00:00 (not included)",
        "now 从 2026-01-05 00:00+00:00 到 2026-01-06 00:00+00:00（不含）",
    ),
]


@pytest.mark.parametrize(("sources", "english", "chinese"), GAPS)
def test_a_gap_between_bands_is_said(sources: tuple[str, ...], english: str, chinese: str) -> None:
    cover = covers([condition(source) for source in sources])
    assert cover.covered is False
    assert (cover.en, cover.zh) == (english, chinese)
    assert cover.example is not None
    assert not any(condition(source).evaluate(cover.example) for source in sources)


def test_bands_without_a_gap_cover_everything() -> None:
    assert covers([condition("unit.rate < 0.6"), condition("unit.rate >= 0.6")]).covered is True
    bounded = Given(within={"item.score": (0, 100)})
    assert covers([condition("item.score < 60"), condition("item.score in [60]")], bounded).en == (
        "item.score from 61 to 100"
    )


MOMENTS = [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 1)]
WORLD: dict[str, list[Any]] = {
    "item.score": [0, 1, 2, 3],
    "unit.rate": [Decimal(0), Decimal("0.5"), Decimal("0.75")],
    "item.state": ["open", "late", "closed"],
    "item.urgent": [True, False],
    "item.grade": [None, 1, 2],
    "item.title": ["a", "ab"],
}
CASES = [dict(zip(WORLD, values, strict=True)) for values in product(*WORLD.values())]
SIGNS = ("==", "!=", "<", "<=", ">", ">=")
LEAVES = [
    *(f"item.score {sign} {limit}" for sign in SIGNS for limit in (0, 1, 2, 3)),
    *(f"{limit} {sign} unit.rate" for sign in SIGNS for limit in ("0.5", "0.75")),
    *(f"item.state {sign} 'late'" for sign in ("==", "!=", "<", ">=")),
    *(f"double(item.score) {sign} unit.rate" for sign in SIGNS),
    "item.state in ['open', 'late']",
    "item.score in [0, 2]",
    "item.urgent",
    "item.urgent == false",
    "(item.urgent && item.score > 1) == true",
    "has(item.grade)",
    "(has(item.grade) && item.grade > 1)",
    "(!has(item.grade) || item.grade == 1)",
    "(has(item.grade) ? item.grade < item.score : item.urgent)",
    "item.title.contains('b')",
    "size(item.title) > 1",
    "item.score * 2 > 3",
    "1 / item.score > 0",
    "math.greatest(item.score, 1) == 1",
    "(item.urgent ? item.score : 0) >= 2",
    "true",
    "1 > 2",
]


@st.composite
def sources(draw: st.DrawFn, depth: int = 2) -> str:
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(LEAVES))
    match draw(st.sampled_from(("&&", "&&", "||", "!", "?"))):
        case "!":
            return f"!({draw(sources(depth - 1))})"
        case "?":
            parts = [f"({draw(sources(depth - 1))})" for _ in range(3)]
            return f"({parts[0]} ? {parts[1]} : {parts[2]})"
        case word:
            return f" {word} ".join(f"({draw(sources(depth - 1))})" for _ in range(draw(st.integers(2, 3))))


def verdicts(source: str) -> list[bool | None]:
    evaluate = condition(source).evaluate
    found: list[bool | None] = []
    for case in CASES:
        try:
            found.append(bool(evaluate(case)))
        except ConditionFailed:
            found.append(None)
    return found


@given(source=sources())
def test_never_and_always_are_never_claimed_falsely(source: str) -> None:
    really = verdicts(source)
    assert not (never(condition(source)) is True and True in really)
    assert not (always(condition(source)) is True and set(really) != {True})


@given(source=sources(), limits=st.fixed_dictionaries({"item.score": st.sampled_from(WORLD["item.score"])}))
def test_nor_when_some_facts_are_given(source: str, limits: dict[str, Any]) -> None:
    known = Given(values=limits, within={"unit.rate": (Decimal(0), Decimal("0.75"))})
    really = [
        verdict
        for case, verdict in zip(CASES, verdicts(source), strict=True)
        if case["item.score"] == limits["item.score"]
    ]
    assert not (never(condition(source), known) is True and True in really)
    assert not (always(condition(source), known) is True and set(really) != {True})


@given(one=sources(), other=sources())
def test_exclusive_is_never_claimed_falsely(one: str, other: str) -> None:
    both = (True, True) in zip(verdicts(one), verdicts(other), strict=True)
    assert not (exclusive(condition(one), condition(other)) is True and both)


@given(written=st.lists(sources(1), min_size=1, max_size=3))
def test_a_cover_and_its_witness_are_real(written: list[str]) -> None:
    conditions = [condition(source) for source in written]
    cover = covers(conditions)
    really = all(True in case for case in zip(*(verdicts(source) for source in written), strict=True))
    assert not (cover.covered is True and not really)
    if cover.covered is False:
        assert cover.en
        assert cover.zh
        assert cover.example is not None
        assert not any(each.evaluate(cover.example) for each in conditions)
