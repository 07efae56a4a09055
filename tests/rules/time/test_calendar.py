"""The work calendar against two other packages, against counting day by day, and at its edges."""

from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.calendar import Calendar, Dated, Roll
from rules.time.errors import CalendarError, CalendarGap
from tests.rules.time.examples import OFFICE_HOURS, cn, day, weekdays_only, year_files

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
ALL_DAYS = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]


def wall(text: str) -> datetime:
    """A naive local time, as business hours are counted in."""
    return datetime.fromisoformat(text)


known_days = st.dates(date(2005, 1, 1), date(2025, 12, 31))


def test_agrees_with_chinesecalendar_but_for_one_day_of_the_notice_for_2006() -> None:
    differ = [d for d in ALL_DAYS if cn().is_workday(d) != chinese_calendar.is_workday(d)]
    assert differ == [date(2005, 12, 31)]
    assert cn().is_workday(date(2005, 12, 31))


def test_agrees_with_holidays_on_every_day() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))
    assert [d for d in ALL_DAYS if cn().is_workday(d) != other.is_working_day(d)] == []


def test_spring_festival_2020_is_as_lengthened_on_27_january() -> None:
    assert cn().holiday(day("2020-02-01")) == "春节"
    assert cn().add_workdays(day("2020-01-23"), 1) == Dated(day("2020-02-03"), provisional=False)


def naive_add(calendar: Calendar, start: date, count: int) -> date:
    step = DAY if count > 0 else -DAY
    while count:
        start += step
        if calendar.is_workday(start):
            count -= 1 if step > timedelta(0) else -1
    return start


@given(known_days, st.integers(-120, 120))
def test_add_workdays_is_counting_day_by_day(start: date, count: int) -> None:
    assert cn().add_workdays(start, count).day == naive_add(cn(), start, count)


@given(known_days, st.integers(0, 400))
def test_workdays_counts_both_ends(start: date, length: int) -> None:
    days = [start + number * DAY for number in range(length + 1)]
    assert cn().workdays(start, days[-1]) == sum(map(cn().is_workday, days))


@given(known_days, st.integers(0, 60), st.integers(1, 30))
def test_nth_workday_from_either_end(start: date, length: int, nth: int) -> None:
    worked = [d for d in (start + n * DAY for n in range(length + 1)) if cn().is_workday(d)]
    last = start + length * DAY
    expected = (worked[nth - 1], worked[-nth]) if nth <= len(worked) else (None, None)
    found = cn().nth_workday(start, last, nth), cn().nth_workday(start, last, -nth)
    assert tuple(dated.day if dated else None for dated in found) == expected


def test_nothing_to_count_backwards_in_time() -> None:
    assert cn().workdays(day("2020-10-10"), day("2020-10-09")) == 0


@pytest.mark.parametrize(
    ("start", "how", "rolled"),
    [
        ("2020-10-04", "back", "2020-09-30"),
        ("2020-10-04", "forward", "2020-10-09"),
        ("2020-10-04", "none", "2020-10-04"),
        ("2020-10-10", "back", "2020-10-10"),
        ("2021-01-01", "forward", "2021-01-04"),
    ],
)
def test_roll(start: str, how: Roll, rolled: str) -> None:
    assert cn().roll(day(start), how).day == day(rolled)


def test_past_the_last_published_year_is_provisional_c4() -> None:
    assert cn().add_workdays(day("2026-12-28"), 3) == Dated(day("2026-12-31"), provisional=False)
    assert cn().add_workdays(day("2026-12-28"), 30).provisional
    assert cn().add_workdays(day("2027-01-08"), -8).provisional
    assert cn().roll(day("2027-02-06"), "forward") == Dated(day("2027-02-08"), provisional=True)
    assert not cn().published(day("2027-01-01"))
    assert not cn().published(day("2003-12-31"))


def test_a_provisional_year_file_is_used_but_said_to_be_provisional() -> None:
    calendar = Calendar.of(
        "c", "UTC", [{"year": 2026}, {"year": 2027, "provisional": True, "worked": ["2027-02-06"]}]
    )
    assert calendar.is_workday(day("2027-02-06"))
    assert calendar.add_workdays(day("2027-02-05"), 1) == Dated(day("2027-02-06"), provisional=True)


def test_before_the_first_year_there_is_a_gap() -> None:
    with pytest.raises(CalendarGap, match="2003-12-31 is before 2004-01-01, where calendar 'cn' begins"):
        cn().is_workday(day("2003-12-31"))
    with pytest.raises(CalendarGap, match="run out of calendar 'cn'"):
        cn().add_workdays(day("2004-01-05"), -5)
    with pytest.raises(CalendarGap, match="furthest day"):
        cn().is_workday(day("2100-01-01"))


def test_the_offices_own_days_win() -> None:
    own = {
        "name": "flood",
        "off": [{"name": "防汛", "days": ["2020-07-20..2020-07-21"]}],
        "worked": ["2020-07-18"],
    }
    calendar = Calendar.of("c", "Asia/Shanghai", year_files(), [own], hours=OFFICE_HOURS)
    assert [calendar.is_workday(day(f"2020-07-{d}")) for d in (17, 18, 19, 20, 21, 22)] == [
        True, True, False, False, False, True,
    ]  # fmt: skip
    assert calendar.holiday(day("2020-07-20")) == "防汛"


def test_the_last_word_on_a_day_wins_whatever_was_said_before() -> None:
    first = {"half": [{"date": "2020-07-15", "until": "12:00"}]}
    off = {"off": [{"name": "防汛", "days": ["2020-09-27", "2020-07-15"]}]}
    worked = {"worked": ["2020-10-08"]}
    calendar = Calendar.of("c", "Asia/Shanghai", year_files(), [first, off, worked], hours=OFFICE_HOURS)
    assert not calendar.is_workday(day("2020-09-27"))  # a make-up day of the year file
    assert calendar.is_workday(day("2020-10-08"))
    assert calendar.holiday(day("2020-10-08")) is None
    assert calendar.business_minutes(wall("2020-07-15 00:00"), wall("2020-07-16 00:00")) == 0


def test_the_digest_changes_with_the_content_only() -> None:
    same = Calendar.of("cn", "Asia/Shanghai", year_files(), hours=OFFICE_HOURS)
    other = Calendar.of("cn", "Asia/Shanghai", year_files()[:-1], hours=OFFICE_HOURS)
    assert same == cn()
    assert same.digest == cn().digest != other.digest


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2020-09-28 10:00", 90, "2020-09-28 11:30"),
        ("2020-09-28 11:00", 60, "2020-09-28 12:00"),
        ("2020-09-28 11:00", 61, "2020-09-28 14:31"),
        ("2020-09-28 07:00", 1, "2020-09-28 08:31"),
        ("2020-09-30 17:00", 60, "2020-10-09 09:00"),
        ("2020-10-09 09:00", -60, "2020-09-30 17:00"),
        ("2020-10-09 08:30", -390, "2020-09-30 08:30"),
        ("2020-10-03 12:00", 0, "2020-10-03 12:00"),
    ],
)
def test_business_minutes_skip_nights_noon_and_holidays(start: str, minutes: int, end: str) -> None:
    found, provisional = cn().add_business_minutes(wall(start), minutes)
    assert (found, provisional) == (wall(end), False)


def test_a_half_day_ends_early() -> None:
    eve = {"half": [{"date": "2026-02-13", "until": "11:00"}]}
    calendar = weekdays_only("Asia/Shanghai", 2026, overrides=[eve])
    assert calendar.is_workday(day("2026-02-13"))
    assert calendar.opening(day("2026-02-13")) == ((510, 660),)
    found, _ = calendar.add_business_minutes(wall("2026-02-13 10:30"), 31)
    assert found == wall("2026-02-16 08:31")


seconds_of_2020 = st.integers(0, 365 * 86_400).map(lambda n: wall("2020-01-01 00:00") + timedelta(seconds=n))


@given(seconds_of_2020, st.integers(1, 5000))
def test_business_minutes_add_up(start: datetime, minutes: int) -> None:
    found, _ = cn().add_business_minutes(start, minutes)
    assert cn().business_minutes(start, found) == minutes
    back, _ = cn().add_business_minutes(found, -minutes)
    assert cn().business_minutes(start, back) == 0
    assert back >= start


BAD = [
    ([], "at least one year"),
    ([{"source": "x"}], "has no year"),
    ([{"year": 2020}, {"year": 2022}], "year 2021 is missing between 2020 and 2022"),
    ([{"year": 2020}, {"year": 2020}], "year 2020 is given twice"),
    ([{"year": 2020, "of": []}], "unknown key 'of'"),
    ([{"year": 2020, "worked": ["2021-01-02"]}], "2021-01-02 belongs into the file of 2021"),
    ([{"year": 2020, "worked": ["2020-13-02"]}], "'2020-13-02' is not a date; write YYYY-MM-DD"),
    ([{"year": 2020, "off": [{"name": "x", "days": ["2020-01-03..2020-01-01"]}]}], "runs backwards"),
    (
        [{"year": 2020, "off": [{"name": "x", "days": ["2020-01-01"]}], "worked": ["2020-01-01"]}],
        "2020-01-01 is both off and worked",
    ),
    ([{"year": 2020, "provisional": "no"}], "provisional is neither true nor false"),
    ([{"year": 2020, "provisional": True}, {"year": 2021}], "only the last years may be provisional"),
    ([{"year": 2020, "half": [{"date": "2020-01-02", "until": "noon"}]}], "'noon' is not a time of day"),
]


@pytest.mark.parametrize(("years", "sentence"), BAD)
def test_bad_data_is_refused_with_a_sentence(years: list[dict[str, object]], sentence: str) -> None:
    with pytest.raises(CalendarError, match=sentence):
        Calendar.of("c", "UTC", years)


def test_bad_hours_and_zones_are_refused() -> None:
    with pytest.raises(CalendarError, match="overlap or run backwards"):
        Calendar.of("c", "UTC", [{"year": 2020}], hours=[["14:00", "12:00"]])
    with pytest.raises(CalendarError, match="unknown zone 'China'"):
        Calendar.of("c", "China", [{"year": 2020}])
    with pytest.raises(CalendarError, match="calendar 'c' has no hours"):
        Calendar.of("c", "UTC", [{"year": 2020}]).add_business_minutes(wall("2020-01-02 10:00"), 5)


def test_every_file_names_its_source_and_only_sets_what_differs_from_the_weekday_rule() -> None:
    for entry in year_files():
        assert entry["source"].startswith("国"), entry["year"]
        assert all(date.fromisoformat(text).isoweekday() > 5 for text in entry["worked"]), entry["year"]


FRIDAY_SHORT = {5: [["08:30", "15:00"]]}


def test_a_weekday_may_have_hours_of_its_own() -> None:
    calendar = Calendar.of("c", "UTC", [{"year": 2026}], hours=OFFICE_HOURS, hours_on=FRIDAY_SHORT)
    assert calendar.opening(day("2026-11-20")) == ((510, 900),)
    assert calendar.opening(day("2026-11-19")) == ((510, 720), (870, 1050))
    assert calendar.business_minutes(wall("2026-11-20 00:00"), wall("2026-11-21 00:00")) == 390
    found, _ = calendar.add_business_minutes(wall("2026-11-20 14:30"), 60)
    assert found == wall("2026-11-23 09:00")


@given(seconds_of_2020, st.integers(1, 5000))
def test_business_minutes_add_up_when_weekdays_differ(start: datetime, minutes: int) -> None:
    calendar = odd_hours()
    found, _ = calendar.add_business_minutes(start, minutes)
    assert calendar.business_minutes(start, found) == minutes


@cache
def odd_hours() -> Calendar:
    eve = {"half": [{"date": "2020-05-01", "until": "11:00"}, {"date": "2020-05-02", "until": "09:00"}]}
    special = {1: [["10:00", "11:30"], ["12:00", "12:30"], ["20:00", "24:00"]], 3: [], **FRIDAY_SHORT}
    years: list[dict[str, object]] = [{"year": 2020, "weekend": [7]}, {"year": 2021}]
    return Calendar.of("c", "UTC", years, [eve], hours=OFFICE_HOURS, hours_on=special, weekend=(5, 6))


def test_the_digest_is_as_it_was_for_calendars_without_special_weekdays() -> None:
    plain = Calendar.of("c", "UTC", [{"year": 2026}], hours=OFFICE_HOURS)
    assert plain.digest == Calendar.of("c", "UTC", [{"year": 2026}], hours=OFFICE_HOURS, hours_on={}).digest
    assert (
        plain.digest
        != Calendar.of("c", "UTC", [{"year": 2026}], hours=OFFICE_HOURS, hours_on=FRIDAY_SHORT).digest
    )


@pytest.mark.parametrize(
    ("weekend", "worked"),
    [((5, 6), "MTWTS"), ((7,), "MTWTFS"), ((), "MTWTFSS"), ((6, 7), "MTWTF")],
)
def test_weekends_of_other_countries(weekend: tuple[int, ...], worked: str) -> None:
    calendar = Calendar.of("c", "UTC", [{"year": 2026}], weekend=weekend)
    week = [date(2026, 11, 16) + number * DAY for number in range(7)]
    assert "".join("MTWTFSS"[d.weekday()] for d in week if calendar.is_workday(d)) == worked


def test_reasons_agree_with_the_days_and_name_their_source() -> None:
    for d in ALL_DAYS[-800:]:
        reason = cn().reason(d)
        assert reason.worked == cn().is_workday(d)
        assert reason.name == cn().holiday(d)
        assert (reason.source is None) == (reason.why in ("weekday", "weekend"))
    assert cn().reason(day("2026-01-04")).why == "make-up day"
    assert cn().reason(day("2026-02-16")).name == "春节"
    assert cn().reason(day("2027-02-16")).provisional


def test_a_weekend_leaves_a_day_to_work_on() -> None:
    with pytest.raises(CalendarError, match="leave at least one to work on"):
        Calendar.of("c", "UTC", [{"year": 2026}], weekend=range(1, 8))
    with pytest.raises(CalendarError, match="something else than 1"):
        Calendar.of("c", "UTC", [{"year": 2026, "weekend": ["friday"]}])
    with pytest.raises(CalendarError, match="write hours as well"):
        Calendar.of("c", "UTC", [{"year": 2026}], hours_on=FRIDAY_SHORT)
