"""Classes: the highest threshold reached, in flight; a rise is told; after its time a class stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.city import City, small_book

BOOK = """
workflows:
  accident:
    label: {{zh: 事故, en: Accident}}
    prefix: SG
    opened_by: [rule, supervisor]
    initial: reported
    needs: [deaths]
    fields:
      deaths: {{type: int, label: {{zh: 死亡人数, en: deaths}}}}
      injured: {{type: int, label: {{zh: 受伤人数, en: injured}}, default: 0}}
      loss: {{type: number, label: {{zh: 直接损失, en: loss}}}}
      nationwide: {{type: flag, label: {{zh: 全国影响, en: nationwide}}, default: false}}
      severity:
        type: text
        label: {{zh: 等级, en: severity}}
        one_of:
          ordinary: {{zh: 一般, en: ordinary}}
          larger: {{zh: 较大, en: larger}}
          major: {{zh: 重大, en: major}}
          extreme: {{zh: 特别重大, en: extreme}}
    states:
      reported: {{zh: 已报告, en: reported}}
      closed: {{zh: 结案, en: closed, final: true}}
    transitions:
      - {{event: update, from: reported, by: supervisor, takes: [deaths, injured, loss, nationwide]}}
      - {{event: close, from: reported, to: closed, by: supervisor}}
clocks:
  regrading:
    label: {{zh: 等级调整期, en: Time to regrade}}
    of: accident
    starts: {{opened: true}}
    budget: 7 days
    stops: [closed]
classes:
  severity:
    label: {{zh: 事故等级, en: Severity}}
    basis: 三条
    of: accident
    field: severity
    levels:
      ordinary: {{}}
      larger: {{deaths: 3, injured: 10, loss: 10000000}}
      major: {{deaths: 10, injured: 50, loss: "> 50000000"}}
      extreme: {{deaths: 30, if: item.nationwide}}
    {more}
rules:
  tell_of_the_class:
    label: {{zh: 等级变动, en: The class has changed}}
    basis: 三条
    for: accident
    when: {{change: severity}}
    if: change.rose && item.severity != "ordinary"
    then: {{notify: leader_in_charge, template: changed}}
  count_doubtful:
    label: {{zh: 损失待核, en: Doubtful}}
    basis: 三条
    for: accident
    when: {{change: [loss]}}
    if: has(change.old) && change.old > change.new
    then: {{set: {{nationwide: true}}, notify: unit_head, template: changed}}
templates:
  changed:
    subject: {{zh: "{{item.severity}}", en: "{{item.severity}}"}}
    body: {{zh: "{{because}}", en: "{{because}}"}}
"""


def city_of(folder: Path, more: str = "") -> City:
    return City(folder / "city", "2020-10-12 09:00", small_book(folder, extra=BOOK.format(more=more)))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = city_of(tmp_path)
    yield made
    made.close()


def severity(city: City, id: str) -> str:
    return str(city.fields(id)["severity"])


def test_the_class_is_there_from_the_opening_on(city: City) -> None:
    assert severity(city, city.opens("督查室", "accident", deaths=0)) == "ordinary"
    assert severity(city, city.opens("督查室", "accident", deaths=3)) == "larger"
    [first, second] = city.records("item.classify")
    assert first["why"] == "事故等级：— → 一般"
    assert second["why"] == "事故等级：— → 较大（死亡人数 3，达到 3）"
    assert second["why_en"] == "Severity: — → larger (deaths 3, from 3)"
    assert city.notices("tell_of_the_class") == [], "an opening is no change"
    assert city.verdict().ok


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"deaths": 2, "injured": 9, "loss": "9999999.99"}, "ordinary"),
        ({"deaths": 2, "injured": 10}, "larger"),
        ({"deaths": 0, "loss": "50000000"}, "larger"),
        ({"deaths": 0, "loss": "50000000.01"}, "major"),
        ({"deaths": 10, "injured": 3}, "major"),
        ({"deaths": 30}, "extreme"),
        ({"deaths": 0, "nationwide": True}, "extreme"),
    ],
)
def test_any_threshold_is_enough_and_the_highest_counts(
    city: City, fields: dict[str, Any], level: str
) -> None:
    assert severity(city, city.opens("督查室", "accident", **fields)) == level


def test_as_it_rises_the_leader_is_told_at_once_in_the_new_class(city: City) -> None:
    accident = city.opens("督查室", "accident", deaths=1)
    city.does("督查室", "update", accident, deaths=4)
    city.does("督查室", "update", accident, injured=11)
    city.does("督查室", "update", accident, deaths=12)
    assert [each.subject for each in city.notices("tell_of_the_class")] == ["较大", "重大"]
    city.does("督查室", "update", accident, deaths=5)
    assert severity(city, accident) == "larger"
    assert len(city.notices("tell_of_the_class")) == 2
    falls = city.records("item.classify")[-1]
    assert (falls["from"], falls["to"], falls["field"]) == ("major", "larger", "severity")
    assert city.verdict().ok


def test_what_a_rule_sets_is_weighed_as_well_and_told_as_it_is_then(city: City) -> None:
    accident = city.opens("督查室", "accident", deaths=1, loss="100")
    city.does("督查室", "update", accident, loss="50")
    assert severity(city, accident) == "extreme"
    assert [each.subject for each in city.notices("count_doubtful")] == ["特别重大"]
    assert [each.subject for each in city.notices("tell_of_the_class")] == ["特别重大"]


def test_only_ever_upwards(tmp_path: Path) -> None:
    city = city_of(tmp_path, "falls: false")
    accident = city.opens("督查室", "accident", deaths=12)
    city.does("督查室", "update", accident, deaths=2)
    assert severity(city, accident) == "major"
    city.does("督查室", "update", accident, deaths=31)
    assert severity(city, accident) == "extreme"
    city.close()


def test_after_its_time_the_class_stays_as_it_is(tmp_path: Path) -> None:
    city = city_of(tmp_path, "while: regrading")
    accident = city.opens("督查室", "accident", deaths=1)
    city.wait("2020-10-19 09:00").does("督查室", "update", accident, deaths=4)
    assert severity(city, accident) == "larger"
    city.wait("2020-10-20 00:00").does("督查室", "update", accident, deaths=40)
    assert severity(city, accident) == "larger"
    assert city.verdict().ok
    city.close()
