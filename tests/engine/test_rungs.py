"""Rungs that come again, that ask, that wait for a listed day, and that count a share of the time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.case import Running
from engine.office import Office
from rules.decide import NOTHING, Spoke
from tests.engine.city import City, small_book, wall
from tests.store.examples import clock

RULES = """
dates:
  dispatch: {zh: 调度日, en: Dispatch days, every: month, on: [day 1, day 15], roll: forward}
  sittings: {zh: 例会日, en: Sittings, days: ["2020-11-10", "2020-12-08"]}
rules:
  urge:
    label: {zh: 反复催办, en: Urged again}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - {at: 2 workdays after at 10:00, every: 3 workdays, times: 4, remind: unit_liaison, template: late}
      - {at: 30 days after at 10:00, remind: unit_head, template: late}
  doubted:
    label: {zh: 视情况, en: As the case may be}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - {at: 1 day after at 11:00, remind: approver, template: late}
      - {at: 2 days after at 11:00, if: 'item.progress >= 50.0', remind: supervisor, template: late}
      - {at: 20 days after at 11:00, remind: leader_in_charge, template: late}
  monthly:
    label: {zh: 例会上说, en: Said at the sitting}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - {at: 1 day after at 12:00, only: sittings, remind: principal_leader, template: late}
      - {at: 60 days after at 12:00, only: sittings, remind: reviewer, template: late}
  dispatched:
    label: {zh: 调度, en: Dispatched}
    basis: 五
    for: task
    when: {clock: due}
    ladder:
      - {at: 1 day after at 08:00, every: 1 day, only: dispatch, remind: supervisor, template: late}
  halfway:
    label: {zh: 时间过半, en: Half the time}
    basis: 五
    for: interview
    when: {clock: approval}
    ladder:
      - {at: 50 %, remind: approver, template: late}
      - {at: 80 %, remind: supervisor, template: late}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=RULES))
    yield made
    made.close()


def when(city: City, rule: str) -> list[str]:
    return [moment for _, moment in city.told(rule)]


def test_every_third_workday_four_times_until_the_higher_rung(city: City) -> None:
    city.task("2020-10-16")
    city.wait("2020-12-20 09:00")
    assert city.told("urge") == [
        ("张三", "2020-10-20 10:00"),
        ("张三", "2020-10-23 10:00"),
        ("张三", "2020-10-28 10:00"),
        ("张三", "2020-11-02 10:00"),
        ("李主任", "2020-11-15 10:00"),
    ]


def test_each_time_is_an_occasion_of_its_own(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-10-29 09:00")
    due = city.clock(task).due_at.isoformat()
    keys = [each["idem"] for each in city.records("rule.fire") if each["rule"] == "urge"]
    days = enumerate(("2020-10-20", "2020-10-23", "2020-10-28"))
    assert keys == [f"item:{task}|urge|due|{due}|0|{again}|{day}T02:00:00+00:00" for again, day in days]
    [first, second, _] = [each["why"] for each in city.records("rule.fire") if each["rule"] == "urge"]
    assert "到期后2个工作日10:00起每3个工作日，第1次" in first
    assert "第2次" in second


def test_after_an_outage_it_speaks_once_for_the_newest_time(city: City) -> None:
    city.task("2020-10-16")
    city.sleep("2020-10-30 12:00").turn()
    assert when(city, "urge") == ["2020-10-30 12:00"]
    city.turn()
    city.wait("2020-11-10 09:00")
    assert when(city, "urge") == ["2020-10-30 12:00", "2020-11-02 10:00"], "the fourth and last of them"


def test_it_stops_with_the_clock(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-10-21 09:00").does("张三", "complete", task, result="完成")
    city.wait("2020-12-20 09:00")
    assert when(city, "urge") == ["2020-10-20 10:00"]


def test_the_next_time_survives_a_restart_and_wakes_the_item(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-10-23 11:00")
    city.office.close()
    city.office = Office.open(city.url)
    assert city.item(task).wake_at is not None
    city.wait("2020-10-28 10:00")
    assert when(city, "urge")[-1] == "2020-10-28 10:00"
    assert '"urge":{"' in city.clock(task).spoken


def test_an_extension_begins_it_anew(city: City) -> None:
    task = city.task("2020-10-16")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-10-20", reason="雨季")
    city.does("督查室", "approve", asked)
    city.wait("2020-10-26 09:00")
    assert when(city, "urge") == ["2020-10-22 10:00"]


def test_rows_of_before_are_read() -> None:
    row = clock(spoken=f'{{"urge":{{"{clock().due_at.isoformat()}":2}}}}')
    running = Running.of(row)
    assert (running.last_spoken("urge"), running.last_spoken("other")) == (Spoke(2), NOTHING)
    running.speak("urge", Spoke(2, 5))
    again = Running.of(running.to_row(7))
    assert again.last_spoken("urge") == Spoke(2, 5)
    again.speak("urge", Spoke(3))
    assert '":3}' in again.to_row(8).spoken


def test_a_rung_whose_condition_does_not_hold_is_passed_over_and_asked_again(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-10-20 09:00")
    assert city.told("doubted") == [("秘书长", "2020-10-17 11:00")]
    woken = city.item(task).wake_at
    assert woken is not None
    assert woken > city.now, "nothing wakes it only to ask again"
    city.does("张三", "report", task, progress="40")
    assert len(city.told("doubted")) == 1
    city.does("张三", "report", task, progress="60")
    assert city.told("doubted")[1:] == [("督查室", "2020-10-20 09:00")]
    city.wait("2020-12-20 09:00")
    assert city.told("doubted")[2:] == [("王副市长", "2020-11-05 11:00")]


def test_what_a_higher_rung_has_passed_is_not_asked_again(city: City) -> None:
    task = city.task("2020-10-16")
    city.wait("2020-11-06 09:00").does("张三", "report", task, progress="60")
    city.wait("2020-12-20 09:00")
    assert [who for who, _ in city.told("doubted")] == ["秘书长", "王副市长"]


def test_only_on_listed_days_and_never_after_the_last(city: City) -> None:
    city.task("2020-10-16")
    city.wait("2021-03-01 09:00")
    assert city.told("monthly") == [("赵市长", "2020-11-10 12:00")]


def test_every_day_on_listed_days_only_is_once_on_each_of_them(city: City) -> None:
    city.task("2020-10-16")
    city.wait("2020-12-20 09:00")
    days = ["2020-11-02", "2020-11-16", "2020-12-01", "2020-12-15"]
    assert when(city, "dispatched") == [f"{day} 08:00" for day in days]


def test_shares_of_the_time_between_start_and_due(city: City) -> None:
    interview = city.opens("督查室", "interview")
    assert wall(city.clock(interview, "approval").due_at) == "2020-10-16 00:00"
    city.wait("2020-10-16 09:00")
    assert city.told("halfway") == [("秘书长", "2020-10-14 04:30"), ("督查室", "2020-10-15 06:36")]


def test_a_year_of_repeating_is_verified(city: City) -> None:
    city.task("2020-10-16")
    city.wait("2021-08-30 09:00")
    assert city.verdict().ok
