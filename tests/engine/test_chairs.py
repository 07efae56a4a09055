"""Interviews: proposed once, chaired by whom the count says, and counted by the day they were held."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.guards import Forbidden
from tests.engine.city import City, small_book

LEADER, MAYOR = "deputy_mayor", "mayor"
EACH_ITS_OWN = [("        join: true", "        join: false")]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-09-01 08:00")
    yield made
    made.close()


def chairs(city: City) -> list[tuple[str, int]]:
    """Who chairs each interview, and which one of the year it is said to be."""
    fields = (city.fields(row.id) for row in city.items("interview"))
    return [(each["chair"], each["nth"]) for each in fields]


def hold(city: City, item: str, day: str) -> None:
    city.does("秘书长", "approve", item, planned_on=day)
    city.does("督查室", "hold", item, held_on=day)


def test_the_second_interview_of_the_year_is_chaired_by_the_principal_leader(city: City) -> None:
    city.task("2020-09-18")
    city.wait("2020-10-10 09:00")
    hold(city, "YT-2020-0001", "2020-10-13")
    city.wait("2020-11-03 09:00")
    assert chairs(city) == [(LEADER, 1), (MAYOR, 2)]
    [second] = [each for each in city.records("rule.fire") if each.get("nth") == 2]
    assert second["counted"] == ["YT-2020-0001"]
    assert "第2次" in second["why"]
    assert "YT-2020-0001" in second["why"]
    assert city.verdict().ok


def test_two_late_tasks_are_one_proposal(city: City) -> None:
    first, second = city.task("2020-09-18"), city.task("2020-09-25")
    city.task("2020-09-18", unit="traffic")
    city.wait("2020-10-10 09:00")
    proposals = city.items("interview")
    assert [row.unit for row in proposals] == ["works", "traffic"]
    assert f"{first}、{second}" in city.fields(proposals[0].id)["reason"]


def test_three_months_at_once_are_one_proposal_with_three_reasons(city: City) -> None:
    """One conversation about everything: nobody was heard in between, so there is one proposal to decide."""
    city.task("2020-09-18")
    city.sleep("2020-12-02 09:00").turn()
    assert chairs(city) == [(LEADER, 1)]
    reasons = city.fields("YT-2020-0001")["reason"].splitlines()
    assert len(reasons) == 3
    assert len(city.records("item.join")) == 2
    assert city.fired()["monthly_interview"] == 3


def test_where_each_month_is_its_own_the_chairs_are_settled_one_by_one(tmp_path: Path) -> None:
    """As proposed none was held yet, so each is a first one; approved after one another they are 1, 2, 2."""
    city = City(tmp_path, "2020-09-01 08:00", small_book(tmp_path, EACH_ITS_OWN))
    city.task("2020-09-18")
    city.sleep("2020-12-02 09:00").turn()
    assert chairs(city) == [(LEADER, 1)] * 3
    for row, day in zip(city.items("interview"), ("2020-12-03", "2020-12-04", "2020-12-07"), strict=True):
        hold(city, row.id, day)
    assert chairs(city) == [(LEADER, 1), (MAYOR, 2), (MAYOR, 2)]
    city.close()


def test_the_same_chairs_with_the_daemon_up(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-01 08:00", small_book(tmp_path, EACH_ITS_OWN))
    city.task("2020-09-18")
    for evening, day in (
        ("2020-10-10", "2020-10-12"),
        ("2020-11-03", "2020-11-04"),
        ("2020-12-02", "2020-12-03"),
    ):
        city.wait(f"{evening} 09:00")
        hold(city, city.items("interview")[-1].id, day)
    assert chairs(city) == [(LEADER, 1), (MAYOR, 2), (MAYOR, 2)]
    city.close()


def test_approved_together_the_second_may_not_be_held_as_a_first(city: City) -> None:
    first, second = (city.opens("督查室", "interview") for _ in range(2))
    for each in (first, second):
        city.does("秘书长", "approve", each, planned_on="2020-09-10")
    assert chairs(city) == [(LEADER, 1)] * 2
    city.sleep("2020-09-10 15:00").does("督查室", "hold", first, held_on="2020-09-10")

    refused = city.tries("督查室", "hold", second, held_on="2020-09-10")
    assert isinstance(refused, Forbidden)
    assert refused.rule == "check_chair"
    assert refused.zh.startswith("按约谈日期计为年度内第2次,请先改期")
    [entry] = city.records("item.refuse")
    assert (entry["ok"], entry["why"], entry["code"]) == (False, refused.zh, "guard")
    assert city.item(second).state == "approved"

    city.does("督查室", "postpone", second, planned_on="2020-09-14")
    assert chairs(city)[1] == (MAYOR, 2)
    city.does("督查室", "hold", second, held_on="2020-09-14")
    assert city.verdict().ok


def test_over_new_year_the_day_it_is_held_decides(city: City) -> None:
    city.sleep("2020-12-10 09:00")
    hold(city, city.opens("督查室", "interview"), "2020-12-15")
    late = city.opens("督查室", "interview")
    city.does("秘书长", "approve", late, planned_on="2020-12-30")
    assert chairs(city)[1] == (MAYOR, 2)
    city.sleep("2021-01-05 09:00")
    refused = city.tries("督查室", "hold", late, held_on="2021-01-05")
    assert isinstance(refused, Forbidden)
    assert "第1次" in refused.zh
    city.does("督查室", "postpone", late, planned_on="2021-01-05")
    city.does("督查室", "hold", late, held_on="2021-01-05")
    assert chairs(city)[1] == (LEADER, 1)


def test_held_in_the_old_year_and_told_in_the_new_one(city: City) -> None:
    city.sleep("2020-12-10 09:00")
    hold(city, city.opens("督查室", "interview"), "2020-12-15")
    late = city.opens("督查室", "interview")
    city.does("秘书长", "approve", late, planned_on="2020-12-30")
    city.sleep("2021-01-05 09:00").does("督查室", "hold", late, held_on="2020-12-30")
    assert chairs(city)[1] == (MAYOR, 2)


def test_what_was_overturned_is_not_counted(city: City) -> None:
    city.task("2020-09-18")
    city.wait("2020-10-10 09:00")
    hold(city, "YT-2020-0001", "2020-10-13")
    city.sleep("2020-10-20 09:00").does("法制办", "revoke", "YT-2020-0001", opinion="事实不清")
    city.wait("2020-11-03 09:00")
    assert chairs(city)[1] == (LEADER, 1)
    [fired] = [each for each in city.records("rule.fire") if each["ts"] >= "2020-11" and "nth" in each]
    assert "counted" not in fired


def test_who_held_it_may_not_revoke_it(city: City) -> None:
    held = city.opens("督查室", "interview")
    hold(city, held, "2020-09-10")
    refused = city.tries("督查室", "revoke", held, opinion="x")
    assert getattr(refused, "code", None) == "separation"


def test_a_lag_of_another_month_or_unit_is_no_reason(city: City) -> None:
    task = city.task("2020-09-18")
    city.wait("2020-09-21 10:00").does("张三", "complete", task, result="完成")
    city.wait("2020-12-02 09:00")
    assert [row.period for row in city.items("interview")] == ["2020-09"]
