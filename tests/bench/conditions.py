"""Conditions of rules, beside Python functions written by hand that do not look at what they are given."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

from rules.cel import Fact, Facts, Kind, compile_condition
from tests.bench.backlog import Workshop
from tests.bench.measure import Figure, Stopwatch, compare, load, say
from tests.bench.sizes import Sizes

Given = Mapping[str, Any]

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
FACTS = Facts(
    (
        Fact(name="unit.lagging_items", kind=Kind.INT),
        Fact(name="unit.boards_missed", kind=Kind.INT),
        Fact(name="unit.satisfaction", kind=Kind.NUMBER),
        Fact(name="params.limit", kind=Kind.INT),
        Fact(name="item.state", kind=Kind.TEXT, one_of=("assigned", "handling", "closed")),
        Fact(name="item.due", kind=Kind.MOMENT, optional=True),
        Fact(name="now", kind=Kind.MOMENT),
    )
)


@dataclass(frozen=True, kw_only=True)
class Work:
    """`facts` come in turn, so that nothing is learnt from one evaluation for the next."""

    name: str
    source: str
    by_hand: Callable[[Given], bool]
    facts: list[Given]
    goal: str = ""


def subjects(lagging: tuple[int, ...]) -> list[Given]:
    return [
        {"unit.lagging_items": items, "unit.boards_missed": boards, "params.limit": 2}
        for items, boards in product(lagging, (0, 3))
    ]


COUNTS = "unit.lagging_items >= 1 || unit.boards_missed >= params.limit"


LIMIT = Decimal("0.6")
WORKS = (
    Work(
        name="both terms asked",
        source=COUNTS,
        by_hand=lambda facts: (
            facts["unit.lagging_items"] >= 1 or facts["unit.boards_missed"] >= facts["params.limit"]
        ),
        facts=subjects((0,)),
        goal="≤ 3 ×",
    ),
    Work(
        name="the first decides every other time",
        source=COUNTS,
        by_hand=lambda facts: (
            facts["unit.lagging_items"] >= 1 or facts["unit.boards_missed"] >= facts["params.limit"]
        ),
        facts=subjects((0, 4)),
    ),
    Work(
        name="has() and a moment",
        source="has(item.due) && item.due < now",
        by_hand=lambda facts: "item.due" in facts and facts["item.due"] < facts["now"],
        facts=[{"item.due": NOW, "now": NOW}, {"item.due": NOW, "now": NOW.replace(hour=2)}],
    ),
    Work(
        name="a closed list and a number",
        source="item.state in ['assigned', 'handling'] && unit.satisfaction < 0.6",
        by_hand=lambda facts: (
            facts["item.state"] in ("assigned", "handling") and facts["unit.satisfaction"] < LIMIT
        ),
        facts=[{"item.state": "handling", "unit.satisfaction": Decimal(rate)} for rate in ("0.5", "0.75")],
    ),
)


def conditions(_workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    for work in WORKS:
        ours, by_hand = [], []
        evaluate = compile_condition(work.source, FACTS).evaluate
        assert [evaluate(facts) for facts in work.facts] == [work.by_hand(facts) for facts in work.facts]
        many = work.facts * (sizes.evaluations // len(work.facts))
        for _ in range(sizes.repeats):
            ours.append(judge(evaluate, many))
            by_hand.append(judge(work.by_hand, many))
        say(f"{work.source} ({load()})")
        yield from compare(f"{len(many):,} conditions, {work.name}", ours, by_hand, work.goal)


def judge(condition: Callable[[Given], object], many: Sequence[Given]) -> Stopwatch:
    with Stopwatch() as watch:
        for facts in many:
            condition(facts)
    return watch
