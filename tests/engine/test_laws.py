"""A change of law: from its day and not before, judged by the moment or by the opening of the case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, small_book, wall

BOOK = """
laws:
  old: {zh: 旧办法, en: The old act, until: "2020-10-31"}
  new: {zh: 新办法, en: The new act, from: "2020-11-01"}
clocks:
  old_answer:
    label: {zh: 旧时限, en: Old limit}
    of: interview
    starts: {state: approved}
    budget: 10 days
    stops: held
    law: old
    effective: {by: opened}
  new_answer:
    label: {zh: 新时限, en: New limit}
    of: interview
    starts: {state: approved}
    budget: 5 days
    stops: held
    law: new
    effective: {by: opened}
  passing:
    label: {zh: 以起算为准, en: By its start}
    of: interview
    starts: {state: approved}
    budget: 3 days
    stops: held
    law: new
duties:
  report:
    label: {zh: 月报, en: Monthly report}
    basis: 七
    opens: board
    for: works
    every: month
    due: end
    law: new
    title: {zh: 月报, en: Monthly report}
rules:
  old_rung:
    label: {zh: 旧催办, en: Old urging}
    basis: 七
    for: task
    law: old
    when: {clock: due}
    ladder: [{at: 1 day after at 10:00, every: 1 day, remind: unit_liaison, template: late}]
  new_rung:
    label: {zh: 新催办, en: New urging}
    basis: 七
    for: task
    law: new
    when: {clock: due}
    ladder: [{at: 1 day after at 11:00, every: 1 day, times: 30, remind: unit_head, template: late}]
  old_cases:
    label: {zh: 旧案, en: Old cases}
    basis: 七
    for: task
    law: old
    effective: {by: opened}
    when: {clock: due}
    ladder: [{at: 3 days after at 12:00, remind: supervisor, template: late}]
  new_cases:
    label: {zh: 新案, en: New cases}
    basis: 七
    for: task
    law: new
    effective: {by: opened}
    when: {clock: due}
    ladder: [{at: 3 days after at 12:00, remind: approver, template: late}]
  reported:
    label: {zh: 有报告, en: Reported}
    basis: 七
    for: task
    law: new
    when: {event: report}
    then: {remind: supervisor, template: late}
  no_drop:
    label: {zh: 旧案不得终止, en: Old cases are not dropped}
    basis: 七
    for: task
    law: old
    effective: {by: opened}
    when: {before: drop}
    then: {require: item.overdue, otherwise: {zh: 未逾期, en: not overdue}}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-10-12 09:00", small_book(tmp_path, extra=BOOK), ["report"])
    yield made
    made.close()


def when(city: City, rule: str) -> list[str]:
    return [moment for _, moment in city.told(rule)]


def test_rungs_on_both_sides_of_the_day(city: City) -> None:
    city.task("2020-10-29")
    city.wait("2020-11-03 12:00")
    assert when(city, "old_rung") == ["2020-10-30 10:00", "2020-10-31 10:00"]
    assert when(city, "new_rung") == [f"2020-11-0{day} 11:00" for day in (1, 2, 3)]


def test_an_outage_over_the_day_makes_no_law(city: City) -> None:
    city.task("2020-10-29")
    city.sleep("2020-11-05 09:00").turn()
    assert when(city, "old_rung") == ["2020-11-05 09:00"], "what the old act wanted on its last day"
    assert when(city, "new_rung") == ["2020-11-05 09:00"]
    city.wait("2020-11-06 09:00")
    assert len(when(city, "old_rung")) == 1


def test_old_cases_stay_under_old_law(city: City) -> None:
    city.wait("2020-10-31 23:59").task("2020-11-10")
    city.wait("2020-11-01 00:00").task("2020-11-11")
    city.wait("2020-12-01 09:00")
    assert when(city, "old_cases") == ["2020-11-13 12:00"]
    assert when(city, "new_cases") == ["2020-11-14 12:00"]


def test_events_and_guards(city: City) -> None:
    old = city.task("2020-12-20")
    city.wait("2020-10-31 23:59").does("张三", "report", old, progress="10")
    city.wait("2020-11-01 00:00").does("张三", "report", old, progress="20")
    assert when(city, "reported") == ["2020-11-01 00:00"]
    new = city.task("2020-12-20")
    assert city.tries("秘书长", "drop", old, reason="无").code == "guard"  # type: ignore[union-attr]
    city.does("秘书长", "drop", new, reason="无")


def test_clocks_by_the_opening_or_by_their_start(city: City) -> None:
    old = city.opens("督查室", "interview")
    city.wait("2020-11-01 09:00")
    new = city.opens("督查室", "interview")
    for each in (old, new):
        city.does("秘书长", "approve", each)
    clocks = {
        (row.item, row.clock): wall(row.due_at)
        for row in city.clocks()
        if row.clock not in ("approval", "due")
    }
    assert clocks == {
        (old, "old_answer"): "2020-11-12 00:00",
        (old, "passing"): "2020-11-05 00:00",
        (new, "new_answer"): "2020-11-07 00:00",
        (new, "passing"): "2020-11-05 00:00",
    }


def test_a_duty_opens_nothing_before_its_law(city: City) -> None:
    city.wait("2020-12-02 09:00")
    found = [(row.period, wall(row.opened_at)) for row in city.items("board") if row.duty == "report"]
    assert found == [("2020-11", "2020-11-01 00:00"), ("2020-12", "2020-12-01 00:00")]
