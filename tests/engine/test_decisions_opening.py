"""Guards before opening: what may not begin at all, neither by people nor by rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import NewItem, open_new
from engine.guards import Forbidden
from store.rows import Plain
from tests.engine.city import PEOPLE, City, small_book

BOOK = """
workflows:
  inspection:
    label: {{zh: 检查, en: Inspection}}
    prefix: JC
    opened_by: [rule, supervisor]
    initial: planned
    needs: [planned_on]
    fields:
      planned_on: {{type: date, label: {{zh: 拟检查日期, en: planned on}}}}
      urgent: {{type: flag, label: {{zh: 紧急, en: urgent}}, default: false}}
      reason: {{type: text, label: {{zh: 理由, en: reason}}}}
    states:
      planned: {{zh: 计划, en: planned}}
      held: {{zh: 已检查, en: held, final: true}}
    transitions:
      - {{event: hold, from: planned, to: held, by: supervisor}}
measures:
  inspections_this_year:
    label: {{zh: 年内检查次数, en: Inspections this year}}
    for: unit
    items: inspection
    on: planned_on
    within: calendar year
rules:
  one_a_year:
    label: {{zh: 一年只查一次, en: One a year}}
    basis: 六
    mode: {mode}
    for: inspection
    when: {{before: open}}
    if: "!args.urgent && unit.kind == \\"department\\""
    then:
      require: unit.inspections_this_year == 0 && args.planned_on > now
      otherwise: {{zh: 年内已查过, en: inspected this year already}}
  after_misses:
    label: {{zh: 逾期检查, en: Inspect}}
    basis: 六
    for: task
    when: {{clock: due}}
    ladder:
      - at: at due
        open: {{workflow: inspection, title: {{zh: 检查, en: Inspect}}, with: {{planned_on: 5 workdays}}}}
  under_a_task_in_hand:
    label: {{zh: 办理中的任务才可复核, en: Only of a task in hand}}
    basis: 六
    for: review
    when: {{before: open}}
    then:
      require: has(parent.state) && parent.state == "open"
      otherwise: {{zh: 任务不在办理中, en: the task is not in hand}}
"""


def city_of(folder: Path, mode: str = "live") -> City:
    return City(folder / "city", "2020-10-12 09:00", small_book(folder, extra=BOOK.format(mode=mode)))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = city_of(tmp_path)
    yield made
    made.close()


def tries(city: City, who: str, workflow: str, parent: str | None = None, **fields: Plain) -> object:
    wish = NewItem(workflow=workflow, title="t", by=PEOPLE[who], unit="works", parent=parent, fields=fields)
    return open_new(city.office, wish, city.now)


def test_a_second_inspection_in_the_year_is_not_opened(city: City) -> None:
    assert tries(city, "督查室", "inspection", planned_on="2020-10-20") == "JC-2020-0001"
    refused = tries(city, "督查室", "inspection", planned_on="2020-11-20")
    assert isinstance(refused, Forbidden)
    assert (refused.rule, refused.code, refused.zh) == ("one_a_year", "guard", "年内已查过（六）")
    [entry] = city.records("item.refuse")
    assert (entry["event"], entry["workflow"], entry["rule"]) == ("open", "inspection", "one_a_year")
    assert (entry["actor"]["name"], entry["ok"]) == ("督查室", False)
    assert city.opens("督查室", "inspection", unit="traffic", planned_on="2020-11-20") == "JC-2020-0002"
    assert city.verdict().ok


def test_a_default_counts_as_given_and_a_number_is_not_used_up(city: City) -> None:
    assert isinstance(tries(city, "督查室", "inspection", planned_on="2020-10-01"), Forbidden)
    assert tries(city, "督查室", "inspection", planned_on="2020-10-01", urgent=True) == "JC-2020-0001"


def test_what_a_rule_would_open_is_not_opened_either_and_the_log_says_so(city: City) -> None:
    city.task("2020-10-13")
    city.task("2020-10-14")
    city.wait("2020-10-16 09:00")
    assert [row.id for row in city.items("inspection")] == ["JC-2020-0001"]
    [entry] = city.records("item.refuse")
    assert (entry["actor"]["id"], entry["rule"], entry["why"]) == (
        "rule:after_misses",
        "one_a_year",
        "年内已查过（六）",
    )
    assert city.fired()["after_misses"] == 2
    assert city.verdict().ok


def test_a_guard_on_trial_lets_it_be_opened(tmp_path: Path) -> None:
    city = city_of(tmp_path, "shadow")
    for day in ("2020-10-20", "2020-11-20"):
        assert isinstance(tries(city, "督查室", "inspection", planned_on=day), str)
    [entry] = city.records("rule.shadow")
    assert (entry["rule"], entry["obj"]["type"]) == ("one_a_year", "office")
    city.close()


def test_it_may_look_at_what_the_new_one_would_belong_to(city: City) -> None:
    task = city.task("2020-10-20")
    assert isinstance(tries(city, "李主任", "review", parent=task, grounds="不服"), str)
    city.does("张三", "complete", task, result="完成")
    assert isinstance(tries(city, "李主任", "review", parent=task, grounds="不服"), Forbidden)
    assert isinstance(tries(city, "李主任", "review", grounds="不服"), Forbidden)
