"""Places within one's own district: each street among the streets of its own district only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.measures import Known, measure
from engine.questions import Asked
from tests.engine.city import City, small_book

BOOK = """
units:
  east: {zh: 东区, en: East, kind: district, part_of: city}
  west: {zh: 西区, en: West, kind: district, part_of: city}
  e1: {zh: 东一, en: East 1, kind: street, part_of: east}
  e2: {zh: 东二, en: East 2, kind: street, part_of: east}
  w1: {zh: 西一, en: West 1, kind: street, part_of: west}
  w2: {zh: 西二, en: West 2, kind: street, part_of: west}
groups:
  streets: {zh: 街道, en: Streets, members: [e1, e2, w1, w2]}
workflows:
  ticket:
    label: {zh: 工单, en: Ticket}
    prefix: GD
    opened_by: [supervisor]
    initial: open
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions: [{event: finish, from: open, to: done, by: supervisor}]
measures:
  tickets: {label: {zh: 工单数, en: Tickets}, for: unit, items: ticket}
  place:
    label: {zh: 区内名次, en: Place in the district}
    for: unit
    rank: {of: unit.tickets, among: streets, within: district, best: lowest}
  anywhere:
    label: {zh: 全市名次, en: Place in the city}
    for: unit
    rank: {of: unit.tickets, among: streets, best: lowest}
"""
OPENED = {"e1": 3, "e2": 5, "w1": 1, "w2": 1}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    for unit, count in OPENED.items():
        for _ in range(count):
            made.opens("督查室", "ticket", unit)
    yield made
    made.close()


def asked(city: City, name: str, *units: str) -> list[Known]:
    with city.office.store.write(city.now) as tx:
        desk, found = city.office.desk(tx, city.now), city.office.book.measures[name]
        return [measure(desk, found, Asked(whose=unit, at=city.now)) for unit in units]


def test_each_among_those_of_its_own_district(city: City) -> None:
    assert [each.value for each in asked(city, "place", *OPENED)] == [1, 2, 1, 1]
    assert [each.value for each in asked(city, "anywhere", *OPENED)] == [3, 4, 1, 1]


def test_the_reason_says_of_how_many(city: City) -> None:
    (known,) = asked(city, "place", "e2")
    assert known.reason is not None
    assert known.reason.zh.endswith("共 2 个参与排名")


def test_who_is_in_no_district_has_no_place(city: City) -> None:
    for known in asked(city, "place", "city", "works"):
        assert known.value is None
        assert known.reason is not None
        assert known.reason.zh == "不在任何 district 之内"
