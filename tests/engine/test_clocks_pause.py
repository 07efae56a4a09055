"""Pauses: time stands still for a cause and runs on by itself; what is told late counts as of its day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.city import City, wall
from tests.engine.matter import matter_city, open_matter


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = matter_city(tmp_path)
    yield made
    made.close()


def state_of(city: City, item: str, clock: str = "answer") -> tuple[str, str]:
    row = city.clock(item, clock)
    return row.outcome, wall(row.due_at)


def test_nobody_is_reminded_while_it_waits(city: City) -> None:
    it = open_matter(city)
    assert state_of(city, it) == ("running", "2020-10-27 00:00")
    city.wait("2020-10-22 10:00").does("张三", "wait", it)
    city.wait("2020-10-30 10:00")
    assert (city.told("remind_answer"), city.item(it).light) == ([("张三", "2020-10-22 09:00")], "none")
    city.does("张三", "go_on", it)
    assert state_of(city, it) == ("running", "2020-11-04 00:00")
    city.wait("2020-11-06 10:00")
    assert [when for _, when in city.told("remind_answer")] == [
        "2020-10-22 09:00",
        "2020-10-30 10:00",
        "2020-11-04 09:00",
    ]
    [paused], [resumed] = city.records("clock.pause"), city.records("clock.resume")
    assert paused["why"] == (
        "答复时限：等待当事人，自2020年10月22日 10:00起中止计时，最迟至2020年10月31日 24:00"
    )
    assert resumed["why_en"] == (
        "Time to answer: waiting for the party: runs on from 2020-10-30 10:00, due 2020-11-03 24:00 "
        "(10 workdays from 2020-10-12 09:00, "
        "stopped 2020-10-22 to 2020-10-30: waiting for the party (8 days))"
    )


@pytest.mark.parametrize("down", [False, True])
def test_it_runs_on_by_itself_when_the_time_of_its_cause_is_used_up(city: City, down: bool) -> None:
    it = open_matter(city)
    city.wait("2020-10-14 10:00").does("张三", "wait", it)
    (city.sleep if down else city.wait)("2020-11-20 10:00").turn()
    row = city.clock(it, "answer")
    # 8 workdays were left on the 14th; the 24th is a Saturday on which it runs on
    assert (row.outcome, wall(row.missed_at or city.now)) == ("missed", "2020-11-05 00:00")
    assert [each["until"][:16] for each in city.records("clock.resume")] == ["2020-10-23T16:00"]
    assert city.item(it).light == "red"
    assert city.log("park") == []


def test_a_third_time_does_not_stop_it(city: City) -> None:
    it = open_matter(city)
    for _ in range(2):
        city.does("张三", "wait", it)
        city.does("张三", "go_on", it)
    city.does("张三", "wait", it)
    assert state_of(city, it)[0] == "running"
    refused = city.records("clock.pause")[-1]
    assert (refused["ok"], refused["why"]) == (False, "答复时限：等待当事人，已中止2次，不再中止")


def test_its_time_is_counted_over_all_pauses(city: City) -> None:
    it = open_matter(city)
    city.does("张三", "wait", it)
    city.wait("2020-10-19 10:00").does("张三", "go_on", it)
    city.wait("2020-10-20 10:00").does("张三", "wait", it)
    city.wait("2020-10-22 23:59")
    assert state_of(city, it)[0] == "paused"
    city.wait("2020-10-23 00:00")
    assert state_of(city, it) == ("running", "2020-11-06 00:00")


def test_of_two_causes_the_last_counts(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-14 10:00").does("督查室", "hear", it)
    city.wait("2020-10-15 10:00").does("张三", "wait", it)
    city.wait("2020-10-16 10:00").does("督查室", "heard", it)
    assert state_of(city, it)[0] == "paused"
    assert city.records("clock.resume")[-1]["why"].endswith("；仍因等待当事人中止")
    city.wait("2020-10-19 10:00").does("张三", "go_on", it)
    assert state_of(city, it) == ("running", "2020-10-30 00:00")


def test_a_pause_told_too_late_withdraws_the_miss_and_what_it_had_started(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-28 10:00")
    assert state_of(city, it)[0] == "missed"
    assert state_of(city, it, "grace") == ("running", "2020-10-30 00:00")
    city.does("张三", "wait", it, asked_on="2020-10-20")
    assert [state_of(city, it, each)[0] for each in ("answer", "grace", "later")] == [
        "paused",
        "cancelled",
        "paused",
    ]
    told = [
        (each["act"], each["clock"]) for each in city.records("clock.pause") + city.records("clock.withdraw")
    ]
    assert told == [
        ("clock.pause", "answer"),
        ("clock.withdraw", "later"),
        ("clock.withdraw", "answer"),
        ("clock.withdraw", "grace"),
    ]
    assert (
        city.records("clock.withdraw")[1]["why"] == "答复时限：撤回2020年10月26日 24:00的逾期：当时已中止计时"
    )
    city.does("张三", "go_on", it, told_on="2020-10-27")
    assert state_of(city, it) == ("running", "2020-11-03 00:00")
    assert state_of(city, it, "later") == ("running", "2020-11-04 00:00")
    assert len(city.log("clock.miss")) == 2, "the entries of the misses stay"
    assert city.verdict().ok


def test_a_pause_that_began_after_the_end_withdraws_nothing(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-28 10:00").does("张三", "wait", it, asked_on="2020-10-27")
    assert state_of(city, it)[0] == "missed"
    assert city.records("clock.pause")[-1]["ground"] == "late"


def test_a_day_told_of_an_earlier_pause_is_not_taken_for_this_one(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-14 10:00").does("张三", "wait", it, asked_on="2020-10-13")
    city.wait("2020-10-15 10:00").does("张三", "go_on", it)
    city.wait("2020-10-20 10:00").does("张三", "wait", it)
    assert city.records("clock.pause")[-1]["since"][:16] == "2020-10-20T02:00"


def test_done_while_it_waits_is_in_time(city: City) -> None:
    it = open_matter(city)
    city.does("张三", "wait", it)
    city.wait("2020-10-20 10:00").does("张三", "answer", it)
    assert state_of(city, it)[0] == "met"


def test_returned_it_has_what_was_left(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-19 10:00").does("张三", "answer", it)
    city.wait("2020-11-02 10:00").does("督查室", "return", it)
    assert state_of(city, it) == ("running", "2020-11-10 00:00"), "five of ten workdays were left"
    assert "办结后重新办理前" in city.records("clock.resume")[-1]["why"]
    city.wait("2020-11-10 08:00")
    assert state_of(city, it)[0] == "missed"


def test_returned_when_it_was_late_it_is_still_late(city: City) -> None:
    it = open_matter(city)
    city.wait("2020-10-28 10:00").does("张三", "answer", it)
    city.wait("2020-11-02 10:00").does("督查室", "return", it)
    row = city.clock(it, "answer")
    assert (row.outcome, row.ended_at, wall(row.due_at)) == ("missed", None, "2020-10-27 00:00")
