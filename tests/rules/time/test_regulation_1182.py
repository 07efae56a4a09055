"""Regulation (EEC, Euratom) 1182/71, article 3: hours begin with the next, and two workdays are always in."""

import json

import pytest

from rules.time import clock
from rules.time.clock import ClockState
from rules.time.duration import Duration
from tests.rules.time.examples import at, weekdays_only

CALENDAR = weekdays_only("Asia/Shanghai", 2026)
FRIDAY = "2026-03-06 10:20"
TWO = Duration(2, "workdays")


def running(budget: str, start: str = FRIDAY, at_least: Duration | None = TWO) -> ClockState:
    new = clock.start_unlimited(at(start), roll="forward", next_hour=True, at_least=at_least)
    return clock.chosen_anew(new, Duration.parse(budget), CALENDAR, at(start))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-03 10:20", "2026-03-04 11:00"),
        ("2026-03-03 10:00", "2026-03-04 11:00"),
        ("2026-03-03 10:59:59", "2026-03-04 11:00"),
        ("2026-03-03 23:30", "2026-03-05 00:00"),
    ],
)
def test_the_hour_of_the_event_is_not_counted(start: str, due: str) -> None:
    assert running("24 hours", start, at_least=None).due == at(due)


@pytest.mark.parametrize(
    ("budget", "nominal", "due"),
    [
        ("2 days", "2026-03-08 24:00", "2026-03-10 24:00"),
        ("3 days", "2026-03-09 24:00", "2026-03-10 24:00"),
        ("5 days", "2026-03-11 24:00", "2026-03-11 24:00"),
        ("1 week", "2026-03-13 24:00", "2026-03-13 24:00"),
        ("48 hours", "2026-03-08 11:00", "2026-03-10 24:00"),
    ],
)
def test_two_workdays_lie_in_it_whatever_the_end_is_rolled_to(budget: str, nominal: str, due: str) -> None:
    state = running(budget)
    assert (state.nominal, state.due) == (at(nominal), at(due))
    assert clock.from_plain(json.loads(json.dumps(clock.to_plain(state)))) == state
    assert clock.reproject(state, CALENDAR) == state


def test_what_a_pause_took_is_not_among_the_two() -> None:
    paused = clock.pause(running("3 days"), at("2026-03-07 09:00"), "等待")
    resumed = clock.resume(paused, at("2026-03-13 09:00"), CALENDAR)
    assert resumed.due == at("2026-03-17 24:00"), "Monday and Tuesday, after the Friday of resuming"


def test_a_pause_in_the_hour_that_does_not_count_takes_nothing_from_it() -> None:
    paused = clock.pause(running("5 hours", "2026-03-03 10:20", None), at("2026-03-03 10:30"), "等待")
    assert clock.resume(paused, at("2026-03-03 10:40"), CALENDAR).due == at("2026-03-03 16:00")
    assert clock.resume(paused, at("2026-03-03 12:30"), CALENDAR).due == at("2026-03-03 17:30")


@pytest.mark.parametrize(("base", "due"), [("nominal", "2026-03-12 24:00"), ("rolled", "2026-03-16 24:00")])
def test_an_extension_is_counted_from_the_end_that_was_chosen(base: clock.Base, due: str) -> None:
    state = running("2 days")
    assert clock.extend(state, at(FRIDAY), CALENDAR, by=Duration(4, "days"), base=base).due == at(due)
