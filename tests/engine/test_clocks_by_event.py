"""Clocks that an event ends and begins anew, and pauses whose condition is asked at every change."""

from pathlib import Path

import pytest

from tests.engine.city import City, small_book, wall

BOOK = """
workflows:
  plant:
    label: {zh: 设备, en: Plant}
    prefix: SB
    opened_by: [supervisor]
    initial: open
    fields:
      winter: {type: flag, label: {zh: 停机, en: shut down}, default: false}
      watched: {type: flag, label: {zh: 重点, en: watched}, default: false}
    states: {open: {zh: 使用, en: in use}, closed: {zh: 注销, en: closed, final: true}}
    transitions:
      - {event: inspect, from: open, by: supervisor}
      - {event: change, from: open, by: supervisor, takes: [winter, watched]}
      - {event: close, from: open, to: closed, by: supervisor}
clocks:
  inspection:
    label: {zh: 检查, en: Inspection}
    of: plant
    starts: {opened: true, event: inspect}
    budget: [{if: item.watched, is: 5 days}, {is: 10 days}]
    pauses:
      winter: {label: {zh: 停机, en: shut down}, states: [open], if: item.winter, again: true, limit: 5 days}
    stopped_by: inspect
    cancels: closed
  report:
    label: {zh: 报告, en: Report}
    of: plant
    starts: {opened: true}
    budget: [{if: item.watched, is: 5 days}, {is: none}]
    stopped_by: inspect
    cancels: closed
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))


def stands(city: City, it: str, clock: str = "inspection") -> tuple[str, str]:
    row = city.clock(it, clock)
    return row.outcome, wall(row.due_at)


def test_each_inspection_begins_the_next_time(city: City) -> None:
    it = city.opens("督查室", "plant")
    city.wait("2020-10-15 09:00").does("督查室", "inspect", it)
    assert stands(city, it) == ("running", "2020-10-26 00:00")
    city.wait("2020-10-28 09:00").does("督查室", "inspect", it)
    assert stands(city, it) == ("running", "2020-11-08 00:00")
    assert len(city.log("clock.miss")) == 1


def test_what_was_done_without_a_limit_gets_none_later(city: City) -> None:
    it = city.opens("督查室", "plant")
    city.does("督查室", "inspect", it)
    city.does("督查室", "change", it, watched=True)
    assert city.clock(it, "report").outcome == "cancelled"
    assert stands(city, it)[1] == "2020-10-18 00:00"


def test_a_pause_goes_with_its_condition_until_its_time_is_used_up(city: City) -> None:
    it = city.opens("督查室", "plant")
    city.wait("2020-10-13 09:00").does("督查室", "change", it, winter=True)
    assert stands(city, it)[0] == "paused"
    city.wait("2020-10-15 09:00").does("督查室", "change", it, winter=False)
    assert stands(city, it) == ("running", "2020-10-25 00:00")
    city.does("督查室", "change", it, winter=True)
    city.wait("2020-10-20 09:00")
    assert stands(city, it)[0] == "running", "five days in all"
    city.does("督查室", "change", it, watched=False)
    assert stands(city, it)[0] == "running"
    assert [each["ok"] for each in city.records("clock.pause")] == [True, True], (
        "nothing is told at every change"
    )
