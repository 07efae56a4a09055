"""Addressees: several drafts, each with its own unit and chair; several texts; what a rule sets it tells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.city import NAMES, City, small_book

BOOK = """
workflows:
  project:
    label: {zh: 项目, en: Project}
    prefix: XM
    opened_by: [supervisor]
    initial: planned
    needs: [grade]
    fields:
      grade: {type: text, label: {zh: 等次, en: grade}}
      co_units: {type: units, label: {zh: 配合单位, en: assisting units}}
    states:
      planned: {zh: 计划, en: planned}
      running: {zh: 实施, en: running}
      done: {zh: 完成, en: done, final: true}
    transitions:
      - {event: start, from: planned, to: running, by: supervisor}
      - {event: lag, from: running, by: supervisor}
      - {event: stop, from: running, to: done, by: supervisor}
  permit:
    label: {zh: 许可, en: Permit}
    prefix: XK
    opened_by: [supervisor]
    initial: valid
    states:
      valid: {zh: 有效, en: valid}
      suspended: {zh: 暂停, en: suspended}
      withdrawn: {zh: 撤回, en: withdrawn, final: true}
    transitions:
      - {event: suspend, from: valid, to: suspended, by: rule}
      - {event: withdraw, from: [valid, suspended], to: withdrawn, by: supervisor}
rules:
  lagging:
    label: {zh: 滞后约谈, en: Interviews for lagging}
    basis: 五
    for: project
    when: {event: lag}
    if: item.grade != "免查"  # needed on opening, so that nobody has to ask has(item.grade)
    then:
      set: {grade: 滞后}
      propose:
        - workflow: interview
          title: {zh: "约谈牵头单位{unit}", en: "lead {unit}"}
          with: {chair: leader_in_charge}
        - workflow: interview
          for_each: co_units
          title: {zh: "约谈配合单位{each}", en: "assisting {each}"}
          with: {chair: unit_head, reason: "{each}配合不力"}
      tell:
        - {to: unit_head, template: to_head, how: notify}
        - {to: [supervisor, unit_head], template: to_office, how: remind}
        - {to: unit_head, for_each: co_units, template: to_each}
      move: {event: suspend, item: children, workflow: permit}
templates:
  to_head:
    subject: {zh: "{title}：{item.grade}", en: "{title}: {item.grade}"}
    body: {zh: "{item.grade}", en: "{item.grade}"}
  to_office:
    subject: {zh: "督查室知悉", en: "for the office"}
    body: {zh: "{id}", en: "{id}"}
  to_each:
    subject: {zh: "请{each}配合", en: "to {each}"}
    body: {zh: "{id}", en: "{id}"}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path / "city", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))
    yield made
    made.close()


def lagging(city: City, **fields: Any) -> str:
    project = city.opens("督查室", "project", grade="正常", **fields)
    city.does("督查室", "start", project)
    return project


def test_the_lead_and_each_assisting_unit_have_a_draft_with_a_chair_of_their_own(city: City) -> None:
    city.does("督查室", "lag", lagging(city, co_units=["traffic", "city"]))
    drafts = [(row.unit, row.title, city.fields(row.id)["chair"]) for row in city.items("interview")]
    assert drafts == [
        ("works", "约谈牵头单位建设局", "deputy_mayor"),
        ("traffic", "约谈配合单位交通局", "traffic.head"),
        ("city", "约谈配合单位市政府", "city.head"),
    ]
    assert city.fields("YT-2020-0002")["reason"] == "交通局配合不力"
    assert city.verdict().ok


def test_what_is_undecided_takes_in_the_new_reason_unit_by_unit(city: City) -> None:
    first, second = lagging(city, co_units=["traffic"]), lagging(city, co_units=["traffic", "city"])
    city.does("督查室", "lag", first)
    city.does("督查室", "lag", second)
    assert [row.unit for row in city.items("interview")] == ["works", "traffic", "city"]
    assert [record["obj"]["id"] for record in city.records("item.join")] == ["YT-2020-0001", "YT-2020-0002"]


def test_two_drafts_for_one_unit_stay_two_when_they_take_in_more(city: City) -> None:
    """The lead unit assists itself: two conversations in two capacities."""
    first, second = (lagging(city, co_units=["works"]) for _ in range(2))
    city.does("督查室", "lag", first)
    assert [row.unit for row in city.items("interview")] == ["works", "works"]
    city.does("督查室", "lag", second)
    assert len(city.items("interview")) == 2
    assert {record["obj"]["id"] for record in city.records("item.join")} == {"YT-2020-0001", "YT-2020-0002"}


def test_what_is_needed_on_opening_is_known(city: City) -> None:
    project = city.opens("督查室", "project", grade="免查")
    city.does("督查室", "start", project)
    city.does("督查室", "lag", project)
    assert city.fired()["lagging"] == 0


def test_nobody_assists_so_nobody_is_asked(city: City) -> None:
    city.does("督查室", "lag", lagging(city))
    assert [row.unit for row in city.items("interview")] == ["works"]


def test_each_post_is_told_once_formally_where_it_is_both(city: City) -> None:
    city.does("督查室", "lag", lagging(city, co_units=["traffic"]))
    told = [(NAMES[each.recipient], each.kind, each.subject) for each in city.notices("lagging")]
    assert told == [
        ("李主任", "notify", "project：滞后"),
        ("交通局局长", "notify", "请交通局配合"),
        ("督查室", "remind", "督查室知悉"),
    ]


def test_an_unknown_unit_is_refused_by_name(city: City) -> None:
    with pytest.raises(AssertionError, match="没有单位 trafic，是不是 traffic？"):
        city.opens("督查室", "project", grade="正常", co_units=["works", "trafic"])


def test_open_children_that_know_the_event_are_moved_and_others_left(city: City) -> None:
    project = lagging(city)
    valid, gone = (city.opens("督查室", "permit", parent=project) for _ in range(2))
    other = city.opens("督查室", "permit")
    city.does("督查室", "withdraw", gone)
    city.does("督查室", "lag", project)
    assert [city.item(each).state for each in (valid, gone, other)] == ["suspended", "withdrawn", "valid"]
    city.does("督查室", "lag", project)
    assert city.log("item.refuse") == [], "one that is suspended already is left where it stands"


TREE = """
workflows:
  leaf:
    label: {zh: 分项, en: Leaf}
    prefix: FX
    opened_by: [supervisor]
    initial: valid
    states:
      valid: {zh: 有效, en: valid}
      suspended: {zh: 暂停, en: suspended}
      withdrawn: {zh: 撤回, en: withdrawn, final: true}
    transitions:
      - {event: suspend, from: valid, to: suspended, by: rule}
      - {event: withdraw, from: [valid, suspended], to: withdrawn, by: supervisor}
"""


def test_what_is_below_is_moved_at_every_level_and_once(tmp_path: Path) -> None:
    text = BOOK.replace("item: children, workflow: permit", "item: descendants")
    city = City(
        tmp_path / "city",
        "2020-10-12 09:00",
        small_book(tmp_path, extra=text.replace("rules:", TREE.replace("workflows:\n", "") + "rules:", 1)),
    )
    project = lagging(city)
    permit = city.opens("督查室", "permit", parent=project)
    closed = city.opens("督查室", "permit", parent=project)
    leaves = [city.opens("督查室", "leaf", parent=each) for each in (permit, closed)]
    deepest = city.opens("督查室", "leaf", parent=leaves[1])
    beside = city.opens("督查室", "leaf")
    city.does("督查室", "withdraw", closed)
    city.does("督查室", "lag", project)
    assert {row.state for row in city.items() if row.id in (permit, *leaves, deepest)} == {"suspended"}
    assert [city.item(each).state for each in (closed, beside)] == ["withdrawn", "valid"]
    assert len([record for record in city.records("item.move") if record["event"] == "suspend"]) == 4
    assert city.records("rule.refused") == []
    assert city.verdict().ok
    city.close()
