"""Reminders, misses, extensions: each spoken once, at its moment, about the date that stands."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.city import City, at, small_book, wall


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00")
    yield made
    made.close()


def test_a_reminder_speaks_once_however_many_turns(city: City) -> None:
    city.task("2020-10-20")
    while city.now < at("2020-10-15 00:00"):
        city.turn()
        city.now += timedelta(hours=1)
    assert city.told() == [("张三", "2020-10-13 09:00")]


def test_the_same_task_from_the_first_reminder_to_the_leader(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-31 09:00")
    assert city.told() == [
        ("张三", "2020-10-13 09:00"),
        ("李主任", "2020-10-19 09:00"),
        ("张三", "2020-10-19 09:00"),
        ("李主任", "2020-10-21 09:00"),
        ("张三", "2020-10-21 09:00"),
        ("王副市长", "2020-10-27 09:00"),
    ]
    assert city.item(task).light == "red"


def test_rungs_before_the_start_never_speak(city: City) -> None:
    city.sleep("2020-10-16 10:00").task("2020-10-20")
    city.wait("2020-10-20 09:00")
    assert [when for _, when in city.told()] == ["2020-10-19 09:00"] * 2


def test_the_miss_and_the_rung_at_due_are_one_moment(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-21 00:00")
    assert wall(city.clock(task).missed_at or city.now) == "2020-10-21 00:00"
    assert city.item(task).light == "red"
    miss, fire = city.log("clock.miss")[0], city.log("rule.fire")[-1]
    assert fire.seq == miss.seq + 1
    assert miss.ts == fire.ts
    assert [each["noticed_late_s"] for each in city.records("clock.miss")] == [0]


def test_done_at_the_last_second_is_in_time(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-20 23:59").does("张三", "complete", task, result="完成")
    city.wait("2020-11-20 09:00")
    assert (city.clock(task).outcome, city.log("clock.miss"), city.items("interview")) == ("met", [], [])


def test_done_late_before_the_daemon_came_round_is_late_in_the_log(city: City) -> None:
    task = city.task("2020-10-15")
    city.wait("2020-10-15 10:00").sleep("2020-10-17 10:00").does("张三", "complete", task, result="完成")
    [miss] = city.records("clock.miss")
    assert miss["noticed_late_s"] == 34 * 3600
    assert city.log("item.move")[-1].seq > miss["seq"]
    clock = city.clock(task)
    assert (clock.outcome, clock.missed_at) == ("missed", clock.due_at)


def test_an_extension_before_the_end_brings_the_reminders_again(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-19 10:00")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.does("督查室", "approve", asked)
    assert city.fields(task)["due"] == "2020-11-10"
    assert wall(city.clock(task).due_at) == "2020-11-11 00:00"
    city.wait("2020-11-11 10:00")
    assert [when for _, when in city.told("due_reminder")] == [
        "2020-10-13 09:00",
        *["2020-10-19 09:00"] * 2,
        "2020-11-03 09:00",
        *["2020-11-09 09:00"] * 2,
    ]
    assert wall(city.clock(task).missed_at or city.now) == "2020-11-11 00:00"


def test_an_extension_after_the_end_changes_nothing_and_the_log_says_so(city: City) -> None:
    task = city.task("2020-10-20")
    city.wait("2020-10-20 10:00")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.wait("2020-10-22 10:00").does("督查室", "approve", asked)
    assert city.fields(task)["due"] == "2020-10-20"
    assert wall(city.clock(task).due_at) == "2020-10-21 00:00"
    [entry] = city.records("clock.extend")
    assert (entry["ok"], entry["from"]) == (False, entry["to"])
    assert entry["why"].startswith("延期未生效")
    assert city.notices("extend_parent") == [], "nobody is told of a date that does not stand"
    assert city.verdict().ok


def test_a_refused_extension_leaves_the_old_date(city: City) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.does("督查室", "refuse", asked)
    city.wait("2020-10-21 00:00")
    assert city.clock(task).outcome == "missed"


def test_what_is_closed_in_a_state_that_no_clock_names_runs_no_more(city: City) -> None:
    """It used to turn red a month later, and its unit to be proposed for an interview (T4)."""
    task = city.task("2020-10-20")
    city.does("秘书长", "shelve", task, reason="机构调整")
    assert (city.clock(task).outcome, city.item(task).wake_at) == ("cancelled", None)
    city.wait("2020-12-02 09:00")
    assert (city.told(), city.log("clock.miss"), city.items("interview")) == ([], [], [])


def test_sent_back_at_the_minute_of_a_reminder_it_is_not_reminded_again(city: City) -> None:
    """The clock starts again with the same due date: what was said about it was said."""
    task = city.task("2020-10-20")
    city.wait("2020-10-13 09:00").does("张三", "complete", task, result="完成")
    city.does("督查室", "send_back", task, reason="不实")
    city.wait("2020-10-20 09:00")
    assert [when for _, when in city.told()] == ["2020-10-13 09:00", *["2020-10-19 09:00"] * 2]


def test_sent_back_with_a_new_date_it_has_reminders_of_its_own(city: City) -> None:
    task = city.task("2020-10-14")
    city.wait("2020-10-14 09:00").does("张三", "complete", task, result="完成")
    city.does("督查室", "send_back", task, reason="不实", due="2020-10-28")
    city.wait("2020-10-21 09:00")
    assert [when for _, when in city.told()] == [*["2020-10-13 09:00"] * 2, "2020-10-21 09:00"]


def test_a_week_of_a_duty(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-01 00:00", duties=["weekly_board"]).wait("2020-09-02 09:00")
    mine, theirs = city.items("board")
    assert (mine.unit, theirs.unit, mine.period) == ("works", "traffic", "2020-W36")
    assert wall(city.clock(mine.id).due_at) == "2020-09-04 17:00"
    city.wait("2020-09-03 16:00")
    assert city.told() == [("张三", "2020-09-03 15:00"), ("交通局联络员", "2020-09-03 15:00")]
    city.does("张三", "file", mine.id)
    city.wait("2020-09-07 10:00")
    assert (city.item(mine.id).light, city.item(theirs.id).light) == ("none", "red")
    assert city.told("overdue") == [("交通局局长", "2020-09-07 09:00"), ("交通局联络员", "2020-09-07 09:00")]
    assert [row.period for row in city.items("board")] == ["2020-W36"] * 2 + ["2020-W37"] * 2
    city.close()


LAPSES = [
    (
        "    when: {clock: due}\n    then: {light: red}",
        "    when: {clock: due}\n    effective: {until: 2020-10-23}\n    then: {light: red}",
    )
]
BEGINS = [
    (
        "    when: {clock: due}\n    then: {light: red}",
        "    when: {clock: due}\n    effective: {from: 2020-10-22}\n    then: {light: red}",
    )
]


@pytest.mark.parametrize("down", [False, True])
def test_a_rule_holds_from_its_day_to_its_last_whenever_it_is_noticed(tmp_path: Path, down: bool) -> None:
    """An outage over the day on which a law lapses must neither undo nor prolong it."""
    lapsing = City(tmp_path / "a", "2020-10-12 09:00", small_book(tmp_path / "a", LAPSES))
    beginning = City(tmp_path / "b", "2020-10-12 09:00", small_book(tmp_path / "b", BEGINS))
    for city in (lapsing, beginning):
        city.task("2020-10-20")
        (city.sleep if down else city.wait)("2020-10-31 09:00").turn()
    assert [who for who, _ in lapsing.told("overdue")] == ["李主任", "张三"], (
        "until the 23rd, not on the 27th"
    )
    assert [who for who, _ in beginning.told("overdue")] == ["王副市长"], "on the 27th, not on the 21st"
    for city in (lapsing, beginning):
        assert city.item("RW-2020-0001").light == "red"
        city.close()


HELLO = """
rules:
  hello:
    label: {zh: 起算提醒, en: At the start}
    basis: 二
    for: task
    when: {clock: due}
    ladder:
      - {at: 1 hour after start, remind: unit_liaison, template: due_soon}
"""


def test_a_due_date_that_was_changed_and_changed_back_says_nothing_twice(tmp_path: Path) -> None:
    """It used to be set aside for good: the store refused what had been said on the first date."""
    city = City(tmp_path / "city", "2020-09-28 08:00", small_book(tmp_path, extra=HELLO))
    task = city.task("2020-10-20")
    for morning, due in (("2020-09-29", "2020-10-21"), ("2020-09-30", "2020-10-20")):
        city.wait(f"{morning} 08:00").does("李主任", "complete", task, result="完成")
        city.does("督查室", "send_back", task, reason="不实", due=due)
    city.wait("2020-10-22 10:00")
    assert [when for _, when in city.told("hello")] == ["2020-09-28 09:00", "2020-09-29 09:00"]
    assert city.told("overdue")[:1] == [("李主任", "2020-10-21 09:00")], "and it is heard of again"
    assert city.log("park") == []
    city.close()
