"""Clocks that start anew, limits that come later or never, what is told late, and lights that go back."""

from datetime import datetime
from pathlib import Path

import pytest

from engine.guards import Forbidden
from tests.engine.city import City, small_book, wall

BOOK = """
workflows:
  accident:
    label: {zh: 事故, en: Accident}
    prefix: SG
    opened_by: [rule, supervisor]
    initial: county
    needs: [deaths, happened_on]
    fields:
      happened_on: {type: date, label: {zh: 发生日期, en: day of the accident}}
      changed_on: {type: date, label: {zh: 变化日期, en: day of the change}}
      slow: {type: flag, label: {zh: 疑难, en: slow}, default: false}
      deaths: {type: int, label: {zh: 死亡人数, en: deaths}}
      grade:
        type: text
        label: {zh: 等级, en: grade}
        one_of: {ordinary: {zh: 一般, en: ordinary}, larger: {zh: 较大, en: larger}}
    states:
      county: {zh: 县级, en: county}
      city: {zh: 市级, en: city}
      waiting: {zh: 待核, en: waiting}
      closed: {zh: 结案, en: closed, final: true}
    transitions:
      - {event: pass_on, from: county, to: city, by: supervisor}
      - {event: send_back, from: [city, waiting], to: county, by: supervisor}
      - {event: wait, from: county, to: waiting, by: supervisor}
      - {event: go_on, from: waiting, to: county, by: supervisor}
      - {event: tell, from: [county, city, waiting], by: supervisor, takes: [changed_on, deaths]}
      - {event: tell_at_once, from: [county, city, waiting], by: supervisor, takes: [deaths]}
      - {event: recount, from: [county, city, waiting], by: supervisor, takes: [changed_on, deaths]}
      - {event: slow_down, from: [county, city, waiting], by: supervisor, needs: [slow]}
      - {event: alarm, from: [county, city, waiting], by: supervisor}
      - {event: ask_more, from: county, by: supervisor, needs: [changed_on]}
      - {event: close, from: [county, city], to: closed, by: supervisor}
classes:
  grade:
    label: {zh: 等级, en: Grade}
    of: accident
    field: grade
    levels: {ordinary: {}, larger: {deaths: 3}}
    while: {clock: counting, by: changed_on}
clocks:
  counting:
    window: true
    label: {zh: 计入期, en: the time that counts}
    of: accident
    starts: {opened: true, on: happened_on}
    budget: 7 days
    admits: [{event: tell, on: changed_on}, {event: tell_at_once, on: happened}]
  pass_on:
    label: {zh: 上报, en: Pass on}
    of: accident
    starts: {state: county, again: true}
    budget: [{if: 'item.grade == "larger"', is: 2 hours}, {is: none}]
    stops: [city, closed]
  after:
    label: {zh: 续报, en: Afterwards}
    of: accident
    starts: {clock: {of: pass_on, on: due}}
    budget: 1 hour
    stops: closed
  investigate:
    label: {zh: 调查, en: Investigate}
    of: accident
    starts: {opened: true}
    budget: [{if: item.slow, is: 10 days}, {if: 'item.grade == "larger"', is: 5 days}]
    pauses: {waiting: {label: {zh: 待核, en: waiting}, states: waiting}}
    extensions: {times: 2, total: 5 days}
    stops: closed
  each_stay:
    label: {zh: 每次, en: Each stay}
    of: accident
    if: item.deaths > 0
    starts: {state: county, again: true}
    budget: 24 hours
    stops: [city, closed]
rules:
  longer:
    label: {zh: 延期, en: Longer}
    basis: 三
    for: accident
    when: {event: ask_more}
    then: {extend: {clock: investigate, by: 2 days}}
  within_bounds:
    label: {zh: 限度, en: Bounds}
    basis: 三
    for: accident
    when: {before: ask_more}
    then:
      require: >-
        clock.investigate.extensions_left > 0 && has(clock.investigate.extendable_until)
        && args.changed_on < clock.investigate.extendable_until
      otherwise: {zh: 超过限度, en: beyond the bounds}
  late:
    label: {zh: 逾期, en: Late}
    basis: 三
    for: accident
    when: {clock: investigate}
    ladder: [{at: 1 day before at 09:00, light: yellow}, {at: at due, light: red}]
  passed_late:
    label: {zh: 迟报, en: Passed on late}
    basis: 三
    for: accident
    when: {clock: pass_on}
    ladder: [{at: at due, light: yellow}]
  alarmed:
    label: {zh: 警报, en: Alarm}
    basis: 三
    for: accident
    when: {event: alarm}
    then: {light: red}
"""


def city_of(folder: Path, begins: str = "2020-10-12 09:00") -> City:
    return City(folder / "city", begins, small_book(folder, extra=BOOK))


@pytest.fixture
def city(tmp_path: Path) -> City:
    return city_of(tmp_path)


def opened(city: City, deaths: int, happened_on: str = "2020-10-12") -> str:
    return city.opens("督查室", "accident", deaths=deaths, happened_on=happened_on)


def state_of(city: City, item: str, clock: str) -> tuple[str, str]:
    row = city.clock(item, clock)
    return row.outcome, wall(row.due_at)


# -------------------------------------------------------------- told late


def test_what_happened_in_the_window_counts_when_it_is_told_later(city: City) -> None:
    it = opened(city, 2)
    city.wait("2020-10-25 09:00")
    assert isinstance(city.tries("督查室", "tell", it, deaths=3, changed_on="2020-10-20"), Forbidden)
    assert isinstance(city.tries("督查室", "tell", it, deaths=3), Forbidden), "no date: it is judged by now"
    assert isinstance(city.tries("督查室", "tell", it, deaths=3, changed_on="2020-10-11"), Forbidden)
    city.does("督查室", "tell", it, deaths=3, changed_on="2020-10-19")
    assert city.fields(it)["grade"] == "larger"


def test_what_is_to_come_does_not_count(city: City) -> None:
    it = opened(city, 2)
    refused = city.tries("督查室", "tell", it, deaths=3, changed_on="2020-10-13")
    assert isinstance(refused, Forbidden)
    assert refused.zh.startswith("不在计入期（以变化日期为准）内")


def test_the_first_day_counts_whole(city: City) -> None:
    it = opened(city, 2)
    city.does("督查室", "tell", it, deaths=3, changed_on="2020-10-12")
    assert city.fields(it)["grade"] == "larger"


def test_a_class_goes_by_the_date_that_is_given_with_the_change(city: City) -> None:
    it = opened(city, 2)
    city.does("督查室", "tell", it, changed_on="2020-10-12")
    city.wait("2020-10-25 09:00").does("督查室", "recount", it, deaths=3)
    assert city.fields(it)["grade"] == "ordinary", "the date of an earlier change is not that of this one"
    city.does("督查室", "recount", it, changed_on="2020-10-18")
    assert city.fields(it)["grade"] == "larger"


# -------------------------------------------------------------- limits that come and go


def test_a_limit_that_comes_later_counts_from_the_start(city: City) -> None:
    it = opened(city, 2)
    row = city.clock(it, "investigate")
    assert (row.outcome, wall(row.started_at)) == ("cancelled", "2020-10-12 09:00")
    city.wait("2020-10-14 09:00").does("督查室", "tell", it, deaths=3, changed_on="2020-10-14")
    assert state_of(city, it, "investigate") == ("running", "2020-10-18 00:00")
    [entry] = [each for each in city.records("clock.retarget") if each["clock"] == "investigate"]
    assert entry["why"] == (
        "调查：事项情况变化，现有时限：2020年10月17日 24:00 到期（自2020年10月12日 09:00起5个自然日）"
    )


def test_what_has_held_it_before_is_known_when_a_limit_comes(city: City) -> None:
    it = opened(city, 2)
    city.does("督查室", "wait", it)
    city.wait("2020-10-14 09:00").does("督查室", "go_on", it)
    city.does("督查室", "wait", it)
    assert city.log("clock.pause") == []
    city.wait("2020-10-16 09:00").does("督查室", "tell", it, deaths=3, changed_on="2020-10-16")
    assert city.clock(it, "investigate").outcome == "paused"
    city.does("督查室", "go_on", it)
    assert state_of(city, it, "investigate") == ("running", "2020-10-22 00:00"), "two days and two days"


def test_done_without_a_limit_it_gets_none_any_more(city: City) -> None:
    it = opened(city, 2)
    city.does("督查室", "close", it)
    row = city.clock(it, "investigate")
    assert (row.outcome, row.missed_at) == ("cancelled", None)


# -------------------------------------------------------------- anew each time


def test_up_down_up(city: City) -> None:
    it = opened(city, 3)
    assert state_of(city, it, "pass_on") == ("running", "2020-10-12 11:00")
    assert state_of(city, it, "after") == ("running", "2020-10-12 12:00")
    city.wait("2020-10-12 10:00").does("督查室", "tell", it, deaths=2, changed_on="2020-10-12")
    assert city.clock(it, "pass_on").outcome == "cancelled"
    assert city.clock(it, "after").outcome == "cancelled"
    city.wait("2020-10-14 15:00").does("督查室", "tell", it, deaths=3, changed_on="2020-10-14")
    assert state_of(city, it, "pass_on") == ("running", "2020-10-14 17:00")
    assert state_of(city, it, "after") == ("running", "2020-10-14 18:00"), "what follows starts anew with it"


def test_each_time_its_state_is_entered(city: City) -> None:
    it = opened(city, 3)
    city.does("督查室", "pass_on", it)
    assert city.clock(it, "pass_on").outcome == "met"
    city.wait("2020-10-13 09:00").does("督查室", "send_back", it)
    assert state_of(city, it, "pass_on") == ("running", "2020-10-13 11:00")


def test_back_in_its_state_it_starts_when_its_condition_comes_to_hold(city: City) -> None:
    it = opened(city, 1)
    city.does("督查室", "pass_on", it)
    city.does("督查室", "tell", it, deaths=0, changed_on="2020-10-12")
    city.does("督查室", "send_back", it)
    assert city.clock(it, "each_stay").outcome == "met"
    city.wait("2020-10-12 15:00").does("督查室", "alarm", it)
    assert city.clock(it, "each_stay").outcome == "met"
    city.does("督查室", "tell", it, deaths=1, changed_on="2020-10-12")
    assert state_of(city, it, "each_stay") == ("running", "2020-10-13 15:00")


# -------------------------------------------------------------- lights


def light(city: City, item: str) -> str:
    return city.item(item).light


def test_a_light_goes_with_the_miss_that_lit_it(city: City) -> None:
    it = opened(city, 3)
    city.wait("2020-10-18 10:00")
    assert light(city, it) == "red"
    city.does("督查室", "tell", it, deaths=2, changed_on="2020-10-18")
    assert light(city, it) == "none"
    assert [each["why"] for each in city.records("clock.light")] == [
        "调查：红灯改为黄灯：按现在已到的梯级",
        "上报：黄灯改为不亮灯：按现在已到的梯级",
    ]
    assert city.verdict().ok


def test_it_goes_back_to_what_other_ladders_say(city: City) -> None:
    it = opened(city, 3)
    city.wait("2020-10-18 10:00").does("督查室", "slow_down", it, slow=True)
    assert state_of(city, it, "investigate") == ("running", "2020-10-23 00:00")
    assert light(city, it) == "yellow", "it was passed on late"
    city.does("督查室", "slow_down", it, slow=False)
    assert light(city, it) == "red", "said once, and true again"


def test_an_extension_takes_the_light_of_its_rungs_along(city: City) -> None:
    it = opened(city, 3)
    city.does("督查室", "pass_on", it)
    city.does("督查室", "send_back", it)
    city.does("督查室", "wait", it)
    city.wait("2020-10-12 10:00").does("督查室", "go_on", it)
    city.does("督查室", "pass_on", it)
    city.wait("2020-10-16 10:00")
    assert light(city, it) == "yellow"
    city.does("督查室", "send_back", it)
    city.does("督查室", "ask_more", it, changed_on="2020-10-19")
    assert light(city, it) == "none"


def test_what_something_else_has_lit_stays(city: City) -> None:
    it = opened(city, 3)
    city.does("督查室", "pass_on", it)
    city.does("督查室", "send_back", it)
    city.wait("2020-10-12 11:30")
    assert light(city, it) == "yellow"
    city.does("督查室", "alarm", it)
    city.does("督查室", "tell", it, deaths=2, changed_on="2020-10-12")
    assert light(city, it) == "red"


# -------------------------------------------------------------- what a guard may ask


def test_a_guard_knows_how_much_more_time_there_could_be(city: City) -> None:
    it = opened(city, 3)
    beyond = city.tries("督查室", "ask_more", it, changed_on="2020-10-23")
    assert isinstance(beyond, Forbidden)
    assert beyond.zh == "超过限度（三）"
    for _ in range(2):
        city.does("督查室", "ask_more", it, changed_on="2020-10-19")
    assert city.clock(it, "investigate").due_at > datetime.fromisoformat("2020-10-20T00:00+08:00")
    assert isinstance(city.tries("督查室", "ask_more", it, changed_on="2020-10-19"), Forbidden), "none left"
