"""Periods and the windows of measures."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.errors import PeriodError
from rules.time.period import Every, Period, once, parse_every, parse_period, programme
from rules.time.window import parse_window, programme_year
from tests.rules.time.examples import PROGRAMME, SHANGHAI, at, day

EVERY = [
    *("day", "week", "half month", "month", "quarter", "year", "month from day 19", "month from day 28"),
    *("half year", "year from 04-01", "quarter from 04-06", "4 months", "2 weeks from 2026-01-05"),
    *("10 days from 2019-12-30", "5 months from 2020-02-28", "3 years from 2024-09-01"),
]
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "of", "id", "first", "last"),
    [
        ("day", "2020-10-01", "2020-10-01", "2020-10-01", "2020-10-01"),
        ("week", "2020-10-01", "2020-W40", "2020-09-28", "2020-10-04"),
        ("week", "2021-01-03", "2020-W53", "2020-12-28", "2021-01-03"),
        ("half month", "2020-10-15", "2020-10-H1", "2020-10-01", "2020-10-15"),
        ("half month", "2020-02-16", "2020-02-H2", "2020-02-16", "2020-02-29"),
        ("month", "2020-10-09", "2020-10", "2020-10-01", "2020-10-31"),
        ("quarter", "2020-09-30", "2020-Q3", "2020-07-01", "2020-09-30"),
        ("year", "2020-02-29", "2020", "2020-01-01", "2020-12-31"),
        ("month from day 19", "2020-10-19", "2020-10-D19", "2020-10-19", "2020-11-18"),
        ("month from day 19", "2021-01-18", "2020-12-D19", "2020-12-19", "2021-01-18"),
        ("12 months from 04-01", "2026-03-31", "2025-04-01-1Y", "2025-04-01", "2026-03-31"),
        ("12 months from 04-01", "2026-04-01", "2026-04-01-1Y", "2026-04-01", "2027-03-31"),
        ("12 months from 09-01", "2024-02-29", "2023-09-01-1Y", "2023-09-01", "2024-08-31"),
        ("3 months from 04-01", "2026-01-05", "2026-01-01-3M", "2026-01-01", "2026-03-31"),
        ("6 months from 01-01", "2026-07-01", "2026-07-01-6M", "2026-07-01", "2026-12-31"),
        ("2 weeks from 2026-01-05", "2026-01-18", "2026-01-05-2W", "2026-01-05", "2026-01-18"),
        ("2 weeks from 2026-01-05", "2026-01-19", "2026-01-19-2W", "2026-01-19", "2026-02-01"),
        ("2 weeks from 2026-01-05", "2026-01-04", "2025-12-22-2W", "2025-12-22", "2026-01-04"),
        ("1 weeks from 2026-01-04", "2026-01-10", "2026-01-04-1W", "2026-01-04", "2026-01-10"),
        ("36 months from 2024-09-01", "2024-08-31", "2021-09-01-3Y", "2021-09-01", "2024-08-31"),
    ],
)
def test_containing(text: str, of: str, id: str, first: str, last: str) -> None:
    period = parse_every(text).containing(day(of))
    assert (period.id, period.first, period.last) == (id, day(first), day(last))
    assert parse_period(id) == period
    assert parse_period(id).every == period.every == parse_every(text)
    assert str(parse_every(text)) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("year from 04-01", "12 months from 04-01"),
        ("half year", "6 months from 01-01"),
        ("quarter from 04-01", "3 months from 04-01"),
        ("fiscal", None),
        ("1 week", "week"),
        ("3 months", "3 months from 01-01"),
        ("2 quarters from 04-01", "half year from 04-01"),
    ],
)
def test_one_period_may_be_written_in_several_ways(text: str, same: str | None) -> None:
    if same is None:
        with pytest.raises(PeriodError):
            parse_every(text)
    else:
        assert parse_every(text) == parse_every(same)


def test_a_run_without_a_first_day_begins_with_what_it_is_for() -> None:
    assert parse_every("2 weeks", day("2026-01-05")) == parse_every("2 weeks from 2026-01-05")
    assert parse_every("6 months", day("2026-01-05")) == parse_every("half year"), "a year has its own"
    with pytest.raises(PeriodError, match="could begin on any day; write '2 weeks from 2026-01-05'"):
        parse_every("2 weeks")


@given(st.sampled_from(EVERY), days)
def test_periods_follow_each_other_without_gap(text: str, of: date) -> None:
    period = parse_every(text).containing(of)
    assert period.first <= of <= period.last
    assert period.next().first == period.last + DAY
    assert period.previous().last == period.first - DAY
    assert period.next().previous() == period == parse_period(period.id)
    assert period.id < period.next().id


@pytest.mark.parametrize(("text", "count"), [("week", 57), ("half month", 26), ("month", 13), ("quarter", 5)])
def test_the_programme_touches_so_many_periods(text: str, count: int) -> None:
    periods = list(parse_every(text).covering(*PROGRAMME))
    assert len(periods) == count
    assert periods[0].covers(PROGRAMME[0])
    assert periods[-1].covers(PROGRAMME[1])


def test_instants_of_a_period() -> None:
    week = parse_period("2020-W41")
    assert week.starts(SHANGHAI) == at("2020-10-05 00:00")
    assert week.ends(SHANGHAI) == at("2020-10-12 00:00")
    assert week.contains(at("2020-10-11 23:59"), SHANGHAI)
    assert not week.contains(week.ends(SHANGHAI), SHANGHAI)


def test_a_programme_and_a_single_occasion_do_not_repeat() -> None:
    assert programme(*PROGRAMME).id == "programme"
    assert once(*PROGRAMME).id == "2020-08-04..2021-08-31"
    with pytest.raises(PeriodError, match="period 'programme' does not repeat"):
        programme(*PROGRAMME).next()
    with pytest.raises(PeriodError, match="ends on 2020-08-04, before it starts"):
        once(*reversed(PROGRAMME))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("weak", "unknown period 'weak', did you mean 'week'?"),
        ("fortnite", r"unknown period 'fortnite' \(known: day, week"),
        ("month from day 31", "a month can start on day 1 to 28"),
        ("year from 02-29", "a month can start on day 1 to 28"),
        ("year from 13-01", "13-01 is not a day; write 04-01"),
        ("5 months from 04-01", "does not begin on the same day each year"),
        ("2 weeks from 04-01", "does not begin on the same day each year"),
        ("0 weeks from 2026-01-05", "out of bounds"),
        ("2000 months from 2026-01-05", "goes from 1 to 1200 months"),
    ],
)
def test_errors_of_every(text: str, sentence: str) -> None:
    with pytest.raises(PeriodError, match=sentence):
        parse_every(text)


@pytest.mark.parametrize(
    "id",
    [
        "2020-W54",
        "2020-Q5",
        "2020-13",
        "2020-10-H3",
        "2020-10-D31",
        "2020-10-D01",
        "2026-02-30-2W",
        "2026-04-01-12M",
        "x",
        "20-1",
        "",
    ],
)
def test_what_is_no_period(id: str) -> None:
    with pytest.raises(PeriodError, match="is not a period; write one such as 2020-W40"):
        parse_period(id)


PERIOD = Every("half month").containing(date(2020, 10, 20))


@pytest.mark.parametrize(
    ("text", "of", "first", "last"),
    [
        ("calendar year", "2020-10-14", "2020-01-01", "2020-12-31"),
        ("year", "2020-10-14", "2020-01-01", "2020-12-31"),
        ("programme year", "2021-01-13", "2020-08-04", "2021-08-03"),
        ("programme year", "2021-08-04", "2021-08-04", "2022-08-03"),
        ("programme", "2020-10-14", "2020-08-04", "2021-08-31"),
        ("rolling 12 months", "2021-02-09", "2020-02-10", "2021-02-09"),
        ("rolling 12 months", "2020-02-29", "2019-03-01", "2020-02-29"),
        ("rolling 12 months", "2021-02-28", "2020-02-29", "2021-02-28"),
        ("rolling 1 year", "2021-02-09", "2020-02-10", "2021-02-09"),
        ("rolling 2 weeks", "2020-10-14", "2020-10-01", "2020-10-14"),
        ("rolling 30 days", "2020-10-14", "2020-09-15", "2020-10-14"),
        ("rolling 1 day", "2020-10-14", "2020-10-14", "2020-10-14"),
        ("month", "2020-10-14", "2020-10-01", "2020-10-31"),
        ("previous month", "2021-01-04", "2020-12-01", "2020-12-31"),
        ("previous week", "2020-10-12", "2020-10-05", "2020-10-11"),
        ("half-month", "2020-10-14", "2020-10-01", "2020-10-15"),
        ("week", "2020-10-14", "2020-10-12", "2020-10-18"),
        ("quarter", "2020-10-14", "2020-10-01", "2020-12-31"),
        ("month from day 19", "2020-10-14", "2020-09-19", "2020-10-18"),
        ("period", "2020-12-31", "2020-10-16", "2020-10-31"),
        ("ever", "2020-10-14", "0001-01-01", "9999-12-31"),
    ],
)
def test_windows_include_both_bounds(text: str, of: str, first: str, last: str) -> None:
    found = parse_window(text).bounds(day(of), programme=PROGRAMME, period=PERIOD)
    assert found == (day(first), day(last))


def test_an_instant_is_read_in_the_offices_zone() -> None:
    new_year = at("2021-01-01 00:30")
    assert parse_window("calendar year").bounds(new_year, zone=SHANGHAI)[0] == date(2021, 1, 1)
    with pytest.raises(PeriodError, match="needs the zone"):
        parse_window("month").bounds(new_year)


@given(days, st.integers(1, 24))
def test_a_rolling_window_and_the_one_before_it_meet(of: date, months: int) -> None:
    first, last = parse_window(f"rolling {months} months").bounds(of)
    assert last == of
    assert timedelta(days=27 * months) < last - first + DAY <= timedelta(days=31 * months)
    assert parse_window(f"rolling {(last - first).days + 1} days").bounds(of) == (first, last)


@given(days, days)
def test_programme_years_hold_the_day(start: date, of: date) -> None:
    first, last = programme_year(start, of)
    assert first <= of <= last
    assert 364 <= (last - first).days <= 365
    assert programme_year(start, last + DAY)[0] == last + DAY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("calender year", "unknown window 'calender year', did you mean 'calendar year'?"),
        ("previous moth", "did you mean 'previous month'?"),
        ("rolling 0 days", "out of bounds"),
        ("roling 12 months", "did you mean 'rolling 12 months'?"),
    ],
)
def test_errors_of_windows(text: str, sentence: str) -> None:
    with pytest.raises(PeriodError, match=sentence):
        parse_window(text)


@pytest.mark.parametrize("text", ["period", "programme", "programme year"])
def test_a_window_that_needs_more_says_so(text: str) -> None:
    with pytest.raises(PeriodError, match=f"window '{text}' needs a"):
        parse_window(text).bounds(date(2020, 10, 14))


def test_a_week_in_an_instant_of_two_zones() -> None:
    late = datetime.fromisoformat("2020-10-04T23:00:00+00:00")
    assert parse_window("week").bounds(late, zone=SHANGHAI)[0] == date(2020, 10, 5)
    assert isinstance(Every("week").containing(date(2020, 10, 5)), Period)
