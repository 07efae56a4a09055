"""Rules that speak on named dates, deadlines that move on to them, and periods that begin on any day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rules.time.listed import GivenDays, RecurringDays
from rules.time.moment import parse_due_day
from rules.time.period import parse_every
from tests.engine.city import City, small_book, wall
from tests.rules.time.examples import cn

BOOK = """
dates:
  sittings: {zh: 例会日, en: Sittings, days: ["2020-10-13", "2020-11-10", "2020-12-08"]}
rules:
  sitting:
    label: {zh: 例会, en: Sitting}
    basis: 六
    for: bureaus
    when: {dates: sittings, at: "09:30"}
    if: unit.boards_missed >= 1
    then: {open: {workflow: alarm, title: {zh: "{unit}{period.id}", en: "{unit} {period.id}"}}}
  coming:
    label: {zh: 下次例会前, en: Until the next}
    basis: 六
    for: bureaus
    when: {dates: sittings, at: "10:00", about: current}
    then: {document: {template: plain, title: {zh: 报告, en: Report}}}
  fortnight:
    label: {zh: 双周, en: Fortnight}
    basis: 六
    for: office
    when: {every: 2 weeks from 2020-10-05, on: 2nd friday at 16:00}
    then: {document: {template: plain, title: {zh: 报告, en: Report}}}
duties:
  yearly:
    label: {zh: 年报, en: Annual report}
    basis: 六
    opens: task
    for: works
    every: year from 04-01
    due: november 30 at 17:00
    title: {zh: 年报, en: Annual report}
templates:
  plain: {subject: {zh: "{period}", en: "{period}"}, body: {zh: "{period.id}", en: "{period.id}"}}
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = City(tmp_path, "2020-09-28 08:00", small_book(tmp_path, extra=BOOK), ["weekly_board", "yearly"])
    yield made
    made.close()


def test_the_period_lies_between_the_day_listed_before_and_this_one(city: City) -> None:
    city.wait("2020-12-31 09:00")
    found = [(wall(row.opened_at), row.period) for row in city.items("alarm") if row.unit == "works"]
    assert found == [
        ("2020-10-13 09:30", "2020-09-01..2020-10-12"),
        ("2020-11-10 09:30", "2020-10-13..2020-11-09"),
        ("2020-12-08 09:30", "2020-11-10..2020-12-07"),
    ]


def test_a_rule_on_listed_days_survives_an_outage_over_two_of_them(city: City) -> None:
    city.wait("2020-10-14 09:00").sleep("2020-12-20 09:00").turn()
    periods = [row.period for row in city.items("alarm") if row.unit == "traffic"]
    assert periods == ["2020-09-01..2020-10-12", "2020-10-13..2020-11-09", "2020-11-10..2020-12-07"]
    assert city.verdict().ok


def test_about_the_current_period_until_the_day_before_the_next_or_the_end(city: City) -> None:
    city.wait("2021-01-10 09:00")
    keys = [each["idem"] for each in city.records("rule.fire") if each["rule"] == "coming"]
    periods = [key.rpartition("|")[2] for key in keys if key.startswith("unit:works")]
    assert periods == ["2020-10-13..2020-11-09", "2020-11-10..2020-12-07", "2020-12-08..2021-08-31"]


def test_every_two_weeks_from_a_day_on(city: City) -> None:
    city.wait("2020-12-01 09:00")
    fired = [each for each in city.records("rule.fire") if each["rule"] == "fortnight"]
    assert [each["idem"] for each in fired] == [
        f"office|fortnight|{period}-2W"
        for period in ("2020-09-07", "2020-09-21", "2020-10-05", "2020-10-19", "2020-11-02")
    ]
    assert [each["ts"][:16] for each in fired] == [
        "2020-10-02T08:00", "2020-10-16T08:00", "2020-10-30T08:00", "2020-11-13T08:00", "2020-11-27T08:00"
    ]  # fmt: skip


def test_a_duty_of_a_year_that_begins_in_april(city: City) -> None:
    city.turn()
    [report] = [row for row in city.items("task") if row.duty == "yearly"]
    assert (report.period, wall(city.clock(report.id).due_at)) == ("2020-04-01-1Y", "2020-11-30 17:00")
    city.wait("2021-04-01 09:00")
    assert [row.period for row in city.items("task") if row.duty == "yearly"][1:] == ["2021-04-01-1Y"]


def test_a_deadline_moves_on_to_the_next_listed_day_and_so_does_its_extension(tmp_path: Path) -> None:
    changed = [
        ("    due: due\n    stops: [completed", "    due: due\n    roll_to: sittings\n    stops: [completed")
    ]
    city = City(tmp_path, "2020-09-28 08:00", small_book(tmp_path, changed, BOOK))
    task = city.task("2020-10-01")
    assert wall(city.clock(task).due_at) == "2020-10-14 00:00"
    assert wall(city.clock(city.task("2020-11-10")).due_at) == "2020-11-11 00:00", "a listed day itself"
    assert city.clock(city.task("2020-12-09")).provisional, "after the last of them nothing is certain"
    city.close()


def test_days_given_and_days_that_recur() -> None:
    given = GivenDays((date(2026, 3, 10), date(2026, 3, 31)))
    assert given.following(date(2026, 3, 10)) == date(2026, 3, 10)
    assert given.following(date(2026, 3, 11)) == date(2026, 3, 31)
    assert given.following(date(2026, 4, 1)) is None
    assert given.preceding(date(2026, 3, 10)) is None
    assert given.preceding(date(2026, 3, 31)) == date(2026, 3, 10)
    on = (parse_due_day("day 1"), parse_due_day("last workday"))
    recurring = RecurringDays(every=parse_every("month"), on=on, roll="back", calendar=cn())
    # 1 March 2026 is a Sunday; no workday stands before it in the month, so the first one after it counts.
    assert [recurring.following(date(2026, 2, 27)), recurring.following(date(2026, 3, 1))] == [
        date(2026, 2, 28),
        date(2026, 3, 2),
    ]
    assert recurring.preceding(date(2026, 3, 2)) == date(2026, 2, 28)
