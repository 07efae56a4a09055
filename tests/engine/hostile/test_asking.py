"""Budgets and classes that ask of time are asked again when time alone gives them another answer."""

from datetime import datetime
from pathlib import Path

import pytest

from engine.book.book import check_book
from tests.engine.hostile.matters import CLOCK, RULES, WORKFLOWS
from tests.engine.hostile.test_outage import yards
from tests.engine.hostile.yard import Yard, book_of, wall

LATER = {
    "item.days_open >= 10": "2026-03-12 00:00",
    "item.workdays_open >= 3": "2026-03-05 00:00",
    "item.days_in_state >= 10": "2026-03-12 00:00",
    "clock.c.missed": "2026-03-06 00:00",
    "!clock.c.running": "2026-03-06 00:00",
    "item.overdue": "2026-03-06 00:00",
    "clock.c.hours_left < 48": "2026-03-04 00:00",
    "clock.c.hours_late > 2": "2026-03-06 02:00",
    "clock.c.days_left <= 1": "2026-03-04 00:00",
    "clock.c.workdays_late >= 2": "2026-03-09 00:00",
    'now >= timestamp("2026-03-11T16:30:00+08:00")': "2026-03-11 16:30",
    'now - item.opened > duration("24h")': "2026-03-03 08:00",
    "item.aged": "2026-03-08 00:00",
    "has(item.due) && now >= item.due": "2026-03-09 00:00",
}
MORE = """
  d:
    label: {zh: 后, en: D}
    of: w
    starts: {opened: true}
    budget:
      - {if: 'CASE', is: 40 workdays}
      - {is: 20 workdays}
    stops: over
formulas:
  aged: {label: {zh: 老, en: aged}, of: w, is: item.days_open > 5}
"""


@pytest.mark.parametrize("case", LATER)
def test_a_budget_is_asked_again_when_time_changes_its_answer(case: str, tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + MORE.replace("CASE", case)
    book = book_of(tmp_path / "checked", text)
    assert not [each for each in check_book(tmp_path / "checked") if each.code == "limit_of_time"]
    yard = Yard(tmp_path, "2026-03-02 08:00", book)
    yard.opens("w", due="2026-03-09")
    yard.until("2026-03-25 09:00")
    (change,) = [each for each in yard.records("clock.retarget") if each["clock"] == "d"]
    assert change["budget_to"] == "40 workdays"
    assert changed_at(change["ts"]) == LATER[case]


def changed_at(written: str) -> str | None:
    return wall(datetime.fromisoformat(written))


@pytest.mark.parametrize("case", LATER)
def test_an_outage_changes_nothing_of_it(case: str, tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + MORE.replace("CASE", case).replace("40 workdays", "4 workdays")
    both = yards(tmp_path, text)
    for yard in both:
        yard.opens("w", due="2026-03-09")
        yard.until("2026-05-25 09:00").turn()
    assert both[0].clocks() == both[1].clocks()


def test_a_miss_comes_before_what_takes_it_back(tmp_path: Path) -> None:
    text = WORKFLOWS + CLOCK + MORE.replace("CASE", "item.days_open >= 10").replace("20 workdays", "2 days")
    starts = "starts: {clock: {of: d, on: missed}}, budget: 5 days"
    relay = f"  e: {{label: {{zh: 戊, en: E}}, of: w, {starts}, stops: over}}\n"
    both = yards(tmp_path, text.replace("formulas:", relay + "formulas:"))
    for yard in both:
        yard.opens("w")
        yard.until("2026-03-20 09:00").turn()
        assert [each["clock"] for each in yard.records("clock.miss")].count("d") == 1
    assert both[0].clocks() == both[1].clocks()


CLASSED = (
    WORKFLOWS.replace(
        "due: {type: date",
        "grade: {type: text, one_of: {low: {zh: 低, en: low}, high: {zh: 高, en: high}}, "
        "label: {zh: 级, en: grade}}\n      due: {type: date",
        1,
    )
    + """
classes:
  grade:
    label: {zh: 级, en: Grade}
    of: w
    field: grade
    levels:
      low: {}
      high: {if: item.days_open >= 10}
"""
    + RULES
    + """
  risen:
    label: {zh: 升, en: risen}
    basis: 一
    for: w
    when: {change: grade}
    then: {light: red}
"""
)


def test_a_class_is_asked_again_and_rules_hear_of_it(tmp_path: Path) -> None:
    for yard in yards(tmp_path, CLASSED):
        yard.opens("w")
        yard.until("2026-03-11 23:00").turn()
        assert [row.light for row in yard.items("w")] == ["none"]
        yard.until("2026-03-12 01:00").turn()
        assert [row.light for row in yard.items("w")] == ["red"]


def test_what_is_closed_is_asked_no_more(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", CLASSED)
    item = yard.opens("w")
    yard.does("end", item)
    assert [row.wake_at for row in yard.items("w")] == [None]
    size = len(yard.records())
    yard.until("2026-04-12 01:00")
    assert len(yard.records()) == size


def test_an_item_that_nothing_has_changed_leaves_no_entry(tmp_path: Path) -> None:
    yard = Yard(tmp_path, "2026-03-02 08:00", CLASSED)
    yard.opens("w")
    size = len(yard.records())
    yard.until("2026-03-11 01:00")
    assert len(yard.records()) == size
    assert yard.verdict().ok


@pytest.mark.parametrize(
    "case", ["(now - item.opened).getHours() >= 12", "has(item.elapsed) && item.elapsed > 50.0"]
)
def test_check_says_where_nobody_knows_when_to_ask_again(case: str, tmp_path: Path) -> None:
    book_of(tmp_path / "budget", WORKFLOWS + CLOCK + MORE.replace("CASE", case))
    book_of(tmp_path / "level", CLASSED.replace("item.days_open >= 10", f"'{case}'"))
    assert "limit_of_time" in {each.code for each in check_book(tmp_path / "budget")}
    assert "class_of_time" in {each.code for each in check_book(tmp_path / "level")}
