"""Extensions granted after the end, where a book lets them count; and those counted from the start."""

from pathlib import Path

import pytest

from tests.engine.city import City, small_book, wall

BOOK = """
workflows:
  application:
    label: {zh: 申请, en: Application}
    prefix: SQ
    opened_by: [supervisor]
    initial: open
    fields:
      agreed: {type: date, label: {zh: 约定, en: agreed}}
      more: {type: duration, label: {zh: 延长, en: more}}
    states: {open: {zh: 在办, en: open}, done: {zh: 办结, en: done, final: true}}
    transitions:
      - {event: agree, from: open, by: supervisor, needs: agreed}
      - {event: lengthen, from: open, by: supervisor, needs: more}
      - {event: close, from: open, to: done, by: supervisor}
clocks:
  agreed:
    label: {zh: 约定, en: Agreed}
    of: application
    starts: {opened: true}
    budget: 5 days
    extensions: {after_end: true, total: 20 days}
    stops: done
  blame:
    label: {zh: 说明, en: Excuse}
    of: application
    starts: {clock: {of: agreed, on: missed}}
    budget: 30 days
    stops: done
  counted:
    label: {zh: 答复, en: Answer}
    of: application
    starts: {opened: true}
    budget: 1 month
    extensions: {from: start}
    stops: done
rules:
  agreed_later:
    label: {zh: 约定延期, en: Agreed}
    basis: 四
    for: application
    when: {event: agree}
    then: {extend: {clock: agreed, to: =args.agreed}}
  lengthened:
    label: {zh: 延长, en: Lengthened}
    basis: 四
    for: application
    when: {event: lengthen}
    then: {extend: {clock: counted, by: =item.more}}
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", "2020-10-31 09:00", small_book(tmp_path, extra=BOOK))


def stands(city: City, it: str, clock: str) -> tuple[str, str]:
    row = city.clock(it, clock)
    return row.outcome, wall(row.due_at)


def test_agreed_after_the_end_it_counts_and_the_miss_is_withdrawn(city: City) -> None:
    it = city.opens("督查室", "application")
    city.wait("2020-11-10 09:00")
    assert stands(city, it, "agreed")[0] == "missed"
    city.does("督查室", "agree", it, agreed="2020-11-20")
    assert stands(city, it, "agreed") == ("running", "2020-11-21 00:00")
    assert [each["clock"] for each in city.records("clock.withdraw")] == ["agreed", "blame"]
    city.wait("2020-11-22 09:00")
    assert stands(city, it, "agreed") == ("missed", "2020-11-21 00:00")


def test_an_agreed_end_that_has_passed_too_leaves_it_late(city: City) -> None:
    it = city.opens("督查室", "application")
    city.wait("2020-11-10 09:00").does("督查室", "agree", it, agreed="2020-11-07")
    row = city.clock(it, "agreed")
    assert (row.outcome, wall(row.due_at)) == ("missed", "2020-11-08 00:00")
    assert row.missed_at == row.due_at
    assert not city.log("clock.withdraw")


def test_beyond_the_bounds_the_miss_stands(city: City) -> None:
    it = city.opens("督查室", "application")
    city.wait("2020-11-10 09:00").does("督查室", "agree", it, agreed="2020-12-31")
    assert stands(city, it, "agreed") == ("missed", "2020-11-06 00:00")


def test_months_from_the_start_are_cut_to_the_end_of_the_month_once(city: City) -> None:
    it = city.opens("督查室", "application")
    assert stands(city, it, "counted") == ("running", "2020-12-01 00:00")
    city.does("督查室", "lengthen", it, more="2 months")
    assert stands(city, it, "counted") == ("running", "2021-02-01 00:00"), "31 January, not the 30th"
    city.does("督查室", "lengthen", it, more="3 days")
    assert stands(city, it, "counted") == ("running", "2021-02-04 00:00"), "another unit follows the end"
