"""Windows beside those in test_period.py: whole periods before now, workdays, a year ago, a period's own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.errors import PeriodError
from rules.time.period import parse_every, parse_period
from rules.time.window import parse_window
from tests.rules.time.examples import at, cn, day

DAY = timedelta(days=1)
days = st.dates(date(2019, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("text", "of", "first", "last"),
    [
        ("year from 04-01", "2020-03-31", "2019-04-01", "2020-03-31"),
        ("year from 04-01", "2020-04-01", "2020-04-01", "2021-03-31"),
        ("previous year", "2020-10-14", "2019-01-01", "2019-12-31"),
        ("previous year from 04-01", "2020-10-14", "2019-04-01", "2020-03-31"),
        ("last 3 months", "2020-10-14", "2020-07-01", "2020-09-30"),
        ("last 3 months", "2020-03-01", "2019-12-01", "2020-02-29"),
        ("last 1 month", "2020-10-31", "2020-09-01", "2020-09-30"),
        ("last 8 quarters before the last 3", "2024-11-05", "2022-01-01", "2023-12-31"),
        ("last 1 month before the last 1", "2020-03-31", "2020-01-01", "2020-01-31"),
        ("last 1 year from 04-01 before the last 2", "2024-05-01", "2021-04-01", "2022-03-31"),
        ("last 2 quarters", "2020-10-14", "2020-04-01", "2020-09-30"),
        ("last 2 half months", "2020-10-14", "2020-09-01", "2020-09-30"),
        ("last 2 years", "2020-10-14", "2018-01-01", "2019-12-31"),
        ("same month last year", "2020-02-29", "2019-02-01", "2019-02-28"),
        ("same week last year", "2021-01-03", "2019-12-23", "2019-12-29"),
        ("same quarter last year", "2020-10-14", "2019-10-01", "2019-12-31"),
        ("rolling 6 months", "2020-08-28", "2020-02-29", "2020-08-28"),
        ("rolling 6 months", "2020-08-29", "2020-03-01", "2020-08-29"),
        ("rolling 30 days", "2020-03-30", "2020-03-01", "2020-03-30"),
    ],
)
def test_bounds(text: str, of: str, first: str, last: str) -> None:
    assert parse_window(text).bounds(day(of)) == (day(first), day(last))


def test_half_a_year_from_the_29th_of_february_ends_before_the_29th_of_august() -> None:
    """As with durations: half a year from the 29th of February is the 29th of August."""
    event, window = day("2020-02-29"), parse_window("rolling 6 months")
    counted = [of for of in (day("2020-08-28"), day("2020-08-29")) if window.bounds(of)[0] <= event]
    assert counted == [day("2020-08-28")]


@pytest.mark.parametrize(
    ("of", "first"),
    [
        ("2020-10-14", "2020-10-12"),
        ("2020-10-11", "2020-09-30"),  # a Sunday, after a make-up Saturday and the long holiday
        ("2020-10-05", "2020-09-28"),  # in the long holiday
    ],
)
def test_workdays_are_those_of_the_calendar(of: str, first: str) -> None:
    found = parse_window("rolling 3 workdays").bounds(day(of), calendar=cn())
    assert found == (day(first), day(of))


@given(days, st.integers(1, 30))
def test_so_many_workdays_and_no_more(of: date, count: int) -> None:
    first, last = parse_window(f"rolling {count} workdays").bounds(of, calendar=cn())
    assert cn().workdays(first, last) == count
    assert cn().is_workday(first)


@given(days, st.sampled_from(["month", "week", "quarter", "half month", "year", "month from day 19"]))
def test_whole_ones_end_where_the_current_one_begins(of: date, every: str) -> None:
    current = parse_every(every).containing(of)
    words = every.replace(" from", "s from") if "from" in every else f"{every}s"
    first, last = parse_window(f"last 3 {words}").bounds(of)
    assert last + DAY == current.first
    assert first == current.previous().previous().previous().first


@pytest.mark.parametrize(
    ("text", "period", "first", "last"),
    [
        ("period", "2020-10", "2020-10-01", "2020-10-31"),
        ("previous period", "2020-10", "2020-09-01", "2020-09-30"),
        ("previous period", "2021-W01", "2020-12-28", "2021-01-03"),
        ("last 1 period", "2020-10", "2020-09-01", "2020-09-30"),
        ("last 6 periods", "2020-10", "2020-04-01", "2020-09-30"),
        ("last 2 periods", "2021-Q1", "2020-07-01", "2020-12-31"),
        ("same period last year", "2020-02", "2019-02-01", "2019-02-28"),
        ("same period last year", "2020-Q4", "2019-10-01", "2019-12-31"),
        ("same period last year", "2020-10-H2", "2019-10-16", "2019-10-31"),
        ("same period last year", "2020-W53", "2019-12-23", "2019-12-29"),
        ("same period last year", "2026-01-05-2W", "2025-01-06", "2025-01-19"),
        ("same period last year", "2026-04-01-1Y", "2025-04-01", "2026-03-31"),
    ],
)
def test_windows_of_a_period(text: str, period: str, first: str, last: str) -> None:
    window = parse_window(text)
    assert window.of_a_period
    assert window.bounds(day("2030-01-01"), period=parse_period(period)) == (day(first), day(last))
    with pytest.raises(PeriodError, match="needs a rule that runs once a period"):
        window.bounds(day("2030-01-01"))


@pytest.mark.parametrize(
    ("zone", "moment", "first"),
    [
        ("America/New_York", "2020-11-01T03:30:00+00:00", "2020-10-31"),  # 23:30 of the day before
        ("America/New_York", "2020-11-02T04:30:00+00:00", "2020-11-01"),  # summer time has ended
        ("Asia/Shanghai", "2020-10-31T16:30:00+00:00", "2020-11-01"),
    ],
)
def test_the_day_is_that_of_the_zone(zone: str, moment: str, first: str) -> None:
    found = parse_window("rolling 1 day").bounds(datetime.fromisoformat(moment), zone=ZoneInfo(zone))
    assert found == (day(first), day(first))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("last 0 months", "out of bounds"),
        ("last 3 moons", "did you mean 'last 3 months'"),
        ("same moon last year", "unknown window"),
        ("year from 13-01", "13-01 is not a day"),
        ("rolling 10 workday s", "did you mean 'rolling 10 workdays'"),
        ("24 months", "does not say since when, did you mean 'past 24 months'"),
        ("12 months", "does not say since when, did you mean 'past 12 months'"),
        ("10 workdays", "does not say since when, did you mean 'past 10 workdays'"),
    ],
)
def test_mistakes(text: str, sentence: str) -> None:
    with pytest.raises(PeriodError, match=sentence):
        parse_window(text)


def test_workdays_need_a_calendar() -> None:
    with pytest.raises(PeriodError, match="needs a calendar"):
        parse_window("rolling 3 workdays").bounds(at("2020-10-14 09:00").date())


@pytest.mark.parametrize(
    ("window", "at", "first"),
    [
        ("past 30 days", "2024-03-31", "2024-03-01"),
        ("past 6 months", "2024-08-29", "2024-02-29"),
        ("past 6 months", "2024-08-31", "2024-03-01"),
        ("past 1 month", "2023-03-30", "2023-03-01"),
        ("past 1 year", "2025-02-28", "2024-02-28"),
        ("past 2 weeks", "2024-03-15", "2024-03-01"),
        ("past 3 workdays", "2024-03-15", "2024-03-12"),
        ("past 3 workdays", "2024-03-17", "2024-03-13"),
    ],
)
def test_the_past_counts_as_deadlines_do(window: str, at: str, first: str) -> None:
    """What happened on the first day is so long ago that its time ends today, not before."""
    bounds = parse_window(window).bounds(date.fromisoformat(at), calendar=cn())
    assert bounds == (date.fromisoformat(first), date.fromisoformat(at))


@pytest.mark.parametrize("length", ["30 months", "1 day", "10 workdays"])
def test_or_later_takes_in_what_comes_after_the_day(length: str) -> None:
    window, onward = parse_window(f"past {length}"), parse_window(f"Past {length} or later")
    first, last = window.bounds(day("2020-03-30"), calendar=cn())
    assert last == day("2020-03-30")
    assert onward.bounds(day("2020-03-30"), calendar=cn()) == (first, date.max)
    with pytest.raises(PeriodError, match="unknown window"):
        parse_window(f"rolling {length} or later")
