"""Measures counted in SQL, for all units at once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from store.office import Store
from store.rows import Batch, Tallied, Tally, Where
from tests.store.examples import DAY, NOW, clock, entry, event, item

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = (datetime(2020, 1, 1, tzinfo=SHANGHAI), datetime(2021, 1, 1, tzinfo=SHANGHAI))


@pytest.fixture
def filled(store: Store) -> Store:
    items = (
        item("I-1", fields='{"held_on":"2020-01-01","paid":"1.10","open":true}'),
        item("I-2", fields='{"held_on":"2020-12-31","paid":2,"open":false}', opened_at=NOW + DAY, owner="li"),
        item("I-3", fields='{"held_on":"2021-01-01"}', unit="transport", closed_at=NOW + DAY, state="closed"),
        item("I-4", fields="{}", unit=None),
        item("I-5", workflow="interview"),
    )
    clocks = (
        clock("I-1", outcome="missed", missed_at=NOW, ended_at=NOW + 2 * DAY),
        clock("I-2", outcome="missed", missed_at=NOW + 4 * DAY),
        clock("I-3", outcome="met", ended_at=NOW, due_at=NOW + 9 * DAY),
    )
    events = (
        event("I-1", args='{"amount":"3.30"}'),
        event("I-1", at=NOW + DAY, args='{"amount":"4"}'),
        event("I-3", name="assign"),
    )
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=items, clocks=clocks, events=events))
    return store


def tally(store: Store, question: Tally) -> dict[str, Tallied]:
    with store.read() as reader:
        return reader.tally(question)


def counts(store: Store, question: Tally) -> dict[str, int | str]:
    return {whose: found.value for whose, found in tally(store, question).items()}


ISSUES = ("issue",)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Tally(of="items", workflows=ISSUES, by="unit"), {"housing": 2, "transport": 1}),
        (Tally(of="items", workflows=ISSUES, by="owner"), {"li": 1}),
        (Tally(of="items", workflows=("issue", "interview"), by="office"), {"office": 5}),
        (Tally(of="items", workflows=ISSUES, by="office", first=NOW, until=NOW + DAY), {"office": 3}),
        (Tally(of="items", workflows=ISSUES, by="office", on="closed"), {"office": 1}),
        (Tally(of="items", workflows=ISSUES, by="office", states=("closed",)), {"office": 1}),
        (Tally(of="items", workflows=ISSUES, by="office", not_states=("closed",)), {"office": 3}),
        (
            Tally(
                of="items",
                workflows=ISSUES,
                by="unit",
                where=(Where(field="open", test="in", values=("true",)),),
            ),
            {"housing": 1},
        ),
        (
            Tally(
                of="items",
                workflows=ISSUES,
                by="unit",
                where=(Where(field="paid", test="in", values=("2.0",), of="number"),),
            ),
            {"housing": 1},
        ),
        (Tally(of="clocks", workflows=ISSUES, by="unit", on="missed"), {"housing": 2}),
        (Tally(of="clocks", workflows=ISSUES, by="unit", on="due", until=NOW + 2 * DAY), {"housing": 2}),
        (Tally(of="clocks", workflows=ISSUES, by="unit", on="missed", clocks=("other",)), {}),
        (Tally(of="events", workflows=ISSUES, by="unit", on="at"), {"housing": 1, "transport": 1}),
        (Tally(of="events", workflows=ISSUES, by="unit", on="at", events=("answer",)), {"housing": 1}),
    ],
)
def test_counts(filled: Store, question: Tally, expected: dict[str, int]) -> None:
    assert counts(filled, question) == expected


def test_an_answer_names_what_it_counted(filled: Store) -> None:
    assert tally(filled, Tally(of="items", workflows=ISSUES, by="unit"))["housing"].cites == ("I-1", "I-2")


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (-1, 0, 0),  # missed at the end of the window: not in it
        (0, 1, 1),
        (1, 2, 1),
        (2, 3, 0),  # ended at its beginning
        (1, 5, 2),
        (30, 31, 1),  # never ended
    ],
)
def test_an_overdue_span_counts_where_it_overlaps(
    filled: Store, first: int, until: int, expected: int
) -> None:
    start, end = NOW + first * DAY, NOW + until * DAY
    question = Tally(of="clocks", workflows=ISSUES, by="office", on="overdue", first=start, until=end)
    assert counts(filled, question).get("office", 0) == expected


@pytest.mark.parametrize("zone", [SHANGHAI, UTC])
def test_a_date_field_belongs_to_the_offices_day(filled: Store, zone: ZoneInfo) -> None:
    first, until = (moment.astimezone(UTC) for moment in YEAR)
    question = Tally(
        of="items", workflows=ISSUES, by="office", on="held_on", first=first, until=until, zone=zone
    )
    assert tally(filled, question)["office"].cites == ("I-1", "I-2")


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2020-12-31T23:30+08:00", 2020),
        ("2021-01-01T00:30:00+08:00", 2021),
        ("2020-12-31T12:30:00-05:00", 2021),
        ("2020-12-31T15:59:59.999999+00:00", 2020),
        ("2020-12-31T16:00:00Z", 2021),
    ],
)
def test_a_moment_counts_in_its_year_whatever_offset_it_is_written_with(
    store: Store, written: str, year: int
) -> None:
    row = item("I-1", fields=f'{{"heard_at":"{written}"}}')
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=(row,)))
    until = datetime(2021, 1, 1, tzinfo=SHANGHAI)
    question = Tally(of="items", workflows=ISSUES, by="office", on="heard_at", until=until, zone=SHANGHAI)
    assert bool(tally(store, question)) == (year == 2020)


def test_sums_have_no_rounding(filled: Store) -> None:
    items = Tally(of="items", workflows=ISSUES, by="unit", reduce="sum", field="paid")
    assert counts(filled, items) == {"housing": "3.10"}
    events = Tally(of="events", workflows=ISSUES, by="unit", on="at", reduce="sum", field="amount")
    assert Decimal(counts(filled, events)["housing"]) == Decimal("7.30")


def test_the_latest_is_the_last_one_told(filled: Store) -> None:
    question = Tally(of="events", workflows=ISSUES, by="unit", on="at", reduce="latest", field="amount")
    assert tally(filled, question) == {"housing": Tallied(value="4", cites=("I-1",), cases=2)}


def test_what_is_no_number_is_named(filled: Store) -> None:
    question = Tally(of="items", workflows=ISSUES, by="unit", reduce="sum", field="held_on")
    found = tally(filled, question)
    assert found["housing"].fault == "item I-1: held_on is '2020-01-01', which is no number"


def test_at_most_fifty_are_named(store: Store) -> None:
    many = tuple(item(f"I-{at:03}", opened_at=NOW - timedelta(minutes=at)) for at in range(60))
    with store.write(NOW) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=many))
    found = tally(store, Tally(of="items", workflows=ISSUES, by="unit"))["housing"]
    assert found.value == 60
    assert found.cites == tuple(f"I-{at:03}" for at in range(59, 9, -1))
