"""Roles along the hierarchy and of units that a field names: whoever is told is also who may act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import Wish, act
from engine.roles import About, held_by, resolve
from tests.engine.city import City, small_book
from workflows.machine import Moved

BOOK = """
units:
  north: {zh: 北区, en: North, kind: district, part_of: city, leader: deputy_mayor}
  hill: {zh: 山街道, en: Hill street, kind: street, part_of: north}
  row: {zh: 一社区, en: Row, kind: quarter, part_of: hill}
roles:
  above: {zh: 上级负责人, en: Head above, is: unit.part_of.head}
  district_head: {zh: 区长, en: Head of the district, is: unit.district.head}
  district_leader: {zh: 联系区的市领导, en: Leader of the district, is: unit.district.leader}
  place_head: {zh: 事发地负责人, en: Head of the place, is: item.place.head}
  place_leader: {zh: 事发地分管领导, en: Leader of the place, is: item.place.leader}
workflows:
  leak:
    label: {zh: 漏水, en: Leak}
    prefix: LS
    opened_by: [supervisor]
    initial: open
    fields: {place: {type: unit, label: {zh: 事发地, en: place}}}
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions:
      - {event: escalate, from: open, by: district_head}
      - {event: finish, from: open, to: done, by: place_head}
rules:
  tell:
    label: {zh: 告知, en: Tell}
    basis: 三
    for: leak
    when: {event: open}
    then: {notify: [above, district_head, district_leader, place_head, place_leader], template: told}
templates: {told: {subject: {zh: 漏水, en: Leak}, body: {zh: "{unit}", en: "{unit}"}}}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("role", "unit", "posts"),
    [
        ("above", "row", ("hill.head",)),
        ("above", "north", ("city.head",)),
        ("above", "city", ()),
        ("district_head", "row", ("north.head",)),
        ("district_head", "north", ("north.head",)),
        ("district_head", "city", ()),
        ("district_leader", "hill", ("deputy_mayor",)),
        ("district_leader", None, ()),
    ],
)
def test_whom_a_role_means(city: City, role: str, unit: str | None, posts: tuple[str, ...]) -> None:
    assert resolve(city.office.book, role, About(unit=unit)) == posts


def test_a_unit_that_a_field_names(city: City) -> None:
    book = city.office.book
    assert resolve(book, "place_head", About(unit="row", fields={"place": "traffic"})) == ("traffic.head",)
    assert resolve(book, "place_leader", About(unit="row", fields={"place": "traffic"})) == ("deputy_mayor",)
    assert resolve(book, "place_leader", About(unit="row", fields={"place": "row"})) == ()
    assert resolve(book, "place_head", About(unit="row", fields={})) == ()
    assert held_by(book, "north.head", About(unit="hill")) >= {"above", "district_head"}


def test_who_is_told_and_who_may_act(city: City) -> None:
    item = city.opens("督查室", "leak", "row", place="traffic")
    nobody = {record["to"] for record in city.records("notice.nobody")}
    assert nobody == {"hill.head", "north.head"}, "posts without a person"
    assert [each.recipient for each in city.notices("tell")] == ["deputy_mayor", "traffic.head"]
    assert isinstance(act(city.office, Wish(item=item, event="finish", by="traffic.head"), city.now), Moved)
