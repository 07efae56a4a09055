"""What rules may know of the item that theirs belongs to."""

from pathlib import Path

import pytest

from engine.book.finding import BookError
from engine.facts import Subject, gather
from engine.guards import Forbidden
from tests.engine.city import City, small_book

GUARD = "rules:\n  extension_in_time: {from: extension/extension_in_time}\n"
READS = ("parent.overdue", "parent.state", "parent.workflow")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path, "2020-10-09 09:00", small_book(tmp_path, extra=GUARD))


def facts(city: City, item: str) -> dict[str, object]:
    with city.office.store.write(city.now) as tx:
        desk = city.office.desk(tx, city.now)
        return dict(gather(desk, READS, Subject(case=desk.case(item))).values)


def test_the_parent_is_overdue_from_its_due_moment_on(city: City) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    city.sleep("2020-10-20 23:59")
    assert facts(city, asked) == {"parent.overdue": False, "parent.state": "open", "parent.workflow": "task"}
    city.sleep("2020-10-21 00:00")
    assert facts(city, asked)["parent.overdue"] is True, "though nobody has entered it yet"
    city.wait("2020-10-21 10:00").does("李主任", "complete", task, result="完工")
    assert facts(city, asked)["parent.state"] == "completed"


def test_an_item_without_a_parent_knows_nothing_of_one(city: City) -> None:
    assert facts(city, city.task("2020-10-20")) == {}


@pytest.mark.parametrize(("when", "guarded"), [("2020-10-20 23:59", False), ("2020-10-21 00:00", True)])
def test_no_extension_is_approved_after_the_end(city: City, when: str, guarded: bool) -> None:
    task = city.task("2020-10-20")
    asked = city.opens("张三", "extension", parent=task, new_due="2020-11-10", reason="雨季")
    outcome = city.sleep(when).tries("督查室", "approve", asked)
    assert isinstance(outcome, Forbidden) is guarded
    if isinstance(outcome, Forbidden):
        assert outcome.rule == "extension_in_time"
        assert "到期后不能再批准延期" in outcome.zh
        assert "refuse this one" in outcome.en
    assert city.fields(task)["due"] == ("2020-10-20" if guarded else "2020-11-10")


PARTS = """
workflows:
  project:
    label: {zh: 项目, en: Project}
    prefix: XM
    opened_by: [supervisor]
    initial: open
    fields:
      grade:
        type: text
        label: {zh: 等次, en: grade}
        one_of: {key: {zh: 重点, en: key}, plain: {zh: 一般, en: plain}}
      ends_on: {type: date, label: {zh: 完工日, en: ends on}}
      mixed: {type: int, label: {zh: 数, en: number}}
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions:
      - {event: regrade, from: open, by: supervisor, needs: [grade]}
      - {event: finish, from: open, to: done, by: supervisor}
  part:
    label: {zh: 分项, en: Part}
    prefix: FX
    opened_by: [supervisor]
    initial: open
    fields:
      mixed: {type: text, label: {zh: 字, en: word}}
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions:
      - {event: finish, from: open, to: done, by: unit_head}
rules:
  key_ones:
    label: {zh: 重点项目的分项, en: Parts of key projects}
    basis: 四
    for: part
    when: {event: open}
    if: has(parent.grade) && 上级.等次 == "key"
    then: {notify: unit_head, template: key_part}
  not_while_plain:
    label: {zh: 一般项目不必销号, en: Only of key projects}
    basis: 四
    for: part
    when: {before: finish}
    then:
      require: '!has(parent.grade) || parent.grade == "key"'
      otherwise: {zh: 上级不是重点项目, en: the parent is no key project}
templates:
  key_part:
    subject: {zh: "{parent.grade}项目", en: "{parent.grade} project"}
    body: {zh: "{parent.ends_on}前完工：{because}", en: "ends {parent.ends_on}: {because}"}
"""


def test_the_fields_of_the_parent_are_known_in_conditions_guards_and_texts(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-10-09 09:00", small_book(tmp_path, extra=PARTS))
    key, plain = (
        city.opens("督查室", "project", grade=grade, ends_on="2020-12-01") for grade in ("key", "plain")
    )
    parts = [city.opens("督查室", "part", parent=each) for each in (key, plain, None)]
    (told,) = city.notices("key_ones")
    assert (told.item, told.subject) == (parts[0], "重点项目")
    assert told.body.startswith("2020年12月1日前完工")
    assert "上级事项的等次" in told.body
    assert isinstance(city.tries("李主任", "finish", parts[1]), Forbidden)
    city.does("督查室", "regrade", plain, grade="key")
    for each in parts:
        city.does("李主任", "finish", each)
    city.close()


def test_a_field_of_two_types_is_no_fact(tmp_path: Path) -> None:
    wrong = PARTS.replace('has(parent.grade) && 上级.等次 == "key"', "has(parent.mixed)")
    with pytest.raises(BookError, match=r"unknown fact 'parent\.mixed'"):
        small_book(tmp_path, extra=wrong)


def test_what_rules_alone_open_has_the_parents_that_they_say(tmp_path: Path) -> None:
    """`mixed` is a number in the one workflow that opens parts, whatever others call so."""
    extra = PARTS.replace(
        "    prefix: FX\n    opened_by: [supervisor]", "    prefix: FX\n    opened_by: [rule]"
    )
    extra = extra.replace("rules:\n", "rules:\n" + OPENS, 1)
    extra = extra.replace('has(parent.grade) && 上级.等次 == "key"', "has(parent.mixed) && parent.mixed > 3")
    city = City(tmp_path, "2020-10-09 09:00", small_book(tmp_path, extra=extra))
    for number in (3, 4):
        city.opens("督查室", "project", mixed=number, grade="key")
    assert [each.item for each in city.notices("key_ones")] == ["FX-2020-0002"]
    city.close()


OPENS = """  opens:
    label: {zh: 分解, en: Parts}
    basis: 四
    for: project
    when: {event: open}
    then: {open: {workflow: part, title: {zh: 分项, en: part}}}
"""
