"""Tallies against a small reference in Python, for random items, filters and windows."""

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.office import Store
from store.rows import Batch, ItemRow, Tally, Where
from tests.store.examples import NOW, entry, item

ZONE = ZoneInfo("America/New_York")  # clocks go back on 2020-11-01
PARTS = {"t1": "north", "t2": "north", "north": None, "t3": "south", "south": None}
UNITS = (*PARTS, "nowhere")
NUMBERS = ("9", "10", "10.0", "-3.5", "123456789012345.000001", "123456789012345.000002")
DAYS = [date(2020, 10, 28) + timedelta(days=each) for each in range(8)]
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Made:
    """An item as the reference knows it; hours are counted from the first day."""

    unit: str
    hours: int
    number: str | None
    day: date | None
    kind: str | None

    @property
    def opened(self) -> datetime:
        return datetime(2020, 10, 28, 4, tzinfo=UTC) + timedelta(hours=self.hours)

    def row(self, id: str) -> ItemRow:
        fields: dict[str, Any] = {"kind": self.kind, "points": self.number}
        fields["on"] = self.day.isoformat() if self.day else None
        kept = {key: value for key, value in fields.items() if value is not None}
        return item(id, unit=self.unit, opened_at=self.opened, fields=json.dumps(kept))


made = st.builds(
    Made,
    st.sampled_from(UNITS),
    st.integers(0, 190),
    st.none() | st.sampled_from(NUMBERS),
    st.none() | st.sampled_from(DAYS),
    st.none() | st.sampled_from("ab"),
)
items = st.lists(made, max_size=12)
days = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(lambda two: (min(two), max(two)))


Ask = Callable[[list[Made], Tally], dict[str, tuple[int | str, tuple[str, ...]]]]


class UndoneError(Exception):
    """Raised on purpose, so that the next example finds an empty store."""


@pytest.fixture
def ask(store: Store) -> Ask:
    def ask(rows: list[Made], question: Tally) -> dict[str, tuple[int | str, tuple[str, ...]]]:
        opened = tuple(each.row(f"I-{at:02}") for at, each in enumerate(rows))
        with suppress(UndoneError), store.write(NOW) as tx:
            tx.commit_batch(Batch(entries=(entry(),), opened=opened))
            found = tx.tally(question)
            raise UndoneError
        return {whose: (each.value, each.cites) for whose, each in found.items()}

    return ask


def bounds(first: date, last: date) -> dict[str, Any]:
    start, end = (datetime(each.year, each.month, each.day, tzinfo=ZONE) for each in (first, last + DAY))
    return {"first": start.astimezone(UTC), "until": end.astimezone(UTC), "zone": ZONE}


DAY = timedelta(days=1)


def question(**more: Any) -> Tally:
    return Tally(**{"of": "items", "workflows": ("issue",), "by": "unit", **more})


def counted(rows: list[Made], fits: Any) -> dict[str, list[str]]:
    found = defaultdict(list)
    for _, at, each in sorted((each.opened, at, each) for at, each in enumerate(rows) if fits(each)):
        found[each.unit].append(f"I-{at:02}")
    return found


@quick
@given(items, days)
def test_windows_are_of_the_offices_days(ask: Ask, rows: list[Made], window: tuple[date, date]) -> None:
    """By the moment of opening, across the end of summer time."""
    found = ask(rows, question(**bounds(*window)))
    wanted = counted(rows, lambda each: window[0] <= each.opened.astimezone(ZONE).date() <= window[1])
    assert {whose: cites for whose, (_, cites) in found.items()} == {k: tuple(v) for k, v in wanted.items()}


@quick
@given(items, days)
def test_date_fields_are_days(ask: Ask, rows: list[Made], window: tuple[date, date]) -> None:
    found = ask(rows, question(on="on", **bounds(*window)))
    wanted = counted(rows, lambda each: each.day is not None and window[0] <= each.day <= window[1])
    assert {whose: value for whose, (value, _) in found.items()} == {k: len(v) for k, v in wanted.items()}


COMPARE = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "in": lambda one, other: one == other,
    "not in": lambda one, other: one != other,
}


@quick
@given(items, st.sampled_from(sorted(COMPARE)), st.sampled_from(NUMBERS))
def test_numbers_compare_by_value_to_the_last_digit(
    ask: Ask, rows: list[Made], test: Any, bound: str
) -> None:
    where = Where(field="points", test=test, values=(bound,), of="number")
    found = ask(rows, question(where=(where,)))

    def fits(each: Made) -> bool:
        if each.number is None:
            return bool(test == "not in")
        return bool(COMPARE[test](Decimal(each.number), Decimal(bound)))

    assert {whose: value for whose, (value, _) in found.items()} == {
        k: len(v) for k, v in counted(rows, fits).items()
    }


@quick
@given(items, st.sets(st.sampled_from("abc"), min_size=1), st.booleans())
def test_lists_of_values(ask: Ask, rows: list[Made], values: set[str], wanted: bool) -> None:
    where = Where(field="kind", test="in" if wanted else "not in", values=tuple(sorted(values)))
    found = ask(rows, question(where=(where,)))
    fits = counted(rows, lambda each: (each.kind in values) == wanted)
    assert {whose: value for whose, (value, _) in found.items()} == {k: len(v) for k, v in fits.items()}


@quick
@given(items, st.none() | st.integers(-5, 20))
def test_sums_over_what_is_below(ask: Ask, rows: list[Made], most: int | None) -> None:
    pairs = [[unit, top] for unit, part in PARTS.items() for top in (unit, part) if top]
    under = json.dumps(pairs)
    more: dict[str, Any] = {"each_at_most": None if most is None else Decimal(most)}
    found = ask(rows, question(under=under, reduce="sum", field="points", **more))
    wanted: dict[str, Decimal] = {}
    for unit, top in pairs:
        for each in rows:
            if each.unit == unit and each.number is not None:
                value = Decimal(each.number) if most is None else min(Decimal(each.number), Decimal(most))
                wanted[top] = wanted.get(top, Decimal(0)) + value
    assert {whose: Decimal(value) for whose, (value, _) in found.items()} == wanted


@quick
@given(items, st.dictionaries(st.sampled_from(UNITS), st.integers(0, 190)))
def test_each_counts_from_his_own_moment_on(ask: Ask, rows: list[Made], since: dict[str, int]) -> None:
    start = {unit: datetime(2020, 10, 28, 4, tzinfo=UTC) + timedelta(hours=at) for unit, at in since.items()}
    after = json.dumps(
        [[unit, f"{at:%Y-%m-%dT%H:%M:%S.000000Z}", f"{at:%Y-%m-%d}"] for unit, at in start.items()]
    )
    found = ask(rows, question(after=after))
    wanted = counted(rows, lambda each: each.unit not in start or each.opened > start[each.unit])
    assert {whose: value for whose, (value, _) in found.items()} == {k: len(v) for k, v in wanted.items()}


@pytest.mark.parametrize(
    ("asked", "value", "cites"),
    [
        ({"reduce": "average", "field": "points"}, "5.5", ("I-0", "I-1", "I-2")),
        ({"reduce": "least", "field": "points"}, "-3.5", ("I-2",)),
        ({"reduce": "greatest", "field": "points"}, "10", ("I-0",)),
        ({"reduce": "greatest", "field": "on", "order": "text"}, "2020-10-30", ("I-0",)),
        ({"reduce": "distinct", "field": "points"}, 2, ("I-0", "I-1", "I-2")),
        ({"reduce": "latest"}, "2020-10-28T08:00:00.000000Z", ("I-2",)),
    ],
)
def test_reductions(store: Store, asked: dict[str, Any], value: object, cites: object) -> None:
    numbers = ("10", "10.0", "-3.5")
    rows = [Made("t1", at + 2, number, DAYS[2 - at], "a") for at, number in enumerate(numbers)]
    with store.write(NOW) as tx:
        opened = tuple(each.row(f"I-{at}") for at, each in enumerate(rows))
        tx.commit_batch(Batch(entries=(entry(),), opened=opened))
        found = tx.tally(question(**asked))["t1"]
    assert (found.value, found.cites) == (value, cites)


def test_one_unreadable_number_is_the_trouble_of_its_unit(store: Store) -> None:
    rows = (item("I-1", fields='{"points":"many"}'), item("I-2", unit="roads", fields='{"points":"2"}'))
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=rows))
        found = tx.tally(question(reduce="sum", field="points"))
    assert found["housing"].fault == "item I-1: points is 'many', which is no number"
    assert (found["roads"].value, found["roads"].fault) == ("2", None)


def test_under_the_unit_that_a_field_names(store: Store) -> None:
    rows = (item("I-1", fields='{"place":"t1"}'), item("I-2", fields='{"place":"t2"}'), item("I-3"))
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=rows))
        own = tx.tally(question(key="place"))
        above = tx.tally(question(key="place", under='[["t1","north"],["t2","north"]]'))
    assert {whose: each.value for whose, each in own.items()} == {"t1": 1, "t2": 1}
    assert {whose: each.cites for whose, each in above.items()} == {"north": ("I-1", "I-2")}


def test_of_an_item_its_own_events_and_what_is_below_it(store: Store) -> None:
    rows = (item("I-1"), item("I-2", parent="I-1"), item("I-3", parent="I-1"))
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=rows))
        found = tx.tally(question(by="item", only="I-1"))
        assert tx.tally(question(by="item", only="I-2")) == {}
    assert {whose: each.cites for whose, each in found.items()} == {"I-1": ("I-2", "I-3")}


def test_every_member_can_be_asked_for(store: Store) -> None:
    many = tuple(item(f"I-{at:03}", opened_at=NOW + timedelta(minutes=at)) for at in range(120))
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=many))
        assert len(tx.tally(question())["housing"].cites) == 50
        assert tx.tally(question(cited=None))["housing"].cites == tuple(row.id for row in many)
