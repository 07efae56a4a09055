"""Numbers and flags of units: read by conditions, formulas, measures and texts, checked like every fact."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engine.book.book import check_book
from engine.book.finding import BookError
from tests.engine.city import City, small_book

GIVEN = {
    "works: {zh: 建设局, en: Bureau of works, leader: deputy_mayor": "staff: 120, budget: 3.5, listed: true",
    "traffic: {zh: 交通局, en: Bureau of traffic, leader: deputy_mayor": "staff: 40, listed: false",
    "city: {zh: 市政府, en: City government": "staff: 5",
}
UNITS = tuple((f"{unit}}}", f"{unit}, facts: {{{facts}}}}}") for unit, facts in GIVEN.items())
BOOK = """
measures:
  tasks: {label: {zh: 任务, en: Tasks}, for: unit, items: task, within: ever}
  load: {label: {zh: 人均, en: Load}, for: unit, is: "double(unit.tasks) * 100.0 / double(unit.staff)"}
formulas:
  fine: {label: {zh: 罚款, en: Fine}, of: task, is: "unit.staff * 10"}
rules:
  large:
    label: {zh: 大单位, en: A large one}
    basis: 五
    for: bureaus
    when: {every: month, on: first workday at 09:00}
    if: unit.listed && unit.staff >= 100
    then: {notify: unit_head, template: staff}
  of_item:
    label: {zh: 大单位的任务, en: A task of a large one}
    basis: 五
    for: task
    when: {event: open}
    if: unit.staff >= 100 && has(unit.budget) && unit.budget > 3.0 && item.fine == 1200
    then: {notify: unit_head, template: staff}
templates:
  staff:
    subject: {zh: "{unit.staff} 人", en: "{unit.staff} people"}
    body: {zh: "{unit.staff}", en: "{unit.staff}"}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, UNITS, BOOK))
    yield made
    made.close()


def test_rules_formulas_and_texts_read_them(city: City) -> None:
    city.task("2020-12-12")
    city.task("2020-12-12", unit="traffic")
    city.wait("2020-11-03 09:00")
    assert city.told("of_item") == [("李主任", "2020-10-12 09:00")]
    assert city.told("large") == [("李主任", "2020-11-02 09:00")]
    assert {notice.subject for notice in city.notices("large")} == {"120 人"}
    assert city.log("park") == []


def errors(folder: Path, extra: str, traffic: str = "staff: 40") -> list[tuple[str, str]]:
    units = tuple((old, new.replace("staff: 40", traffic)) for old, new in UNITS)
    with suppress(BookError):
        small_book(folder, units, extra)
    found = check_book(folder / "book")
    return [(each.code, each.text("en")) for each in found if each.severity == "error"]


def test_a_slip_is_told_with_a_guess(tmp_path: Path) -> None:
    ((code, text),) = errors(tmp_path, BOOK.replace("unit.listed && unit.staff", "unit.listed && unit.stuff"))
    assert code == "bad_condition"
    assert "did you mean 'unit.staff'?" in text


def test_what_not_every_unit_has_may_be_unknown(tmp_path: Path) -> None:
    for change in (("unit.listed &&", "unit.budget > 1.0 &&"), ("has(unit.budget) && ", "")):
        ((_, text),) = errors(tmp_path, BOOK.replace(*change))
        assert "'unit.budget' may be unknown" in text


def test_what_the_units_of_a_group_all_have_is_known_there(tmp_path: Path) -> None:
    """The city has no `listed`; the bureaus have, and rules about them need not ask."""
    assert errors(tmp_path / "1", BOOK) == []
    item = BOOK.replace("if: unit.staff >= 100", "if: unit.listed")
    assert ["'unit.listed' may be unknown" in text for _, text in errors(tmp_path / "2", item)] == [True]


@pytest.mark.parametrize(
    ("traffic", "code"),
    [
        ("staff: 40.5", "unit_fact_kinds"),
        ("staff: true", "unit_fact_kinds"),
        ("staff: 40, kind: 3", "reserved_word"),
        ("staff: 40, tasks: 3", "measure_hidden"),
    ],
)
def test_one_name_is_of_one_kind_and_hides_nothing(tmp_path: Path, traffic: str, code: str) -> None:
    assert [found for found, _ in errors(tmp_path, BOOK, traffic)] == [code]
