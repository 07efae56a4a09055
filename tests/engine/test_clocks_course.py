"""How clocks begin, hand on, are chosen anew and extended, and how windows open and lapse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.guards import Forbidden
from tests.engine.city import City, wall
from tests.engine.matter import matter_city, open_matter
from workflows.machine import Refused


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = matter_city(tmp_path)
    yield made
    assert made.log("park") == []
    assert made.verdict().ok
    made.close()


def state_of(city: City, item: str, clock: str = "answer") -> tuple[str, str]:
    row = city.clock(item, clock)
    return row.outcome, wall(row.due_at)


# -------------------------------------------------------------- beginning later


def test_it_starts_by_itself_when_nothing_has_started_it(city: City) -> None:
    it = open_matter(city)
    row = city.clock(it, "filing")
    assert (row.outcome, wall(row.started_at), wall(row.due_at)) == (
        "running",
        "2020-11-11 08:30" if city.office.book.calendar.hours else "2020-11-11 00:00",
        "2020-11-17 00:00",
    )
    city.wait("2020-11-20 09:00").does("张三", "answer", it)
    assert state_of(city, it, "filing") == ("missed", "2020-11-17 00:00"), (
        "an answer after that starts nothing"
    )


def test_an_event_starts_it_before_that_and_never_later(city: City) -> None:
    early, late = open_matter(city), open_matter(city)
    city.does("张三", "answer", early)
    assert state_of(city, early, "filing") == ("running", "2020-10-20 00:00"), (
        "two workdays later, on the 14th"
    )
    city.wait("2020-11-10 10:00").does("张三", "answer", late)
    assert state_of(city, late, "filing") == ("running", "2020-11-17 00:00"), "the 12th would be too late"


def test_done_before_its_time_begins_it_is_met(city: City) -> None:
    it = open_matter(city)
    city.does("张三", "answer", it)
    city.does("督查室", "close", it)
    row = city.clock(it, "filing")
    assert (row.outcome, row.ended_at) == ("met", city.now)
    assert city.clock(it, "later").outcome == "met"


# -------------------------------------------------------------- one after another


@pytest.mark.parametrize("down", [False, True])
def test_what_time_alone_has_done_is_done_in_its_order(city: City, down: bool) -> None:
    it = open_matter(city)
    (city.sleep if down else city.wait)("2020-11-20 10:00").turn()
    assert state_of(city, it) == ("missed", "2020-10-27 00:00")
    assert state_of(city, it, "later") == ("missed", "2020-10-28 00:00")
    assert state_of(city, it, "grace") == ("missed", "2020-10-30 00:00")
    told = [
        (each["act"], each["clock"]) for act in ("clock.miss", "clock.start") for each in city.records(act)
    ]
    assert told == [
        ("clock.miss", "answer"),
        ("clock.miss", "later"),
        ("clock.miss", "grace"),
        ("clock.miss", "filing"),
        ("clock.start", "grace"),
    ]
    started = city.records("clock.start")[0]
    assert started["why"] == (
        "宽限：接续答复时限，2020年10月29日 24:00 到期（自2020年10月26日 24:00起3个自然日）"
    )


def test_what_hangs_on_its_end_moves_with_it(city: City) -> None:
    it = open_matter(city)
    assert state_of(city, it, "later") == ("running", "2020-10-28 00:00")
    city.does("督查室", "extend", it, more="2 workdays")
    assert state_of(city, it, "later") == ("running", "2020-10-30 00:00")
    city.does("张三", "wait", it)
    assert state_of(city, it, "later")[0] == "paused"
    city.wait("2020-10-14 10:00").does("张三", "go_on", it)
    assert state_of(city, it, "answer") == ("running", "2020-10-31 00:00")
    assert state_of(city, it, "later") == ("running", "2020-11-01 00:00")
    city.does("张三", "answer", it)
    assert state_of(city, it, "later") == ("running", "2020-11-01 00:00"), "met or not, that is its day"


# -------------------------------------------------------------- chosen anew


def test_of_another_class_it_has_another_time(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-12 15:00").does("督查室", "classify", it, kind="urgent")
    assert state_of(city, it) == ("running", "2020-10-15 00:00")
    follower, entry = city.records("clock.retarget")
    assert follower["why"] == (
        "后续：随答复时限变动，原2020年10月27日 24:00，改为2020年10月15日 24:00 到期"
        "（自2020年10月14日 24:00起24小时）"
    )
    assert (entry["budget_from"], entry["budget_to"]) == ("10 workdays", "2 workdays")
    assert entry["why"] == (
        "答复时限：原2020年10月26日 24:00，改为2020年10月14日 24:00 到期（自2020年10月12日 09:00起2个工作日）"
    )


def test_rungs_that_have_passed_speak_once_at_once(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-20 10:00").does("督查室", "classify", it, kind="urgent")
    assert (state_of(city, it), city.item(it).light) == (("missed", "2020-10-15 00:00"), "red")
    assert city.told("remind_answer") == [("张三", "2020-10-20 10:00")]
    for kind in ("plain", "urgent"):
        city.does("督查室", "classify", it, kind=kind)
    city.wait("2020-10-21 10:00")
    assert city.told("remind_answer") == [("张三", "2020-10-20 10:00")], "never twice for the same date"
    assert len(city.log("clock.withdraw")) == 3, "both misses, and the grace that the first had started"


def test_without_a_limit_and_with_one_again(city: City) -> None:
    it = open_matter(city)
    city.does("督查室", "classify", it, kind="endless")
    assert city.clock(it, "answer").outcome == "cancelled"
    assert city.records("clock.retarget")[-1]["why"] == "答复时限：事项情况变化，现无时限"
    city.wait("2020-10-14 10:00").does("督查室", "classify", it, agreed="1 month")
    assert state_of(city, it) == ("running", "2020-11-13 00:00"), "from its start, not from now"
    city.does(
        "督查室", "classify", it, agreed="2 business hours"
    ) if city.office.book.calendar.hours else None


def test_hours_that_the_calendar_does_not_have_are_refused(city: City) -> None:
    it = open_matter(city, kind="endless")
    refused = city.tries("督查室", "classify", it, agreed="2 Business Hours")
    assert isinstance(refused, Refused)
    assert "no office hours" in refused.en
    assert "约定（agreed）" in refused.zh


# -------------------------------------------------------------- more time


def test_more_time_within_its_bounds(city: City) -> None:
    it = open_matter(city)
    city.does("督查室", "extend", it, more="3 workdays")
    assert state_of(city, it) == ("running", "2020-10-30 00:00")
    city.does("督查室", "extend", it, more="3 workdays")
    assert state_of(city, it) == ("running", "2020-10-30 00:00")
    city.does("督查室", "extend", it, more="2 workdays")
    assert state_of(city, it) == ("running", "2020-11-03 00:00")
    city.does("督查室", "extend", it, more="1 workday")
    granted, too_much, again, too_often = city.records("clock.extend")
    assert [each["ok"] for each in (granted, too_much, again, too_often)] == [True, False, True, False]
    assert granted["why"].endswith("（自2020年10月12日 09:00起10个工作日，延期3个工作日）。")
    assert (
        too_much["why"]
        == "延期未生效：累计最多延长5个工作日，即最迟2020年11月2日 24:00；仍为2020年10月29日 24:00"
    )
    assert (
        too_often["why_en"]
        == "not extended: it was extended 2 times already, at most 2; it is still due 2020-11-02 24:00"
    )
    assert len(city.told("more_time")) == 2, "of what was not granted nobody is told"


def test_more_time_after_the_end_is_none(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-27 10:00").does("督查室", "extend", it, more="3 workdays")
    assert state_of(city, it) == ("missed", "2020-10-27 00:00")
    assert city.records("clock.extend")[0]["ground"] == "ended"


# -------------------------------------------------------------- windows


def test_only_while_the_window_is_open(city: City) -> None:
    it = open_matter(city)
    city.does("张三", "answer", it)
    refused = city.tries("李主任", "object", it)
    assert isinstance(refused, Forbidden)
    assert (refused.code, refused.zh) == ("window", "不在异议期内：尚未开始（五）")
    city.does("督查室", "serve", it, served_on="2020-10-14")
    early = city.tries("李主任", "object", it)
    assert isinstance(early, Forbidden)
    assert early.en == "not within the time to object: it runs from 2020-10-14 00:00 to 2020-10-21 24:00 (五)"
    city.wait("2020-10-14 00:00").does("李主任", "object", it)
    city.wait("2020-10-21 23:59").does("李主任", "object", it)
    late = city.wait("2020-10-22 00:00").tries("李主任", "object", it)
    assert isinstance(late, Forbidden)
    assert late.zh == "不在异议期内：自2020年10月14日 00:00起，至2020年10月21日 24:00已届满（五）"
    assert city.records("item.refuse")[-1]["code"] == "window"


def test_a_window_runs_on_when_all_is_closed_and_is_never_missed(city: City) -> None:
    it = open_matter(city)
    city.does("张三", "answer", it)
    city.does("督查室", "serve", it)
    city.does("督查室", "close", it)
    city.wait("2020-10-25 10:00")
    row = city.clock(it, "objection")
    assert (row.outcome, row.missed_at, wall(row.ended_at or city.now)) == (
        "lapsed",
        None,
        "2020-10-20 00:00",
    )
    assert city.told("nobody_objects") == [("李主任", "2020-10-20 00:00"), ("张三", "2020-10-20 09:00")]
    assert [each["why_en"] for each in city.records("clock.lapse")] == [
        "the time to object: due 2020-10-19 24:00 (7 days from 2020-10-12 09:00), it is over"
    ]
    assert city.item(it).wake_at is None
