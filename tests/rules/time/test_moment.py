"""Rungs and due days as authors write them, and the golden dates of the first programme."""

from datetime import datetime

import pytest

from rules.time.calendar import Roll
from rules.time.duration import Duration
from rules.time.errors import MomentError
from rules.time.moment import parse_due_day, parse_occurrence, parse_offset, parse_repeat
from rules.time.period import Every, parse_every, parse_period
from tests.rules.time.examples import PROGRAMME, at, cn


def rung(
    text: str, *, start: str = "2020-09-28 10:00", due: str = "2020-10-16 24:00", period: str = ""
) -> datetime:
    return parse_offset(text).moment(
        start=at(start), due=at(due), calendar=cn(), period=parse_period(period) if period else None
    )


def falls(text: str, period: str, roll: Roll = "none") -> datetime:
    return parse_due_day(text).moment(parse_period(period), cn(), roll).due


@pytest.mark.parametrize(
    ("text", "due", "moment"),
    [
        ("5 workdays before at 09:00", "2020-10-16 24:00", "2020-10-10 09:00"),
        ("5 workdays before at 09:00", "2020-10-16 17:00", "2020-10-10 09:00"),
        ("3 workdays before at 09:00", "2020-10-12 24:00", "2020-09-30 09:00"),
        ("1 workday after at 09:00", "2020-10-16 24:00", "2020-10-19 09:00"),
        ("1 workday after at 09:00", "2020-10-16 17:00", "2020-10-19 09:00"),
        ("1 workday after due at 09:00", "2020-09-30 24:00", "2020-10-09 09:00"),
        ("2 days after at 24:00", "2020-10-16 24:00", "2020-10-18 24:00"),
        ("1 week before at 09:00", "2020-10-16 24:00", "2020-10-09 09:00"),
        ("1 month after at 09:00", "2020-10-31 24:00", "2020-11-30 09:00"),
        ("24 hours before", "2020-10-16 17:00", "2020-10-15 17:00"),
        ("8 business hours before", "2020-10-09 16:00", "2020-09-30 14:30"),
        ("at due", "2020-10-16 24:00", "2020-10-17 00:00"),
        ("at start", "2020-10-16 24:00", "2020-09-28 10:00"),
        ("2 workdays after start at 09:00", "2020-10-16 24:00", "2020-09-30 09:00"),
        ("48 hours after start", "2020-10-16 24:00", "2020-09-30 10:00"),
        ("50 %", "2020-09-30 10:00", "2020-09-29 10:00"),
        ("80%", "2020-10-08 10:00", "2020-10-06 10:00"),
        ("100 %", "2020-09-30 10:00", "2020-09-30 10:00"),
    ],
)
def test_rungs_relative_to_a_clock(text: str, due: str, moment: str) -> None:
    assert rung(text, due=due) == at(moment)


def test_a_rung_on_a_day_of_the_period_g6() -> None:
    assert rung("last workday of the period at 09:00", period="2020-W41") == at("2020-10-10 09:00")
    with pytest.raises(MomentError, match="needs a clock that runs once a period"):
        rung("last workday of the period at 09:00")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5 workdays before", "'5 workdays before' has no time of day; write '5 workdays before at 09:00'"),
        ("5 wrkdays before at 09:00", "unknown unit 'wrkdays', did you mean 'workdays'?"),
        ("5 before at 09:00", "'5' has no unit"),
        ("24 hours before at 09:00", "24 hours lead to a time of their own; leave out the time of day"),
        ("50 % before", "write only '50 %'"),
        ("120 %", "more than the whole time"),
        ("at deu", "cannot read 'at deu', did you mean 'at due'?"),
        ("tomorrow", "cannot read 'tomorrow'; write one such as 5 workdays before at 09:00"),
        ("1 day after at 25:00", "'25:00' is not a time of day"),
    ],
)
def test_errors_of_rungs(text: str, sentence: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_offset(text)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("text", "period", "moment"),
    [
        ("friday", "2020-W41", "2020-10-09 24:00"),
        ("monday at 09:00", "2020-W42", "2020-10-12 09:00"),
        ("monday", "2020-10", "2020-10-05 24:00"),
        ("first workday at 09:00", "2020-10", "2020-10-09 09:00"),
        ("first workday 09:00", "2021-01", "2021-01-04 09:00"),
        ("last workday", "2020-W41", "2020-10-10 24:00"),
        ("5th workday", "2020-10", "2020-10-14 24:00"),
        ("5th workday", "2020-W41", "2020-10-10 24:00"),  # two working days only: the last
        ("last workday on or before day 15", "2020-08", "2020-08-14 24:00"),
        ("last workday on or before day 7", "2020-10", "2020-10-09 24:00"),  # none: the first
        ("last workday on or before day 31", "2021-02", "2021-02-26 24:00"),
        ("day 20 at 17:00", "2020-10", "2020-10-20 17:00"),
        ("day 31", "2021-02", "2021-02-28 24:00"),
        ("day 3", "2020-W40", "2020-10-03 24:00"),
        ("day 5", "2020-09-D19", "2020-10-05 24:00"),
        ("last day", "2020-02", "2020-02-29 24:00"),
        ("first day at 00:00", "2020-Q4", "2020-10-01 00:00"),
        ("end", "2020-W41", "2020-10-12 00:00"),
        ("3rd workday of next week at 17:00", "2020-W41", "2020-10-14 17:00"),
        ("day 10 of the next month", "2020-Q3", "2020-10-10 24:00"),
        ("last day of next period", "2020-10-H1", "2020-10-31 24:00"),
        ("first monday at 10:00", "2020-10", "2020-10-05 10:00"),
        ("3rd tuesday", "2020-10", "2020-10-20 24:00"),
        ("last friday at 17:00", "2020-10", "2020-10-30 17:00"),
        ("5th friday", "2020-10", "2020-10-30 24:00"),
        ("5th monday", "2020-10", "2020-10-26 24:00"),  # four only: the last
        ("last friday", "2020-W41", "2020-10-09 24:00"),
        ("2nd friday", "2026-01-05-2W", "2026-01-16 24:00"),
        ("first monday of next month at 09:00", "2020-10", "2020-11-02 09:00"),
        ("november 30 at 17:00", "2026-04-01-1Y", "2026-11-30 17:00"),
        ("30 november", "2026-04-01-1Y", "2026-11-30 24:00"),
        ("march 31", "2026-04-01-1Y", "2027-03-31 24:00"),
        ("february 29", "2026-09-01-1Y", "2027-02-28 24:00"),
        ("first monday of october at 09:00", "2026", "2026-10-05 09:00"),
        ("last workday of september", "2026-04-01-1Y", "2026-09-30 24:00"),
        ("may 10", "2020", "2020-05-10 24:00"),
        ("april 15 of next year", "2020", "2021-04-15 24:00"),
        ("2nd workday of june", "2020-Q2", "2020-06-02 24:00"),
    ],
)
def test_days_of_a_period(text: str, period: str, moment: str) -> None:
    assert falls(text, period) == at(moment)
    assert parse_occurrence(text) == parse_due_day(text)


def test_nominal_day_and_rolled_day_are_kept_apart() -> None:
    due = parse_due_day("friday at 17:00").moment(parse_period("2020-W40"), cn(), "back")
    assert (due.nominal, due.due) == (at("2020-10-02 17:00"), at("2020-09-30 17:00"))


def test_rolling_back_stays_in_the_period_and_rolling_forward_may_leave_it() -> None:
    assert falls("wednesday", "2020-W41", "back") == at("2020-10-09 24:00")
    assert falls("day 2", "2020-10", "back") == at("2020-10-09 24:00")
    assert falls("end", "2020-10-H2", "back") == at("2020-10-30 24:00")
    assert falls("end", "2020-10-H2", "forward") == at("2020-11-02 24:00")


def test_a_period_without_any_working_day_is_not_rolled() -> None:
    assert falls("friday", "2025-W40", "back") == at("2025-09-30 24:00")
    assert falls("day 3", "2020-10-03", "back") == at("2020-10-03 24:00")
    assert falls("last workday", "2020-10-03") == at("2020-10-03 24:00")


def test_past_the_published_calendar_it_is_provisional() -> None:
    unknown, known = parse_period("2027-W02"), parse_period("2026-W45")
    rolls: list[Roll] = ["back", "forward"]
    for roll in rolls:
        assert parse_due_day("friday").moment(unknown, cn(), roll).provisional
        assert not parse_due_day("friday").moment(known, cn(), roll).provisional
    assert not parse_due_day("friday").moment(unknown, cn()).provisional
    assert parse_due_day("last workday").moment(unknown, cn()).provisional


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fryday", "cannot read 'fryday', did you mean 'friday'?"),
        ("last worday at 09:00", "did you mean 'last workday'?"),
        ("day 32", "32 is not a day of a month; write 1 to 31"),
        ("3rd day", "write 'day 3'"),
        ("day 3 of next mont", "unknown period 'mont', did you mean 'month'?"),
        ("friday at 9", "cannot read 'friday at 9'"),
        ("at 09:00", "cannot read 'at 09:00'; write one such as friday"),
        ("novembre 30", "cannot read 'novembre 30', did you mean 'november'?"),
        ("november 32", "32 is not a day of a month"),
        ("first mondy of october", "did you mean 'first monday'?"),
    ],
)
def test_errors_of_due_days(text: str, sentence: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_due_day(text)
    assert sentence in str(raised.value)


def test_a_day_that_is_not_in_the_period_says_so() -> None:
    with pytest.raises(MomentError, match=r"'day 20': no day 20 in 2020-W40 \(2020-09-28 to 2020-10-04\)"):
        falls("day 20", "2020-W40")
    with pytest.raises(MomentError, match="'friday' does not fall into 2020-10-01"):
        falls("friday", "2020-10-01")
    with pytest.raises(MomentError, match=r"no november in 2020-Q3 \(2020-07-01 to 2020-09-30\)"):
        falls("november 30", "2020-Q3")


@pytest.mark.parametrize(
    ("text", "every", "moments"),
    [
        (
            "1 workday after at 09:00",
            "3 workdays",
            ["2020-10-19 09:00", "2020-10-22 09:00", "2020-10-27 09:00"],
        ),
        ("5 workdays before at 09:00", "1 day", ["2020-10-10 09:00", "2020-10-11 09:00", "2020-10-12 09:00"]),
        ("at due", "1 workday", ["2020-10-16 24:00", "2020-10-19 24:00", "2020-10-20 24:00"]),
        ("at due", "2 weeks", ["2020-10-16 24:00", "2020-10-30 24:00", "2020-11-13 24:00"]),
        ("15 days after at 09:00", "1 month", ["2020-10-31 09:00", "2020-11-30 09:00", "2020-12-31 09:00"]),
        ("24 hours after", "12 hours", ["2020-10-17 24:00", "2020-10-18 12:00", "2020-10-18 24:00"]),
        (
            "1 workday after at 00:00",
            "1 workday",
            ["2020-10-19 00:00", "2020-10-20 00:00", "2020-10-21 00:00"],
        ),
        ("5 workdays after at 00:00", "1 workday", ["2020-10-23 00:00", "2020-10-26 00:00"]),
    ],
)
def test_a_rung_comes_again_at_its_time_of_day(text: str, every: str, moments: list[str]) -> None:
    offset, first = parse_offset(text), rung(text)
    again = [offset.again(first, parse_repeat(every), times, cn()) for times in range(len(moments))]
    assert again == [at(moment) for moment in moments]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "10 minutes",
            "a rung comes again after so many hours, business hours, days, workdays, weeks, months",
        ),
        ("1 year", "a rung comes again after so many"),
        ("50 %", "a rung comes again after so many"),
        ("3 wrkdays", "did you mean 'workdays'?"),
        ("daily", "'daily' is not a duration"),
    ],
)
def test_errors_of_repeats(text: str, sentence: str) -> None:
    with pytest.raises(MomentError) as raised:
        parse_repeat(text)
    assert sentence in str(raised.value)


WEEKLY_BOARDS = {
    "2020-W40": "2020-09-30",
    "2020-W41": "2020-10-09",
    "2021-W06": "2021-02-10",
    "2021-W07": "2021-02-19",
    "2021-W18": "2021-05-07",
}


@pytest.mark.parametrize(("week", "day"), WEEKLY_BOARDS.items())
def test_g4_weekly_boards(week: str, day: str) -> None:
    assert falls("friday at 17:00", week, "back") == at(f"{day} 17:00")


HALF_MONTH_BOARDS = [
    "2020-08-14", "2020-08-31", "2020-09-15", "2020-09-30", "2020-10-15", "2020-10-30", "2020-11-13",
    "2020-11-30", "2020-12-15", "2020-12-31", "2021-01-15", "2021-01-29", "2021-02-10", "2021-02-26",
    "2021-03-15", "2021-03-31", "2021-04-15", "2021-04-30", "2021-05-14", "2021-05-31", "2021-06-15",
    "2021-06-30", "2021-07-15", "2021-07-30", "2021-08-13", "2021-08-31",
]  # fmt: skip


def test_g5_half_month_boards() -> None:
    periods = list(parse_every("half month").covering(*PROGRAMME))
    expected = [at(f"{day} 17:00") for day in HALF_MONTH_BOARDS]
    written: list[tuple[str, Roll]] = [("last workday at 17:00", "none"), ("last day at 17:00", "back")]
    for text, roll in written:
        due_day = parse_due_day(text)
        assert [due_day.moment(period, cn(), roll).due for period in periods] == expected


def test_g6_the_week_after_the_holidays_ends_on_a_worked_saturday() -> None:
    week = parse_period("2020-W41")
    assert [str(d.day) for n in (1, 2, 3) if (d := cn().nth_workday(week.first, week.last, n))] == [
        "2020-10-09",
        "2020-10-10",
    ]
    assert falls("last workday at 09:00", "2020-W41") == at("2020-10-10 09:00")
    assert falls("end", "2020-W41") == at("2020-10-12 00:00")


@pytest.mark.parametrize(("month", "day"), [("2020-10", "2020-10-09"), ("2021-01", "2021-01-04")])
def test_g7_g8_the_monthly_evaluation_runs_on_the_first_working_day(month: str, day: str) -> None:
    assert falls("first workday at 09:00", month) == at(f"{day} 09:00")


def test_g9_a_clue_is_handed_over_within_three_working_days() -> None:
    assert Duration.parse("3 workdays").due(at("2020-10-14 15:00"), cn()).due == at("2020-10-19 24:00")


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2020-08", "2020-09-07"),
        ("2020-09", "2020-10-14"),
        ("2020-10", "2020-11-06"),
        ("2021-01", "2021-02-05"),
        ("2021-04", "2021-05-11"),
    ],
)
def test_g11_bulletins(month: str, day: str) -> None:
    assert falls("5th workday of next month at 17:00", month) == at(f"{day} 17:00")


def test_no_week_of_the_programme_is_without_a_working_day() -> None:
    weeks = Every("week").covering(*PROGRAMME)
    assert all(cn().workdays(week.first, week.last) for week in weeks)
