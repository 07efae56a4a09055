"""Durations: how they are written, how days are counted."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.calendar import Roll
from rules.time.duration import CHINESE, Due, Duration, add_months
from rules.time.errors import DurationError
from rules.time.instant import parse_time
from tests.rules.time.examples import at, cn


@pytest.mark.parametrize(
    ("text", "written", "chinese"),
    [
        ("5 workdays", "5 workdays", "5个工作日"),
        ("1 workdays", "1 workday", "1个工作日"),
        ("5days", "5 days", "5个自然日"),
        ("24 Hours", "24 hours", "24小时"),
        ("90 minutes", "90 minutes", "90分钟"),
        ("3 months", "3 months", "3个月"),
        ("2 weeks", "2 weeks", "2周"),
        ("8  business  hours", "8 business hours", "8工作小时"),
        ("50 %", "50 %", "50%"),
        ("50%", "50 %", "50%"),
        ("1 year", "1 year", "1年"),
    ],
)
def test_written(text: str, written: str, chinese: str) -> None:
    duration = Duration.parse(text)
    assert (str(duration), duration.text("zh"), duration.text("en")) == (written, chinese, written)


@given(st.integers(1, 100_000), st.sampled_from(list(CHINESE)))
def test_what_is_written_can_be_read(amount: int, unit: str) -> None:
    duration = Duration.parse(f"{amount} {unit}")
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5", "'5' has no unit; write '5 workdays', '5 days' or '5 hours'"),
        ("5 workday5", "unknown unit 'workday5', did you mean 'workday'?"),
        ("5 fortnights", r"unknown unit 'fortnights'.* \(known: minutes, hours"),
        ("1.5 hours", "1.5 is not a whole number; choose a smaller unit, such as '90 minutes'"),
        ("-2 days", "-2 is not a whole number"),
        ("0 days", "out of bounds; write a number from 1 to 100000"),
        ("soon", "'soon' is not a duration; write a number and its unit, such as '5 workdays'"),
        ("", "'' is not a duration"),
    ],
)
def test_errors(text: str, sentence: str) -> None:
    with pytest.raises(DurationError, match=sentence):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("3 workdays", "2020-10-14 10:00", "2020-10-19 24:00"),  # G9
        ("1 workday", "2020-09-30 10:00", "2020-10-09 24:00"),
        ("1 workday", "2020-10-03 10:00", "2020-10-09 24:00"),
        ("5 days", "2020-10-14 23:59", "2020-10-19 24:00"),
        ("24 hours", "2020-10-14 10:30", "2020-10-15 10:30"),
        ("90 minutes", "2020-10-14 23:00", "2020-10-15 00:30"),
        ("2 weeks", "2020-10-14 10:00", "2020-10-28 24:00"),
        ("1 month", "2021-01-31 10:00", "2021-02-28 24:00"),
        ("1 month", "2020-01-31 10:00", "2020-02-29 24:00"),
        ("1 year", "2020-02-29 10:00", "2021-02-28 24:00"),
        ("8 business hours", "2020-09-30 14:30", "2020-10-09 16:00"),
    ],
)
def test_where_it_leads(text: str, start: str, due: str) -> None:
    moment = at(due)
    assert Duration.parse(text).due(at(start), cn()) == Due(nominal=moment, due=moment)


def test_the_due_time_itself_is_late() -> None:
    due = Duration.parse("3 workdays").due(at("2020-10-14 10:00"), cn()).due
    assert at("2020-10-19 23:59:59") < due == at("2020-10-20 00:00")


@pytest.mark.parametrize(
    ("text", "roll", "nominal", "due"),
    [
        ("5 days", "forward", "2020-10-03 17:00", "2020-10-09 17:00"),
        ("5 days", "back", "2020-10-03 17:00", "2020-09-30 17:00"),
        ("5 days", "none", "2020-10-03 17:00", "2020-10-03 17:00"),
        ("120 hours", "forward", "2020-10-03 10:00", "2020-10-09 10:00"),
        ("1 workday", "forward", "2020-09-29 17:00", "2020-09-29 17:00"),
    ],
)
def test_nominal_and_rolled_are_kept_apart(text: str, roll: Roll, nominal: str, due: str) -> None:
    found = Duration.parse(text).due(at("2020-09-28 10:00"), cn(), at=parse_time("17:00"), roll=roll)
    assert (found.nominal, found.due) == (at(nominal), at(due))


def test_provisional_only_where_the_calendar_had_a_say() -> None:
    start = at("2026-12-28 10:00")
    assert Duration.parse("30 workdays").due(start, cn()).provisional
    assert not Duration.parse("30 days").due(start, cn()).provisional
    assert Duration.parse("30 days").due(start, cn(), roll="forward").provisional
    assert Duration.parse("80 business hours").due(start, cn()).provisional
    assert not Duration.parse("3 workdays").due(start, cn()).provisional


def test_a_share_leads_nowhere_by_itself() -> None:
    with pytest.raises(DurationError, match="a share needs a start and a due date"):
        Duration.parse("50 %").due(at("2020-10-14 10:00"), cn())


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-240, 240))
def test_months_keep_the_day_or_clamp(start: date, months: int) -> None:
    found = add_months(start, months)
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day == min(start.day, monthrange(found.year, found.month)[1])
    assert add_months(start, 0) == start
    assert (found < start) == (months < 0)
    assert found - start <= timedelta(days=31 * max(months, 0))
