"""The life of a clock, as stories of 张三, who handles the matter, and 李主任, who heads the unit."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time import clock
from rules.time.calendar import Calendar
from rules.time.clock import ClockState
from rules.time.duration import Duration
from rules.time.errors import ClockError
from rules.time.instant import parse_time
from rules.time.moment import parse_due_day
from rules.time.period import parse_period
from tests.rules.time.examples import OFFICE_HOURS, at, cn, year_files

MONDAY = "2020-10-12 10:00"


def running(budget: str = "5 workdays", start: str = MONDAY, time: str = "24:00") -> ClockState:
    return clock.start(at(start), Duration.parse(budget), cn(), time_of_day=parse_time(time), roll="forward")


def test_zhang_san_answers_on_the_last_evening() -> None:
    state = clock.stop(running(), at("2020-10-19 23:59:59"))
    assert (state.outcome, state.missed_at) == ("met", None)


def test_zhang_san_answers_at_midnight_and_is_late() -> None:
    state = clock.stop(running(), at("2020-10-20 00:00"))
    assert (state.outcome, state.missed_at, state.ended) == (
        "missed",
        at("2020-10-19 24:00"),
        at("2020-10-20 00:00"),
    )


def test_noticed_three_days_late_it_was_still_missed_when_due() -> None:
    missed = clock.miss(running(), at("2020-10-22 08:00"))
    assert (missed.outcome, missed.missed_at, missed.ended) == ("missed", at("2020-10-19 24:00"), None)
    ended = clock.stop(missed, at("2020-10-23 08:00"))
    assert (ended.outcome, ended.missed_at, ended.ended) == (
        "missed",
        missed.missed_at,
        at("2020-10-23 08:00"),
    )


@pytest.mark.parametrize(
    ("budget", "paused", "resumed", "due"),
    [
        # Tue and Wed are used up; three working days are left after Friday, the day of resuming
        ("5 workdays", "2020-10-14 10:00", "2020-10-16 15:00", "2020-10-21 24:00"),
        ("5 workdays", "2020-10-14 10:00", "2020-10-14 15:00", "2020-10-19 24:00"),
        ("5 workdays", "2020-10-12 11:00", "2020-10-13 15:00", "2020-10-20 24:00"),
        ("5 workdays", "2020-10-16 17:00", "2020-10-18 09:00", "2020-10-19 24:00"),
        ("5 workdays", "2020-10-19 10:00", "2020-10-21 10:00", "2020-10-21 24:00"),
        ("10 days", "2020-10-14 10:00", "2020-10-16 15:00", "2020-10-26 24:00"),  # the 24th is a Saturday
        ("48 hours", "2020-10-12 20:00", "2020-10-13 08:30", "2020-10-14 22:30"),
        ("10 business hours", "2020-10-12 11:00", "2020-10-14 15:00", "2020-10-15 17:30"),
    ],
)
def test_while_paused_the_budget_is_not_used(budget: str, paused: str, resumed: str, due: str) -> None:
    state = clock.pause(running(budget), at(paused), "等待上级答复")
    assert (state.outcome, state.cause) == ("paused", "等待上级答复")
    state = clock.resume(state, at(resumed), cn())
    assert (state.outcome, state.paused_at, state.due) == ("running", None, at(due))


def test_resumed_on_the_last_day_after_closing_time_there_is_one_more_day() -> None:
    state = clock.pause(running(time="17:00"), at("2020-10-19 10:00"), "x")
    assert clock.resume(state, at("2020-10-21 16:00"), cn()).due == at("2020-10-21 17:00")
    assert clock.resume(state, at("2020-10-21 18:00"), cn()).due == at("2020-10-22 17:00")


def test_resumed_on_a_holiday_it_is_not_rolled_back_behind_the_present() -> None:
    start = clock.start(at("2020-09-28 10:00"), Duration.parse("2 days"), cn(), roll="back")
    state = clock.resume(clock.pause(start, at("2020-09-30 10:00"), "x"), at("2020-10-04 10:00"), cn())
    assert state.due == at("2020-10-09 24:00")


def test_a_paused_clock_is_neither_missed_nor_late() -> None:
    state = clock.pause(running(), at("2020-10-14 10:00"), "x")
    with pytest.raises(ClockError, match="only a running clock can be missed"):
        clock.miss(state, at("2020-12-01 10:00"))
    stopped = clock.stop(state, at("2020-12-01 10:00"))
    assert (stopped.outcome, stopped.paused_at, len(stopped.suspensions)) == ("met", None, 1)


@pytest.mark.parametrize(
    ("by", "base", "nominal", "due"),
    [
        ("3 workdays", "nominal", "2020-10-28 24:00", "2020-10-28 24:00"),
        ("3 days", "nominal", "2020-10-27 24:00", "2020-10-27 24:00"),
        ("3 days", "rolled", "2020-10-29 24:00", "2020-10-29 24:00"),
        ("5 days", "rolled", "2020-10-31 24:00", "2020-11-02 24:00"),
        ("24 hours", "rolled", "2020-10-28 00:00", "2020-10-28 00:00"),
    ],
)
def test_li_zhuren_is_granted_more_time(by: str, base: clock.Base, nominal: str, due: str) -> None:
    state = running("12 days")
    assert (state.nominal, state.due) == (at("2020-10-24 24:00"), at("2020-10-26 24:00"))
    longer = clock.extend(state, at("2020-10-20 10:00"), cn(), by=Duration.parse(by), base=base)
    assert (longer.nominal, longer.due) == (at(nominal), at(due))


def test_extended_to_a_date_then_paused_then_extended_again() -> None:
    state = clock.extend(running(), at("2020-10-13 10:00"), cn(), to=at("2020-10-30 17:00"))
    assert state.due == at("2020-10-30 17:00")
    state = clock.resume(clock.pause(state, at("2020-10-20 10:00"), "x"), at("2020-10-21 10:00"), cn())
    assert state.due == at("2020-11-02 17:00")
    state = clock.extend(state, at("2020-10-22 10:00"), cn(), by=Duration.parse("1 week"))
    assert state.due == at("2020-11-09 17:00")
    assert clock.reproject(state, cn()) == state


REFUSED: list[tuple[str, Callable[[ClockState], ClockState], str]] = [
    (
        "after the end",
        lambda s: clock.extend(s, at("2020-10-20 00:00"), cn(), by=Duration(1, "days")),
        "ask before the end",
    ),
    (
        "not later",
        lambda s: clock.extend(s, at(MONDAY), cn(), to=at("2020-10-13 09:00")),
        "nothing would be extended",
    ),
    ("neither", lambda s: clock.extend(s, at(MONDAY), cn()), "either by a duration or to a date"),
    ("pause late", lambda s: clock.pause(s, at("2020-10-20 00:00"), "x"), "cannot be paused"),
    ("resume", lambda s: clock.resume(s, at("2020-10-13 00:00"), cn()), "not paused but running"),
    (
        "pause twice",
        lambda s: clock.pause(clock.pause(s, at(MONDAY), "x"), at(MONDAY), "x"),
        "already paused",
    ),
    ("too early", lambda s: clock.miss(s, at("2020-10-19 23:59")), "not missed yet"),
    ("stop twice", lambda s: clock.stop(clock.stop(s, at(MONDAY)), at("2020-10-13")), "already ended"),
    ("cancel ended", lambda s: clock.cancel(clock.stop(s, at(MONDAY)), at("2020-10-13")), "already ended"),
    (
        "extend missed",
        lambda s: clock.extend(clock.miss(s, s.due), s.due, cn(), by=Duration(1, "days")),
        "is missed",
    ),
]


@pytest.mark.parametrize(
    ("act", "sentence"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_a_clock_refuses(act: Callable[[ClockState], ClockState], sentence: str) -> None:
    with pytest.raises(ClockError, match=sentence):
        act(running())


def test_cancelled_while_paused() -> None:
    state = clock.cancel(clock.pause(running(), at("2020-10-13"), "x"), at("2020-10-14"))
    assert (state.outcome, state.ended, state.paused_at) == ("cancelled", at("2020-10-14"), None)


def test_the_spring_festival_is_lengthened_while_clocks_run() -> None:
    """The notice of 2020-01-27 changed the calendar after the fact; open clocks move, ended ones do not."""
    as_first_published = Calendar.of(
        "cn",
        "Asia/Shanghai",
        year_files(),
        [{"worked": ["2020-02-01", "2020-01-31"]}],
        hours=OFFICE_HOURS,
    )
    state = clock.start(at("2020-01-22 10:00"), Duration.parse("5 workdays"), as_first_published)
    assert state.due == at("2020-02-04 24:00")
    assert clock.reproject(state, cn()).due == at("2020-02-06 24:00")
    ended = clock.stop(state, at("2020-02-05 09:00"))
    assert clock.reproject(ended, cn()) == ended


def test_a_provisional_clock_becomes_certain_when_the_next_year_is_published() -> None:
    state = running("30 workdays", "2026-12-01 10:00")
    assert state.provisional
    notice = {"year": 2027, "off": [{"name": "元旦", "days": ["2027-01-01..2027-01-03"]}]}
    published = Calendar.of("cn", "Asia/Shanghai", [*year_files(), notice], hours=OFFICE_HOURS)
    certain = clock.reproject(state, published)
    assert not certain.provisional
    assert certain.due == state.due + timedelta(days=1)


def test_a_listed_day_can_be_paused_and_projected_anew() -> None:
    board = parse_due_day("friday at 17:00")
    week = parse_period("2020-W42")
    state = clock.start_until(at(MONDAY), board.moment(week, cn(), "back"), roll="forward")
    assert state.due == at("2020-10-16 17:00")
    typhoon = Calendar.of(
        "cn", "Asia/Shanghai", year_files(), [{"off": [{"name": "台风", "days": ["2020-10-16"]}]}]
    )
    assert clock.reproject(state, typhoon, board.moment(week, typhoon, "back")).due == at("2020-10-15 17:00")
    paused = clock.pause(state, at("2020-10-13 09:00"), "x")
    assert clock.resume(paused, at("2020-10-15 09:00"), cn()).due == at("2020-10-19 17:00")


instants = st.integers(0, 40 * 24 * 60).map(
    lambda minutes: at("2020-09-21 00:00") + timedelta(minutes=minutes)
)
budgets = st.sampled_from(["5 workdays", "10 days", "1 month", "72 hours", "16 business hours", "2 weeks"])


@given(budgets, st.lists(instants, min_size=5, max_size=5).map(sorted))
def test_any_history_survives_json_and_is_projected_to_the_same_end(
    budget: str, when: list[datetime]
) -> None:
    state = clock.start(when[0], Duration.parse(budget), cn(), roll="forward")
    acts: list[Callable[[ClockState], ClockState]] = [
        lambda s: clock.pause(s, when[1], "等待"),
        lambda s: clock.resume(s, when[2], cn()),
        lambda s: clock.extend(s, when[3], cn(), by=Duration(3, "workdays")),
        lambda s: clock.stop(s, when[4]),
    ]
    for act in acts:
        try:
            before, state = state, act(state)
        except ClockError:
            continue
        assert state.due >= before.due or state.outcome == "paused"
        assert clock.from_plain(json.loads(json.dumps(clock.to_plain(state)))) == state
        assert clock.reproject(state, cn()) == state


@given(budgets, instants, instants)
def test_a_pause_never_takes_time_away(budget: str, one: datetime, other: datetime) -> None:
    state = clock.start(at("2020-09-21 00:00"), Duration.parse(budget), cn(), roll="forward")
    since, until = sorted((one, other))
    if since >= state.due:
        return
    resumed = clock.resume(clock.pause(state, since, "x"), until, cn())
    assert resumed.due >= state.due
    assert resumed.due > until
    assert replace(resumed, suspensions=(), due=state.due, nominal=state.nominal) == state
