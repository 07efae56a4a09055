"""Periods in the words of an office, for titles, notices and reasons."""

import pytest

from engine.words import say_period
from rules.time.period import parse_period


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2020-W35", "2020年第35周（8月24日至8月30日）", "week 35 of 2020"),
        ("2020-W53", "2020年第53周（12月28日至1月3日）", "week 53 of 2020"),
        ("2020-Q3", "2020年第3季度", "quarter 3 of 2020"),
        ("2020-09-H1", "2020年9月上半月", "first half of 2020-09"),
        ("2020-09-H2", "2020年9月下半月", "second half of 2020-09"),
        ("2020-09", "2020年9月", "2020-09"),
    ],
)
def test_a_period_is_said_in_words(period: str, zh: str, en: str) -> None:
    found = parse_period(period)
    assert (say_period(found, "zh"), say_period(found, "en")) == (zh, en)
