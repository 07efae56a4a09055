"""Rules that look from the day of the deed: what is told late falls into its own days, and what has lapsed
since still counts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.act import NewItem, open_new
from engine.guards import Forbidden
from store.rows import Plain
from tests.engine.city import PEOPLE, City, small_book
from tests.engine.test_whynot import of_item

BOOK = """
workflows:
  finding:
    label: Finding
    prefix: FD
    opened_by: supervisor
    initial: entered
    needs: [found_on, points]
    fields:
      found_on: {type: date, label: found on}
      final_on: {type: date, label: final on}
      points: {type: int, label: points}
    states:
      entered: Entered
      struck: {en: Struck out, final: true}
    transitions:
      - {event: strike, from: entered, to: struck, by: supervisor}
measures:
  cluster: {label: cluster, for: unit, items: finding, on: found_on, within: rolling 14 days}
  points:
    label: points
    for: unit
    items: finding
    not_states: struck
    where: {found_on: "<= now"}
    on: final_on
    within: past 6 months or later
    reduce: sum
    field: points
templates:
  told: {subject: "{nth} {item.title}", body: "{because}"}
rules:
  clustered:
    label: Three in 14 days
    basis: § 6
    for: finding
    when: {event: open}
    as_of: =args.found_on
    if: unit.cluster >= 3
    cases: {of: unit.cluster, again: added}
    then: {notify: approver, template: told}
  deed:
    label: Four points
    basis: § 4
    for: finding
    when: {event: open}
    as_of: =args.found_on
    if: has(unit.points) && unit.points >= 4.0
    then: {light: red}
  counted:
    label: Once more
    basis: § 5
    for: finding
    when: {event: open}
    as_of: =args.found_on
    count: {measure: unit.cluster}
    times:
      - {nth: 1, light: green}
      - {nth: 2+, remind: approver, template: told}
  guarded:
    label: No more than three
    basis: § 7
    for: finding
    when: {before: open}
    as_of: =args.found_on
    then: {require: unit.cluster < 4, otherwise: four already}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    opened = City(tmp_path, "2020-01-02 08:00", small_book(tmp_path, extra=BOOK))
    yield opened
    opened.close()


def finds(city: City, day: str, points: int = 1, final: str | None = None) -> str:
    return city.opens("督查室", "finding", found_on=day, final_on=final or day, points=points)


def test_a_case_told_late_falls_into_its_own_fourteen_days(city: City) -> None:
    city.wait("2020-02-10 09:00")
    for day in ("2020-01-10", "2020-01-16"):
        finds(city, day)
    assert city.fired()["clustered"] == 0
    third = finds(city, "2020-01-17")
    (fired,) = [each for each in city.records("rule.fire") if each["rule"] == "clustered"]
    assert (fired["obj"]["id"], len(fired["cases"])) == (third, 3)
    assert fired["why_en"].startswith("Three in 14 days (§ 6): as of 2020-01-17, ")
    assert fired["why"].startswith("Three in 14 days（§ 6）：截至2020年1月17日，")


def test_what_lies_outside_of_its_days_is_not_counted_though_it_was_told_before(city: City) -> None:
    city.wait("2020-02-10 09:00")
    for day in ("2020-01-03", "2020-01-18", "2020-01-17"):
        finds(city, day)
    assert city.fired()["clustered"] == 0, "on the 17th the 18th has not come, and the 3rd is 15 days ago"


def test_points_that_have_lapsed_since_the_deed_count_and_later_deeds_do_not(city: City) -> None:
    city.wait("2020-09-01 09:00")
    finds(city, "2020-01-10", 1, "2020-02-01")
    finds(city, "2020-07-31", 3, "2020-09-01")  # the last day on which the first still counts
    assert [row.light for row in city.items("finding")] == ["green", "red"]
    finds(city, "2020-08-02", 1, "2020-09-01")  # a day later: 3 + 1
    finds(city, "2020-08-01", 1, "2020-09-01")  # what was found on the 2nd is not known yet
    found = [each["why_en"] for each in city.records("rule.fire") if each["rule"] == "deed"]
    assert [re.findall(r"as of ([-0-9]+).*\(it is (\d)", each) for each in found] == [
        [("2020-07-31", "4")],
        [("2020-08-02", "4")],
        [("2020-08-01", "5")],
    ]


def test_the_count_and_guards_look_from_the_same_moment(city: City) -> None:
    city.wait("2020-03-02 09:00")
    for day in ("2020-01-10", "2020-02-10", "2020-01-12", "2020-01-13"):
        finds(city, day)
    nth = [each["nth"] for each in city.records("rule.fire") if each["rule"] == "counted"]
    assert nth == [1, 1, 2, 3]
    finds(city, "2020-01-14")
    wish: dict[str, Plain] = {"found_on": "2020-01-14", "points": 1}
    new = NewItem(workflow="finding", title="fifth", by=PEOPLE["督查室"], unit="works", fields=wish)
    refused = open_new(city.office, new, city.now)
    assert isinstance(refused, Forbidden)
    assert refused.rule == "guarded"
    finds(city, "2020-02-14")


def test_why_it_was_silent_is_asked_from_the_same_moment(city: City) -> None:
    city.wait("2020-02-10 09:00")
    item = finds(city, "2020-01-17")
    finds(city, "2020-02-10")
    (ground,) = of_item(city, item, "clustered").grounds
    assert [term.values for term in ground.terms] == [(("unit.cluster", "1", "1"),)], (
        "on the 17th there was one, and today there are two"
    )
