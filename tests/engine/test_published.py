"""Who was last in a month stays last once it is published; corrected figures change what comes after."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.book.finding import BookError
from engine.measures import measure
from engine.questions import Asked
from rules.time.period import parse_period
from tests.engine.city import City, small_book

BOOK = """
workflows:
  score:
    label: {zh: 得分, en: Score}
    prefix: DF
    opened_by: [supervisor]
    initial: open
    fields:
      points: {type: int, label: {zh: 分数, en: points}}
      about: {type: date, label: {zh: 日期, en: day}}
    needs: [points, about]
    states: {open: {zh: 登记, en: open}, closed: {zh: 归档, en: filed, final: true}}
    transitions:
      - {event: correct, from: open, by: supervisor, needs: [points]}
      - {event: file, from: open, to: closed, by: supervisor}
  circular:
    label: {zh: 排名通报, en: Circular}
    prefix: PM
    opened_by: [rule]
    initial: draft
    states: {draft: {zh: 草稿, en: draft}, out: {zh: 已发, en: out}, void: {zh: 作废, en: void, final: true}}
    transitions:
      - {event: publish, from: [draft, out], to: out, by: supervisor}
      - {event: drop, from: [draft, out], to: void, by: supervisor}
measures:
  points:
    label: {zh: 分数, en: Points}
    for: unit
    items: score
    on: about
    within: period
    reduce: sum
    field: points
  place:
    label: {zh: 末位名次, en: Place}
    for: unit
    rank: {of: unit.points, among: bureaus, best: highest, count: from worst}
    fixed_by: publishing
  poor:
    label: {zh: 连续末位, en: Last in a row}
    for: unit
    periods: {if: unit.place == 1, every: month, last: 2}
rules:
  drafting:
    label: {zh: 起草排名, en: Draft of the ranking}
    basis: 五
    for: office
    when: {every: month, on: day 1 at 09:00}
    then: {open: {workflow: circular, title: {zh: 排名, en: Ranking}}}
  publishing:
    label: {zh: 公布排名, en: Publication}
    basis: 五
    for: circular
    when: {event: publish}
    then: {notify: supervisor, template: told}
  twice_last:
    label: {zh: 连续末位, en: Twice last}
    basis: 五
    for: bureaus
    when: {every: month, on: day 20 at 09:00}
    if: unit.poor >= 2
    then: {notify: unit_head, template: told}
templates:
  told: {subject: {zh: 排名, en: Ranking}, body: {zh: "{because}", en: "{because}"}}
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))


def scored(city: City, unit: str, points: int, about: str) -> str:
    return city.opens("督查室", "score", unit, points=points, about=about)


def publish(city: City, period: str) -> None:
    [circular] = [row for row in city.items("circular") if row.period == period]
    city.does("督查室", "publish", circular.id)


def whose_turn(city: City) -> list[str]:
    return [each.subject for each in city.notices("twice_last")]


@pytest.fixture
def two_months(city: City) -> tuple[City, str]:
    """The works bureau was last in October, the traffic bureau by one point in November."""
    wrong = scored(city, "works", 10, "2020-10-13")
    scored(city, "traffic", 20, "2020-10-13")
    city.wait("2020-11-02 10:00")
    publish(city, "2020-10")
    scored(city, "works", 10, "2020-11-03")
    scored(city, "traffic", 30, "2020-11-03")
    return city, wrong


def test_a_correction_does_not_change_who_was_last(two_months: tuple[City, str]) -> None:
    city, wrong = two_months
    city.wait("2020-11-10 09:00").does("督查室", "correct", wrong, points=25)
    city.wait("2020-12-02 09:00")
    publish(city, "2020-11")
    city.wait("2020-12-21 09:00")
    [fired] = [each for each in city.records("rule.fire") if each["idem"].endswith("twice_last|2020-11")]
    assert fired["obj"]["id"] == "works"
    [october, november] = city.records("measure.publish")
    assert october["values"] == {"traffic": "2", "works": "1"}
    assert october["why"] == "公布排名：2020年10月的末位名次已公布，此后更正不改变它（2个）"
    assert november["period"] == "2020-11"


def test_a_correction_before_it_is_published_counts(city: City) -> None:
    wrong = scored(city, "works", 10, "2020-10-13")
    scored(city, "traffic", 20, "2020-10-13")
    city.wait("2020-11-02 10:00").does("督查室", "correct", wrong, points=25)
    publish(city, "2020-10")
    [entry] = city.records("measure.publish")
    assert entry["values"] == {"traffic": "1", "works": "2"}


def test_published_again_it_is_as_corrected(two_months: tuple[City, str]) -> None:
    city, wrong = two_months
    city.wait("2020-11-10 09:00").does("督查室", "correct", wrong, points=25)
    publish(city, "2020-10")
    assert [each["values"]["works"] for each in city.records("measure.publish")] == ["1", "2"]


def test_the_correction_is_said(two_months: tuple[City, str]) -> None:
    city, wrong = two_months
    city.wait("2020-11-10 09:00").does("督查室", "correct", wrong, points=25)
    with city.office.store.write(city.now) as tx:
        desk = city.office.desk(tx, city.now)
        found, asked = (
            desk.book.measures["place"],
            Asked(whose="works", at=city.now, period=parse_period("2020-10")),
        )
        known = measure(desk, found, asked)
        live = measure(desk, found, replace(asked, period=parse_period("2020-11")))
    assert (known.value, live.reason is None or "公布" not in live.reason.zh) == (1, True)
    assert known.reason is not None
    assert known.reason.zh == "以公布的为准，按更正后的数字为 2"
    assert known.reason.en == "as it was published; 2 by the figures as corrected"


@pytest.mark.parametrize("up", [True, False], ids=["awake", "asleep"])
def test_a_rule_by_period_publishes_for_everybody_when_it_speaks_to_the_first(
    tmp_path: Path, up: bool
) -> None:
    extra = BOOK.replace(
        "for: circular\n    when: {event: publish}",
        "for: bureaus\n    when: {every: month, on: day 2 at 09:00}",
    )
    city = City(tmp_path / "office", "2020-10-12 09:00", small_book(tmp_path, extra=extra))
    wrong = scored(city, "works", 10, "2020-10-13")
    scored(city, "traffic", 20, "2020-10-13")
    (city.wait if up else city.sleep)("2020-11-20 10:00")
    # What was due is published before anything is told, however long the machine has slept.
    city.does("督查室", "correct", wrong, points=25)
    [entry] = city.records("measure.publish")
    assert entry["values"] == {"traffic": "2", "works": "1"}
    assert len([each for each in city.records("rule.fire") if each["rule"] == "publishing"]) == 2


def test_a_rule_without_a_period_fixes_nothing(tmp_path: Path) -> None:
    extra = BOOK.replace("for: circular", "for: score").replace("event: publish}", "event: correct}")
    with pytest.raises(BookError) as caught:
        small_book(tmp_path, extra=extra)
    assert [each.code for each in caught.value.findings if each.severity == "error"] == ["no_period"]
