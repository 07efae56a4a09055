"""Limits of which one case is a date: until that day, else for so long; and how one becomes the other."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from duban.views.past import set_back
from engine.recompute import recompute
from rules.time.clock_state import from_plain
from tests.engine.city import City, small_book, wall

BOOK = """
workflows:
  request:
    label: {zh: 诉求, en: Request}
    prefix: SQ
    opened_by: [supervisor]
    initial: open
    fields:
      day: {type: date, label: {zh: 约定日期, en: day}}
      minute: {type: moment, label: {zh: 约定时刻, en: minute}}
      urgent: {type: flag, label: {zh: 紧急, en: urgent}, default: false}
    states:
      open: {zh: 办理, en: open}
      waiting: {zh: 等待, en: waiting}
      closed: {zh: 办结, en: closed, final: true}
    transitions:
      - {event: change, from: [open, waiting], by: supervisor, takes: [day, minute, urgent]}
      - {event: wait, from: open, to: waiting, by: supervisor}
      - {event: go_on, from: waiting, to: open, by: supervisor}
      - {event: extend, from: open, by: supervisor}
      - {event: close, from: open, to: closed, by: supervisor}
clocks:
  answer:
    label: {zh: 答复时限, en: Time to answer}
    of: request
    starts: {opened: true}
    budget:
      - {if: item.urgent, is: 2 days}
      - {is: "=item.minute"}
      - {is: "=item.day"}
      - {is: 10 workdays}
    roll: forward
    at_least: 3 workdays
    pauses: {waiting: {label: {zh: 等待, en: waiting}, states: waiting}}
    stops: closed
rules:
  more:
    label: {zh: 延期, en: More}
    basis: 五
    for: request
    when: {event: extend}
    then: {extend: {clock: answer, by: 3 days}, remind: unit_head, template: due_soon}
"""
MONDAY = "2020-10-12 09:00"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", MONDAY, small_book(tmp_path, extra=BOOK))


def due(city: City, it: str) -> str:
    return wall(city.clock(it, "answer").due_at)


def test_until_the_day_and_else_for_so_long(city: City) -> None:
    plain, dated = city.opens("督查室", "request"), city.opens("督查室", "request", day="2020-10-20")
    assert due(city, plain) == "2020-10-27 00:00"
    assert due(city, dated) == "2020-10-21 00:00"
    assert (
        due(city, city.opens("督查室", "request", minute="2020-10-20T17:00:00+08:00")) == "2020-10-20 17:00"
    )
    assert due(city, city.opens("督查室", "request", day="2020-10-24")) == "2020-10-27 00:00", "rolled"
    assert due(city, city.opens("督查室", "request", day="2020-10-13")) == "2020-10-16 00:00", (
        "three workdays"
    )


def test_one_becomes_the_other_and_back(city: City) -> None:
    it = city.opens("督查室", "request")
    city.wait("2020-10-13 09:00").does("督查室", "wait", it)
    city.wait("2020-10-14 09:00").does("督查室", "go_on", it)
    city.does("督查室", "change", it, day="2020-10-28")
    assert due(city, it) == "2020-10-29 00:00", "whoever wrote the day knew of the pause"
    [entry] = city.records("clock.retarget")
    assert (entry["budget_from"], entry["until_to"]) == ("10 workdays", "2020-10-28")
    assert entry["why"].endswith("到期（按“约定时刻”或“约定日期”，至少含3个工作日）")
    city.wait("2020-10-14 10:00").does("督查室", "extend", it)
    assert due(city, it) == "2020-11-03 00:00", "extended to a Saturday, and rolled"
    city.does("督查室", "change", it, urgent=True)
    last = city.records("clock.retarget")[-1]
    assert (last["until_from"], last["budget_to"]) == ("2020-10-28", "2 days")


def test_the_day_is_followed_until_it_is_missed(city: City) -> None:
    it = city.opens("督查室", "request", day="2020-10-20")
    city.does("督查室", "change", it, day="2020-10-22")
    assert due(city, it) == "2020-10-23 00:00"
    city.wait("2020-10-26 09:00").does("督查室", "change", it, day="2020-10-30")
    row = city.clock(it, "answer")
    assert (row.outcome, wall(row.due_at)) == ("missed", "2020-10-23 00:00")
    assert city.log("clock.withdraw") == []


def test_a_miss_of_the_wrong_case_is_withdrawn(city: City) -> None:
    it = city.opens("督查室", "request", urgent=True)
    city.wait("2020-10-19 09:00").does("督查室", "change", it, urgent=False, day="2020-10-30")
    assert city.clock(it, "answer").outcome == "running"
    assert due(city, it) == "2020-10-31 00:00"
    [_] = city.log("clock.withdraw")


def test_a_new_calendar_rolls_the_day_anew_and_nothing_else(city: City) -> None:
    it = city.opens("督查室", "request", day="2020-10-24")
    assert recompute(city.office, city.now).moved == ()
    assert due(city, it) == "2020-10-27 00:00"


def test_what_was_before_is_told_of_moments_that_have_passed(city: City) -> None:
    it = city.opens("督查室", "request")
    city.wait("2020-10-13 09:00").does("督查室", "change", it, day="2020-10-28")
    [moved] = city.records("clock.retarget")
    back = set_back(from_plain(json.loads(city.clock(it, "answer").state)), moved)
    assert (str(back.budget), back.given, wall(back.due)) == ("10 workdays", None, "2020-10-27 00:00")
    city.now += timedelta(hours=1)
    city.does("督查室", "change", it, urgent=True)
    again = set_back(
        from_plain(json.loads(city.clock(it, "answer").state)), city.records("clock.retarget")[-1]
    )
    assert (again.budget, again.written, wall(again.due)) == (None, "2020-10-28", "2020-10-29 00:00")
