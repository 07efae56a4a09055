"""Measures at work: late or in time, over many units, with what is not known, and how they are told."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from engine.book.book import Book, read_book
from engine.desk import Desk
from engine.facts import Subject, every_member, gather
from engine.measures import Known, Unreadable, measure
from engine.office import Founding, found
from engine.questions import Asked
from engine.testing import everybody
from rules.time.period import parse_period
from store.rows import Batch, ItemRow
from tests.docs.pages import DOCS
from tests.engine.city import City, at
from tests.store.examples import entry, item

pytestmark = pytest.mark.usefixtures("each_database")

UNITS = ("water", "roads", "parks")
BOOK = """
units:
  n1: {zh: 北一镇, en: North One, kind: town, part_of: north}
workflows:
  request:
    label: {zh: 诉求, en: Request}
    prefix: SQ
    opened_by: supervisor
    initial: open
    fields:
      solved: {type: flag, label: {zh: 解决, en: Solved}}
      cost: {type: number, label: {zh: 费用, en: Cost}}
    states: {open: {zh: 登记, en: open}, closed: {zh: 办结, en: closed, final: true}}
    transitions: [{event: close, from: open, to: closed, by: supervisor}]
measures:
  all: {label: {zh: 诉求数, en: Requests}, for: unit, items: request, within: period}
  solved: {label: {zh: 解决数, en: Solved}, for: unit, items: request, where: {solved: true}, within: period}
  cost: {label: {zh: 费用, en: Cost}, for: unit, items: request, reduce: sum, field: cost}
  recent: {label: {zh: 近三日, en: Recent}, for: unit, items: request, within: rolling 3 days}
  share: {label: {zh: 解决率, en: Share}, for: unit, is: double(unit.solved) * 100.0 / double(unit.all)}
  rate:
    label: {zh: 解决率, en: Share solved}
    for: unit
    is: double(unit.solved) * 100.0 / double(unit.all)
    sample: {of: unit.all, at_least: 3}
  better: {label: {zh: 加分, en: Better}, for: unit, is: unit.rate + 1.0}
  guarded: {label: {zh: 或零, en: Or nothing}, for: unit, is: "has(unit.rate) ? unit.rate : 0.0"}
  place:
    label: {zh: 名次, en: Place}
    for: unit
    rank: {of: unit.rate, among: bureaus, best: highest}
  poor: {label: {zh: 连续, en: In a row}, for: unit, periods: {if: unit.rate < 60.0, every: month, last: 4}}
  poor_place: {label: {zh: 位, en: Place}, for: unit, rank: {of: unit.poor, among: bureaus, best: lowest}}
  district: {label: {zh: 全区, en: District}, for: unit, items: request, over: district}
rules:
  low:
    label: {zh: 解决率低, en: Few solved}
    basis: 三
    for: bureaus
    when: {every: month, on: day 3 at 09:00}
    if: has(unit.rate) && unit.rate < 60.0
    then: {propose: {workflow: talk, title: {zh: 约谈, en: Talk}}}
  dear:
    label: {zh: 费用高, en: Dear}
    basis: 五
    for: bureaus
    when: {every: month, on: day 3 at 09:00}
    if: has(unit.cost) && unit.cost > 5.0
    then: {propose: {workflow: talk, title: {zh: 约谈, en: Talk}}}
  many:
    label: {zh: 集中, en: Many}
    basis: 四
    for: bureaus
    when: {every: month, on: day 3 at 09:00, about: current}
    if: unit.recent >= 3
    then: {propose: {workflow: talk, title: {zh: 约谈, en: Talk}}}
"""
TALK = """
workflows:
  talk:
    label: {zh: 约谈, en: Talk}
    prefix: YT
    opened_by: rule
    initial: proposed
    states: {proposed: {zh: 待定, en: proposed}, held: {zh: 已约谈, en: held, final: true}}
    transitions: [{event: hold, from: proposed, to: held, by: supervisor}]
"""
MARCH, APRIL = parse_period("2025-03"), parse_period("2025-04")


@cache
def book() -> Book:
    office = (DOCS / "authors" / "howto" / "office.yaml").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        for name, text in {"office": office, "measures": BOOK, "talk": TALK}.items():
            (Path(folder) / f"{name}.yaml").write_text(text, encoding="utf-8")
        return read_book(Path(folder))


class Town(City):
    """The office of the how-to pages, with measures of its own."""

    def __init__(self, folder: Path, begins: str) -> None:
        self.url = self.place(folder)
        self.now = at(begins)
        founding = Founding(url=self.url, book=book(), files={}, holders=everybody(book()))
        self.office = found(founding, self.now)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = Town(tmp_path, "2025-03-01 08:00")
    yield made
    made.close()


def requests(unit: str, when: str, count: int, solved: int, start: int = 0) -> tuple[ItemRow, ...]:
    return tuple(
        item(
            f"{unit}-{when}-{start + number:03}",
            workflow="request",
            unit=unit,
            state="open",
            opened_at=at(when),
            wake_at=None,
            fields=json.dumps({"solved": number < solved}),
        )
        for number in range(count)
    )


def keep(city: City, *rows: ItemRow) -> None:
    with city.office.store.write(city.now) as tx:
        tx.commit_batch(Batch(entries=(entry(),), opened=rows))


def desk_of(city: City, tx: Any, now: datetime | None = None) -> Desk:
    return city.office.desk(tx, now or city.now)


def ask(city: City, name: str, unit: str = "water", **more: Any) -> Known:
    with city.office.store.write(city.now) as tx:
        desk = desk_of(city, tx)
        asked = Asked(**{"whose": unit, "at": city.now, "period": MARCH, **more})
        return measure(desk, desk.book.measures[name], asked)


def test_a_rate_is_exact_and_says_what_it_rests_on(city: City) -> None:
    keep(city, *requests("water", "2025-03-10 10:00", 7, 4))
    known = ask(city, "rate")
    assert isinstance(known.value, Decimal)
    assert round(known.value, 20) == Decimal("57.14285714285714285714")
    assert known.reason is not None
    assert (known.reason.zh, known.reason.en) == (
        "7 件中 4 件，样本不少于 3",
        "4 of 7, a sample of at least 3",
    )
    assert len(known.cites) == 7


def test_what_is_not_known_says_why(city: City) -> None:
    keep(city, *requests("roads", "2025-03-10 10:00", 2, 2))
    few, nothing, built_on = ask(city, "rate", "roads"), ask(city, "share"), ask(city, "better", "roads")
    assert (few.value, few.reason and few.reason.zh) == (None, "样本 2，少于 3")
    assert (nothing.value, nothing.reason and nothing.reason.zh) == (None, "除数为零")
    assert (built_on.value, built_on.reason and built_on.reason.zh) == (None, "解决率未知（样本 2，少于 3）")
    assert ask(city, "guarded", "roads").value == Decimal(0)
    assert ask(city, "place", "roads").value is None


def test_a_rule_that_reads_a_rate_reads_well(city: City) -> None:
    keep(city, *requests("water", "2025-03-10 10:00", 7, 4), *requests("roads", "2025-03-10 10:00", 2, 0))
    city.wait("2025-04-03 10:00")
    (fired,) = city.records("rule.fire")
    assert fired["rule"] == "low"
    assert "解决率低于 60.0（现为57.14，7 件中 4 件，样本不少于 3：water-" in fired["why"]
    assert not city.log("park")


def test_a_late_daemon_counts_the_same(city: City) -> None:
    """What was opened after the moment that was due is not counted by the one who comes late."""
    keep(city, *requests("water", "2025-04-02 10:00", 2, 0))
    city.sleep("2025-04-03 18:00")
    keep(city, *requests("water", "2025-04-03 15:00", 1, 0), *requests("roads", "2025-04-03 08:59", 3, 0))
    city.turn()
    assert [record["obj"]["id"] for record in city.records("rule.fire") if record["rule"] == "many"] == [
        "roads"
    ]


def test_one_question_for_all_units(city: City) -> None:
    keep(city, *(row for unit in UNITS for row in requests(unit, "2025-03-10 10:00", 5, 2)))
    asked: list[str] = []
    with city.office.store.write(city.now) as tx:
        desk = desk_of(city, tx)
        engine = tx.connection.engine
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for unit in (*UNITS, *UNITS):
            for name in ("place", "poor", "poor_place"):
                measure(desk, desk.book.measures[name], Asked(whose=unit, at=city.now, period=MARCH))
    counted = [sql for sql in asked if "WITH" in sql or "SELECT" in sql]
    assert len(counted) <= 2 * 4 + 2, "two counts for each of four months, and the month itself"


def test_every_member_of_what_was_counted(city: City) -> None:
    keep(city, *requests("water", "2025-03-10 10:00", 70, 10))
    with city.office.store.write(city.now) as tx:
        desk = desk_of(city, tx)
        subject = Subject(unit="water", period=MARCH)
        assert len(gather(desk, ("unit.rate",), subject).cites["unit.rate"]) == 50
        assert len(every_member(desk, "unit.rate", subject)) == 70


def test_a_district_counts_its_towns(city: City) -> None:
    keep(city, *requests("n1", "2025-03-10 10:00", 2, 0), *requests("north", "2025-03-10 10:00", 1, 0))
    found = {unit: ask(city, "district", unit).value for unit in ("n1", "north", "south", "water")}
    assert found == {"n1": 3, "north": 3, "south": 0, "water": 0}


def test_one_unreadable_number_is_the_trouble_of_its_unit(city: City) -> None:
    bad = item("SQ-1", workflow="request", unit="roads", state="open", fields='{"cost":"much"}', wake_at=None)
    good = item(
        "SQ-2", workflow="request", unit="water", state="open", fields='{"cost":"2.50"}', wake_at=None
    )
    keep(city, bad, good)
    assert ask(city, "cost").value == Decimal("2.50")
    with pytest.raises(Unreadable, match="SQ-1: cost is 'much'"):
        ask(city, "cost", "roads")


counts = st.lists(
    st.fixed_dictionaries({unit: st.tuples(st.integers(0, 5), st.integers(0, 5)) for unit in UNITS}),
    min_size=4,
    max_size=4,
)


@settings(max_examples=10, deadline=None)
@given(counts)
def test_ranks_and_rows_of_months_against_counting_by_hand(months: list[dict[str, tuple[int, int]]]) -> None:
    rows = [
        row
        for number, month in enumerate(months, start=1)
        for unit, (yes, no) in month.items()
        for row in requests(unit, f"2025-0{number}-10 10:00", yes + no, yes)
    ]
    rates = [
        {unit: Decimal(yes) * 100 / (yes + no) for unit, (yes, no) in month.items() if yes + no >= 3}
        for month in months
    ]
    with TemporaryDirectory() as folder:
        city = Town(Path(folder), "2025-01-01 08:00")
        keep(city, *rows)
        city.sleep("2025-05-01 08:00")
        for unit in UNITS:
            place, row = (ask(city, name, unit, period=APRIL).value for name in ("place", "poor"))
            assert (place, row) == (place_by_hand(rates[-1], unit), row_by_hand(rates, unit))
        city.close()


def place_by_hand(rates: dict[str, Decimal], unit: str) -> int | None:
    return sum(each > rates[unit] for each in rates.values()) + 1 if unit in rates else None


def row_by_hand(months: list[dict[str, Decimal]], unit: str) -> int:
    row = 0
    for month in reversed(months):
        if month.get(unit, Decimal(0)) >= 60:
            break
        row += unit in month
    return row


def test_one_unit_that_cannot_be_judged_holds_up_no_other(city: City) -> None:
    bad = item("SQ-1", workflow="request", unit="roads", state="open", fields='{"cost":"much"}', wake_at=None)
    costs = [{"id": f"SQ-{at}", "unit": unit} for at, unit in ((2, "water"), (3, "parks"))]
    keep(
        city,
        bad,
        *(
            item(**row, workflow="request", state="open", fields='{"cost":"9"}', wake_at=None)
            for row in costs
        ),
    )
    city.wait("2025-03-03 10:00")
    (unjudged,) = city.records("rule.unjudged")
    assert (unjudged["obj"]["id"], unjudged["ok"]) == ("roads", False)
    assert "SQ-1: cost is 'much'" in unjudged["why"]
    assert [each["obj"]["id"] for each in city.records("rule.fire")] == ["water", "parks"]
