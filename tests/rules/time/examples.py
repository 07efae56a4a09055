"""Calendars and short ways to write times, for the tests of rules/time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

import rules
from rules.time.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = [["08:30", "12:00"], ["14:30", "17:30"]]
assert rules.__file__ is not None
FOLDER = Path(rules.__file__).parent / "library" / "calendars" / "cn"
PROGRAMME = (date(2020, 8, 4), date(2021, 8, 31))


@cache
def year_files() -> tuple[dict[str, Any], ...]:
    """BaseLoader: YAML 1.1 would read the key `off` as False."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
    plain = [yaml.load(text, yaml.BaseLoader) for text in texts]
    return tuple({**entry, "year": int(entry["year"])} for entry in plain)


@cache
def cn() -> Calendar:
    return Calendar.of("cn", "Asia/Shanghai", year_files(), hours=OFFICE_HOURS)


def weekdays_only(zone: str, *years: int, overrides: Sequence[dict[str, Any]] = ()) -> Calendar:
    return Calendar.of("plain", zone, [{"year": year} for year in years], overrides, hours=OFFICE_HOURS)


def at(text: str) -> datetime:
    """An instant written in local time of the office, `24:00` allowed: `2020-10-12 09:00`."""
    day, _, clock = text.partition(" ")
    if clock == "24:00":
        return datetime.fromtimestamp(at(f"{day} 23:59").timestamp() + 60, UTC)
    return datetime.fromisoformat(f"{day} {clock or '00:00'}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)
