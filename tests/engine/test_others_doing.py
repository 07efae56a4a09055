"""What one item's rule does to another item, or to another person's proposal."""

from pathlib import Path

from engine.book.book import Book
from tests.engine.city import City, at, small_book

CHILD_ENDS_PARENT = """
rules:
  end_parent:
    label: {zh: 一并归档, en: The task ends with it}
    basis: 五
    for: alarm
    when: {event: see}
    then: {move: {event: give_up, item: parent}}
  weekly_look:
    label: {zh: 每周查看, en: Weekly look}
    basis: 五
    for: [alarm, task]
    when: {every: week, on: monday at 09:00}
    then: {move: {event: give_up, item: parent}}
"""
ALARM = "    label: {zh: 预警, en: Alarm}\n    prefix: YJ\n"
EXTEND = "      - {event: extend, from: open, by: rule, needs: [due]}\n"
CHIEFS = """
groups:
  chiefs: {zh: 市领导, en: Leaders, of: posts, members: [mayor, deputy_mayor]}
rules:
  chiefs_alarm:
    label: {zh: 提醒市领导, en: Alarm for leaders}
    basis: 五
    for: chiefs
    when: {every: month, on: first workday at 09:00}
    then:
      propose: {workflow: alarm, title: {zh: "预警{owner}", en: "alarm for {owner}"}, join: true}
"""


def book_of_both(folder: Path) -> Book:
    give_up = "      - {event: give_up, from: [open, completed], to: forgotten, by: rule}\n"
    changes = [(EXTEND, EXTEND + give_up), (ALARM, f"{ALARM}    opened_by: [rule, supervisor]\n")]
    return small_book(folder, changes, CHILD_ENDS_PARENT)


def test_a_parent_that_a_rule_ends_too_late_was_late(tmp_path: Path) -> None:
    """The daemon was down over the due date; what wakes first is somebody who ends the task by its child."""
    city = City(tmp_path / "city", "2020-09-28 08:00", book_of_both(tmp_path))
    task = city.task("2020-09-30")
    alarm = city.opens("督查室", "alarm", parent=task)
    city.sleep("2020-10-09 10:00").does("李主任", "see", alarm)
    assert city.item(task).state == "forgotten"
    assert city.clock(task).missed_at == at("2020-10-01 00:00")
    assert [record["obj"]["id"] for record in city.records("clock.miss")] == [task]
    city.close()


def test_what_was_ended_a_moment_ago_is_not_spoken_about(tmp_path: Path) -> None:
    city = City(tmp_path / "city", "2020-09-28 08:00", book_of_both(tmp_path))
    task = city.task("2020-10-30")
    alarm = city.opens("督查室", "alarm", parent=task)
    city.wait("2020-09-28 10:00")
    spoken = [record["obj"]["id"] for record in city.records("rule.fire")]
    assert (city.item(task).state, spoken) == ("forgotten", [alarm])
    city.close()


def test_a_proposal_about_one_person_does_not_take_in_another(tmp_path: Path) -> None:
    city = City(tmp_path / "city", "2020-09-28 08:00", small_book(tmp_path, extra=CHIEFS))
    city.wait("2020-10-12 09:00")
    assert {row.owner for row in city.items("alarm")} == {"mayor", "deputy_mayor"}
    city.wait("2020-11-12 09:00")
    assert len(city.items("alarm")) == 2, "each takes in his own second one"
    assert len(city.records("item.join")) == 2
    city.close()
