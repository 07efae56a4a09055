"""A share of a clock's own time: office hours where it counts these, and never what it stood still."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time import clock
from rules.time.clock import ClockState, Suspension
from rules.time.duration import Duration
from rules.time.instant import local
from rules.time.projection import project
from rules.time.share import share_at
from tests.rules.time.examples import at, cn

FRIDAY = "2020-10-16 08:30"


def of(budget: str, *pauses: tuple[str, str], start: str = FRIDAY) -> ClockState:
    state = clock.start(at(start), Duration.parse(budget), cn())
    held = tuple(Suspension(at(since), at(until), "waiting") for since, until in pauses)
    return project(replace(state, suspensions=held), cn())


def test_half_of_two_days_of_office_hours_is_the_end_of_the_first() -> None:
    assert share_at(of("13 business hours"), 50, cn()) == at("2020-10-16 17:30")


def test_a_week_of_waiting_is_no_used_time() -> None:
    """One of thirteen hours was used when 张三 had to wait, and twelve are left."""
    state = of("13 business hours", ("2020-10-16 09:30", "2020-10-26 09:30"))
    assert share_at(state, 50, cn()) == at("2020-10-26 17:30")


def test_days_go_by_the_clock_without_the_pause() -> None:
    assert share_at(of("4 days", start="2020-10-12 00:00"), 50, cn()) == at("2020-10-14 12:00")
    held = of("4 days", ("2020-10-13 00:00", "2020-10-20 00:00"), start="2020-10-12 00:00")
    used = at("2020-10-13 00:00") - at("2020-10-12 00:00")
    whole = used + (held.due - at("2020-10-20 00:00"))
    assert share_at(held, 50, cn()) == at("2020-10-20 00:00") + whole / 2 - used


def test_all_of_it_is_the_due_moment() -> None:
    for budget in ("13 business hours", "4 days", "3 workdays", "30 hours"):
        state = of(budget)
        assert share_at(state, 100, cn()) == state.due


@given(
    budget=st.sampled_from(["40 business hours", "100 business minutes", "30 hours"]),
    percent=st.integers(1, 99),
    wait=st.integers(1, 20_000),
    length=st.integers(1, 20_000),
)
def test_a_pause_after_it_was_reached_does_not_move_it(
    budget: str, percent: int, wait: int, length: int
) -> None:
    state = of(budget)
    reached = share_at(state, percent, cn())
    since = reached + timedelta(minutes=wait)
    if since >= state.due:
        return
    held = Suspension(since, since + timedelta(minutes=length), "waiting")
    assert share_at(project(replace(state, suspensions=(held,)), cn()), percent, cn()) == reached


@given(percent=st.integers(1, 100), since=st.integers(0, 3_000), length=st.integers(1, 20_000))
def test_so_much_is_used_by_then(percent: int, since: int, length: int) -> None:
    begins = at(FRIDAY)
    plain = of("40 business hours")
    pause = begins + timedelta(minutes=since)
    if pause >= plain.due:
        return
    held = Suspension(pause, pause + timedelta(minutes=length), "waiting")
    state = project(replace(plain, suspensions=(held,)), cn())
    reached = share_at(state, percent, cn())
    spans = [(begins, min(pause, reached)), (held.until, reached)]
    used = sum(cn().business_minutes(local(a, cn().zone), local(b, cn().zone)) for a, b in spans if a < b)
    assert used == pytest.approx(2400 * percent / 100, abs=1)
