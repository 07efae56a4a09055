"""Rungs that count from the start, or by a share of the clock's own time: nights, week-ends and pauses
are no part of it, and a pause makes none speak twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, at, small_book

BOOK = """
calendars:
  desk:
    label: {zh: 窗口, en: Desk}
    from: cn
    hours: [["09:00", "12:00"], ["14:00", "17:00"]]
clocks:
  visit:
    label: {zh: 上门, en: Time to call}
    of: call
    starts: {opened: true}
    budget: 12 business hours
    calendar: desk
    pauses: {wait: {label: {zh: 等待, en: waiting}, states: waiting}}
    stops: done
  repair:
    label: {zh: 修复, en: Time to repair}
    of: ticket
    starts: {opened: true}
    budget: 10 days
    pauses: {wait: {label: {zh: 等待, en: waiting}, states: waiting}}
    stops: done
workflows:
  call:
    label: {zh: 上门件, en: Call}
    prefix: SM
    opened_by: [supervisor]
    initial: open
    states: {open: 在办, waiting: 等待, done: {zh: 已办, en: done, final: true}}
    transitions:
      - {event: wait, from: open, to: waiting, by: unit_liaison}
      - {event: go_on, from: waiting, to: open, by: unit_liaison}
      - {event: finish, from: open, to: done, by: unit_liaison}
  ticket:
    label: {zh: 工单, en: Ticket}
    prefix: GD
    opened_by: [supervisor]
    initial: open
    states:
      open: {zh: 在修, en: open}
      waiting: {zh: 等待, en: waiting}
      done: {zh: 已修, en: done, final: true}
    transitions:
      - {event: wait, from: open, to: waiting, by: unit_liaison, label: {zh: 等待, en: wait}}
      - {event: go_on, from: waiting, to: open, by: unit_liaison, label: {zh: 继续, en: go on}}
      - {event: finish, from: open, to: done, by: unit_liaison, label: {zh: 修好, en: finish}}
rules:
  called:
    label: {zh: 上门提醒, en: Call}
    basis: 五
    for: call
    when: {clock: visit}
    ladder:
      - {at: 25 %, remind: unit_liaison, template: late}
      - {at: 50 %, remind: unit_head, template: late}
      - {at: 100 %, remind: leader_in_charge, template: late}
  on_the_way:
    label: {zh: 途中, en: On the way}
    basis: 五
    for: ticket
    when: {clock: repair}
    ladder:
      - {at: 1 day after start at 09:00, remind: unit_liaison, template: late}
      - {at: 50 %, remind: unit_head, template: late}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


@pytest.mark.parametrize("down", [False, True])
def test_what_was_said_of_the_time_before_a_pause_is_not_said_again(city: City, down: bool) -> None:
    it = city.opens("督查室", "ticket")
    city.wait("2020-10-13 10:00")
    assert city.told() == [("张三", "2020-10-13 09:00")]
    city.does("张三", "wait", it)
    city.wait("2020-11-01 10:00").does("张三", "go_on", it)
    city.wait("2020-11-01 11:00")
    assert len(city.told()) == 1, "neither again, nor half of the time: one day of ten is used"
    (city.sleep if down else city.wait)("2020-11-08 10:00").turn()
    assert [who for who, _ in city.told()] == ["张三", "李主任"]
    city.does("张三", "wait", it)
    city.wait("2020-11-20 10:00").does("张三", "go_on", it)
    city.wait("2020-11-20 11:00")
    assert len(city.told()) == 2, "half was reached before"


def test_of_office_hours_a_share_is_of_office_hours(city: City) -> None:
    """Twelve hours from Friday at 16:00: one that day, six on Monday, five on Tuesday."""
    city.wait("2020-10-16 16:00").opens("督查室", "call")
    city.wait("2020-10-30 09:00")
    assert city.told("called") == [
        ("张三", "2020-10-19 11:00"),  # three hours used
        ("李主任", "2020-10-19 16:00"),  # six
        ("王副市长", "2020-10-20 16:00"),
    ]


@pytest.mark.parametrize("down", [False, True])
def test_a_pause_over_a_week_end_uses_none_of_it(city: City, down: bool) -> None:
    call = city.wait("2020-10-16 16:00").opens("督查室", "call")
    city.wait("2020-10-16 16:30").does("张三", "wait", call)
    city.wait("2020-10-21 10:00").does("张三", "go_on", call)
    city.wait("2020-10-21 11:59")
    assert city.told("called") == []
    (city.sleep if down else city.wait)("2020-10-21 14:30").turn()
    assert city.told("called") == [("张三", "2020-10-21 14:30")], "half an hour was on Friday"


def test_it_sleeps_until_a_share_is_used(city: City) -> None:
    call = city.wait("2020-10-16 16:00").opens("督查室", "call")
    city.wait("2020-10-17 09:00")
    assert city.item(call).wake_at == at("2020-10-19 11:00")
