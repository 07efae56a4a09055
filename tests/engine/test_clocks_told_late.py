"""What was done in time and told late: the clock ends on the day of the deed, and a miss is withdrawn."""

from pathlib import Path

import pytest

from tests.engine.city import City, small_book, wall

BOOK = """
workflows:
  report:
    label: {zh: 报告, en: Report}
    prefix: BG
    opened_by: [supervisor]
    initial: open
    fields:
      filed_on: {type: date, label: {zh: 报送日, en: day filed}}
      ended: {type: int, label: {zh: 办到, en: ended}}
      met: {type: int, label: {zh: 按时, en: met}}
    states:
      open: {zh: 待报, en: open}
      filed: {zh: 已报, en: filed}
      done: {zh: 办结, en: done, final: true}
      dropped: {zh: 取消, en: dropped, final: true}
    transitions:
      - {event: file, from: open, to: filed, by: supervisor, takes: [filed_on]}
      - {event: send_back, from: filed, to: open, by: supervisor}
      - {event: close, from: filed, to: done, by: supervisor}
      - {event: drop, from: open, to: dropped, by: supervisor}
      - {event: look, from: [open, filed], by: supervisor}
clocks:
  filing:
    label: {zh: 报送, en: Filing}
    of: report
    starts: {state: open, again: true}
    budget: 5 days
    stops: [filed, done]
    cancels: dropped
    done_on: filed_on
  hearing:
    label: {zh: 查验, en: Visit}
    of: report
    starts: {opened: true}
    budget: 5 days
    stopped_by: file
    done_on: happened
    cancels: done
  check:
    label: {zh: 审核, en: Check}
    of: report
    starts: {clock: {of: filing, on: met}}
    budget: 10 days
    stops: done
  blame:
    label: {zh: 说明, en: Excuse}
    of: report
    starts: {clock: {of: filing, on: missed}}
    budget: 30 days
    stops: done
measures:
  ended: {label: {zh: 办到, en: ended}, for: unit, clocks: filing, of: report, on: ended, within: month}
  met: {label: {zh: 按时, en: met}, for: unit, clocks: filing, of: report, on: met, within: month}
rules:
  reckon:
    label: {zh: 统计, en: Reckon}
    basis: 四
    for: report
    when: {event: look}
    then: {set: {ended: =unit.ended, met: =unit.met}}
  reminders:
    label: {zh: 催报, en: Reminders}
    basis: 四
    for: report
    when: {clock: filing}
    then: {template: told}
    ladder: [{at: at due, light: red, remind: supervisor}]
templates:
  told: {subject: {zh: "{title}", en: "{title}"}, body: {zh: "{title}", en: "{title}"}}
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "office", "2020-10-12 09:00", small_book(tmp_path, extra=BOOK))


def stands(city: City, it: str, clock: str = "filing") -> tuple[str, str | None]:
    row = city.clock(it, clock)
    return row.outcome, None if row.ended_at is None else wall(row.ended_at)


def test_the_miss_is_withdrawn_with_what_hung_on_it(city: City) -> None:
    it = city.opens("督查室", "report")
    city.wait("2020-10-20 09:00")
    assert stands(city, it) == ("missed", None)
    assert city.item(it).light == "red"
    city.does("督查室", "file", it, filed_on="2020-10-16")
    assert stands(city, it) == ("met", "2020-10-16 00:00")
    assert city.item(it).light == "none"
    withdrawn, excuse = (each["why"] for each in city.records("clock.withdraw"))
    assert "2020年10月16日 00:00办结" in withdrawn
    assert "不再计算" in excuse
    assert city.clock(it, "blame").outcome == "cancelled"
    assert wall(city.clock(it, "check").due_at) == "2020-10-27 00:00", "counted from the day of the deed"


def test_what_was_late_by_its_own_date_stays_late(city: City) -> None:
    it = city.opens("督查室", "report")
    city.wait("2020-10-20 09:00").does("督查室", "file", it, filed_on="2020-10-18")
    assert stands(city, it) == ("missed", "2020-10-18 00:00")
    assert not city.log("clock.withdraw")
    assert stands(city, it, "hearing") == ("missed", "2020-10-20 09:00"), "nobody said when it happened"


def test_a_date_that_an_earlier_run_left_behind_says_nothing(city: City) -> None:
    it = city.opens("督查室", "report")
    city.wait("2020-10-15 09:00").does("督查室", "file", it, filed_on="2020-10-14")
    city.wait("2020-10-16 09:00").does("督查室", "send_back", it)
    city.wait("2020-10-30 09:00").does("督查室", "file", it)
    assert stands(city, it) == ("missed", "2020-10-30 09:00")


def test_a_day_to_come_is_no_date_of_a_deed(city: City) -> None:
    it = city.opens("督查室", "report")
    city.does("督查室", "file", it, filed_on="2020-12-31")
    assert stands(city, it) == ("met", "2020-10-12 09:00")


def test_what_has_ended_is_counted_on_its_own_day_in_time_or_late(city: City) -> None:
    first, second, third, dropped = (city.opens("督查室", "report") for _ in range(4))
    city.does("督查室", "drop", dropped)
    city.wait("2020-11-03 09:00").does("督查室", "file", first, filed_on="2020-10-31")
    city.does("督查室", "file", second, filed_on="2020-11-01")
    city.does("督查室", "look", second)
    assert [city.fields(second)[name] for name in ("ended", "met")] == [1, 0], "the first ended in October"
    at_once = city.opens("督查室", "report")
    city.does("督查室", "file", at_once)
    city.does("督查室", "look", third)
    assert [city.fields(third)[name] for name in ("ended", "met")] == [2, 1]
