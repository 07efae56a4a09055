"""What follows by calculation, and what conditions may read of time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.desk import Desk
from engine.facts import Subject, gather
from tests.engine.city import City, at, small_book

BOOK = """
params:
  daily_fine: {value: 50, zh: 每日金额, en: Amount per day}
  highest: {value: 200, zh: 上限, en: Limit}
formulas:
  fine:
    label: {zh: 滞纳金, en: Fine for delay}
    of: task
    is: "item.raw_fine > params.highest ? params.highest : item.raw_fine"
  raw_fine: {label: {zh: 未封顶, en: Without limit}, of: task, is: clock.due.days_late * params.daily_fine}
  heavy: {label: {zh: 负担重, en: Heavy}, of: task, is: unit.tasks_all >= 2 && item.fine > 0}
measures:
  tasks_all: {label: {zh: 任务数, en: Tasks}, for: unit, items: task}
rules:
  fined:
    label: {zh: 计收, en: Charged}
    basis: 八
    for: task
    when: {event: complete}
    if: item.fine > 0
    then: {set: {charged: =item.fine}, remind: unit_head, template: fine}
  heavy_only:
    label: {zh: 重点, en: Heavy only}
    basis: 八
    for: [task, board]
    when: {event: report}
    if: has(item.heavy) && item.heavy
    then: {light: red}
templates:
  fine:
    subject: {zh: "滞纳金{item.fine}元", en: "Fine {item.fine}"}
    body: {zh: "逾期{clock.due.days_late}天", en: "{clock.due.days_late} days late"}
"""
FIELD = [
    (
        "      result: {type: text, label: {zh: 完成情况, en: result}}",
        "      result: {type: text, label: {zh: 完成情况, en: result}}\n"
        "      charged: {type: int, label: {zh: 计收, en: charged}}",
    )
]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, FIELD, BOOK))
    yield made
    made.close()


@pytest.mark.parametrize(("done", "fine"), [("2020-10-18 10:00", 100), ("2020-10-30 10:00", 200)])
def test_a_fine_by_the_day_with_a_limit(city: City, done: str, fine: int) -> None:
    task = city.task("2020-10-16")
    city.wait(done).does("张三", "complete", task, result="完成")
    assert city.fields(task)["charged"] == fine
    [notice] = city.notices("fined")
    assert notice.subject == f"滞纳金{fine}元"
    assert notice.body == f"逾期{int(done[8:10]) - 16}天"
    [spoke] = [line for line in city.log("rule.fire") if '"rule":"fined"' in line.rec]
    known = json.loads(spoke.facts or "{}")
    assert known["clock.due.days_late"] == int(done[8:10]) - 16, "the log holds what the sum was made of"
    assert (known["params.daily_fine"], known["item.raw_fine"]) == (50, 50 * (int(done[8:10]) - 16))


def test_in_time_there_is_nothing_to_pay(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-10-16 23:59").does("张三", "complete", task, result="完成")
    assert "charged" not in city.fields(task)


def test_a_formula_reads_measures_and_is_unknown_elsewhere(city: City) -> None:
    first = city.task("2020-10-13")
    city.task("2020-10-13")
    city.wait("2020-10-14 09:00").does("张三", "report", first, progress="1")
    assert city.fired()["heavy_only"] == 1


def facts(city: City, item: str, *names: str, as_of: datetime | None = None) -> list[object]:
    with city.office.store.write(city.now.astimezone(UTC)) as tx:
        desk: Desk = city.office.desk(tx, city.now)
        case = desk.case(item)
        assert case is not None
        values = gather(desk, names, Subject(case=case, unit=case.row.unit, as_of=as_of)).values
    return [values.get(name) for name in names]


def clock(city: City, item: str, *names: str, as_of: datetime | None = None) -> list[object]:
    return facts(city, item, *(f"clock.due.{name}" for name in names), as_of=as_of)


STATE = ("running", "paused", "met", "missed", "lapsed")
DAYS = ("days_left", "workdays_left", "days_late", "workdays_late")


def test_a_clock_before_and_after_its_end(city: City) -> None:
    task = city.task("2020-10-20")
    assert clock(city, task, *STATE) == [True, False, False, False, False]
    assert clock(city, task, *DAYS) == [8, 6, 0, 0]
    city.wait("2020-10-20 23:59")
    assert clock(city, task, *DAYS) == [0, 0, 0, 0]
    city.sleep("2020-10-26 09:00")
    assert clock(city, task, *STATE) == [False, False, False, True, False], "whether or not it is entered"
    assert clock(city, task, *DAYS) == [0, 0, 6, 4]
    assert clock(city, task, *DAYS, as_of=at("2020-10-19 12:00")) == [1, 1, 0, 0]
    city.turn()
    city.does("张三", "complete", task, result="完成")
    city.sleep("2020-11-20 09:00")
    assert clock(city, task, "missed", *DAYS) == [True, 0, 0, 6, 4], "late days end with the work"
    assert clock(city, task, "due", "ended") == [at("2020-10-21 00:00"), at("2020-10-26 09:00")]


def test_a_clock_that_is_met_or_was_never_there(city: City) -> None:
    task = city.task("2020-10-20")
    assert clock(city, task, "ended", "started") == [None, at("2020-10-12 09:00")]
    city.does("张三", "complete", task, result="完成")
    assert clock(city, task, *STATE, *DAYS) == [False, False, True, False, False, 0, 0, 0, 0]
    interview = city.opens("督查室", "interview")
    assert clock(city, interview, *STATE, *DAYS) == [False] * 5 + [0] * 4
    assert clock(city, interview, "due", "pauses", "paused_days", "extensions") == [None, 0, 0, 0]


def test_midnight_belongs_to_the_day_that_it_ends_and_an_hour_that_has_begun_counts(city: City) -> None:
    task = city.task("2020-10-20")
    names = ("days_late", "workdays_late", "hours_late", "hours_left")
    assert clock(city, task, *names, as_of=at("2020-10-20 22:30")) == [0, 0, 0, 1]
    city.sleep("2020-10-21 00:00")
    assert clock(city, task, *names) == [0, 0, 0, 0]
    city.sleep("2020-10-21 00:05")
    assert clock(city, task, *names) == [1, 1, 1, 0]
    city.sleep("2020-10-21 09:00")
    assert clock(city, task, *names) == [1, 1, 9, 0]


def test_extensions_are_counted(city: City) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.does("督查室", "approve", asked)
    assert clock(city, task, "extensions", "days_left") == [1, 29]


def test_days_of_an_item(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-19 10:00").does("张三", "complete", task, result="完成")
    names = ("item.days_open", "item.workdays_open", "item.days_in_state")
    city.sleep("2020-10-21 09:00")
    assert facts(city, task, *names) == [9, 7, 2]
    city.does("督查室", "accept", task)
    city.sleep("2020-10-30 09:00")
    assert facts(city, task, *names) == [9, 7, 9]
