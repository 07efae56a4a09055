"""Zones that skip or repeat hours (reliability C5, C6, F10)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.time.errors import TimeError
from rules.time.instant import END_OF_DAY, due_day, instant, local, local_day, parse_time, resolve, utc

# Whole and half hours, both hemispheres, changes at midnight, a skipped and a 30-minute change.
ZONES = [
    "Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "America/Santiago",
    "America/Havana", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Chatham",
    "America/Asuncion", "Asia/Tehran",
    "Atlantic/Azores", "Asia/Kolkata", "Africa/Casablanca",
]  # fmt: skip


minutes_since_1985 = st.integers(0, 52 * 365 * 1440).map(
    lambda minutes: datetime.fromisoformat("1985-01-01") + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("America/New_York", "2024-03-10 02:30", "2024-03-10 07:00"),  # gap: the first instant after
        ("America/New_York", "2024-11-03 01:30", "2024-11-03 05:30"),  # fold: the first pass
        ("America/Santiago", "2023-09-03 00:00", "2023-09-03 04:00"),  # no midnight
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # no such day
        ("Asia/Shanghai", "1990-07-01 09:00", "1990-07-01 00:00"),  # summer time, +09:00
        ("Asia/Shanghai", "2020-02-29 24:00", "2020-02-29 16:00"),
    ],
)
def test_known_hours(zone: str, wall: str, expected: str) -> None:
    text, clock = wall.split()
    found = instant(date.fromisoformat(text), parse_time(clock), ZoneInfo(zone))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("minutes", [0, 30, 90, 150, 180, 9 * 60, END_OF_DAY])
def test_a_daily_deadline_comes_once_a_day_c5(name: str, minutes: int) -> None:
    zone = ZoneInfo(name)
    days = [date(2022, 1, 1) + timedelta(days=number) for number in range(3 * 365)]
    moments = [instant(day, minutes, zone) for day in days]
    assert moments == sorted(set(moments))
    if 0 < minutes < END_OF_DAY:
        assert Counter(local_day(moment, zone) for moment in moments) == Counter(days)


@given(st.sampled_from(ZONES), minutes_since_1985)
def test_resolve_never_goes_back_and_keeps_what_exists(name: str, wall: datetime) -> None:
    zone = ZoneInfo(name)
    found = local(resolve(wall, zone), zone)
    assert wall <= found <= wall + timedelta(hours=3)
    assert (found == wall) == (
        wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    )


def test_24_00_belongs_to_the_day_that_ends() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    end = instant(date(2020, 10, 9), END_OF_DAY, shanghai)
    assert end == instant(date(2020, 10, 10), 0, shanghai)
    assert due_day(end, shanghai) == date(2020, 10, 9)
    assert local_day(end, shanghai) == date(2020, 10, 10)


@pytest.mark.parametrize("text", ["9", "25:00", "24:01", "12:60", "09.00", ""])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(TimeError, match="write HH:MM between 00:00 and 24:00"):
        parse_time(text)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TimeError, match="has no zone"):
        utc(datetime.fromisoformat("2020-01-01"))
