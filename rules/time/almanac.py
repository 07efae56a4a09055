"""Reads the year files of a work calendar: which days are off, worked or half, and where that is written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any

from rules.time.errors import CalendarError, TimeError
from rules.time.instant import END_OF_DAY, parse_time

Plain = Mapping[str, Any]
YEAR_KEYS = frozenset({"year", "source", "provisional", "off", "worked", "half", "name", "weekend"})


@dataclass(frozen=True, kw_only=True)
class Word:
    """Who says that a day is no ordinary one; `own`: the office itself, against the calendar's year."""

    name: str | None
    source: str | None
    own: bool


@dataclass(frozen=True, kw_only=True)
class Almanac:
    """Exceptions to the weekday rule. Years outside `first_year`..`last_year` have no data.

    `half` is when the day closes, in minutes after midnight; `weekends` are of years with one of their own.
    """

    first_year: int
    last_year: int
    published_year: int
    off: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    half: Mapping[date, int] = field(default_factory=dict)
    words: Mapping[date, Word] = field(default_factory=dict)
    weekends: Mapping[int, frozenset[int]] = field(default_factory=dict)
    sources: Mapping[int, str | None] = field(default_factory=dict)


def read_almanac(years: Sequence[Plain], overrides: Sequence[Plain] = ()) -> Almanac:
    """Year files in any order, then the office's own days, which win over them."""
    ordered = sorted(years, key=_year)
    numbers = [_year(entry) for entry in ordered]
    _check_run(numbers)
    exceptions = _Exceptions()
    for entry in (*ordered, *overrides):
        _apply(entry, exceptions)
    return Almanac(
        first_year=numbers[0],
        last_year=numbers[-1],
        published_year=_published_year(ordered, numbers),
        off=exceptions.off,
        worked=frozenset(exceptions.worked),
        half=exceptions.half,
        words=exceptions.words,
        weekends={_year(entry): read_weekend(entry["weekend"]) for entry in ordered if "weekend" in entry},
        sources={_year(entry): entry.get("source") for entry in ordered},
    )


def digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()


def read_hours(hours: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    """Opening hours as minutes after midnight, in order and not overlapping."""
    spans = []
    for pair in hours:
        if len(pair) != 2:
            raise CalendarError(f'hours {list(pair)} are not a pair; write ["08:30", "12:00"]')
        spans.append((_time(pair[0]), _time(pair[1])))
    ends = [minute for span in spans for minute in span]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise CalendarError(
            "hours overlap or run backwards; write them in order, such as 08:30–12:00, 14:30–17:30"
        )
    return tuple(spans)


def read_weekend(days: Iterable[Any]) -> frozenset[int]:
    """ISO weekdays, Monday is 1."""
    found = list(days)
    if any(not isinstance(each, int) or isinstance(each, bool) or not 1 <= each <= 7 for each in found):
        raise CalendarError(f"weekend {found} holds something else than 1 (Monday) to 7 (Sunday)")
    if len(set(found)) > 6:
        raise CalendarError("every day of the week is a weekend: leave at least one to work on")
    return frozenset(found)


def _year(entry: Plain) -> int:
    year = entry.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise CalendarError(f"a year file has no year (found {year!r}); write year: 2026")
    return year


def _check_run(numbers: list[int]) -> None:
    if not numbers:
        raise CalendarError("a calendar needs at least one year of data")
    for earlier, later in pairwise(numbers):
        if later == earlier:
            raise CalendarError(f"year {later} is given twice; keep one file a year")
        if later != earlier + 1:
            raise CalendarError(f"year {earlier + 1} is missing between {earlier} and {later}")


def _published_year(ordered: Sequence[Plain], numbers: list[int]) -> int:
    """The last year before the provisional ones, which must come last."""
    guesses = [entry.get("provisional", False) for entry in ordered]
    if any(not isinstance(guess, bool) for guess in guesses):
        raise CalendarError("provisional is neither true nor false; write provisional: true or leave it out")
    if guesses != sorted(guesses):
        raise CalendarError(
            "a provisional year is followed by a published one; only the last years may be provisional"
        )
    return numbers[0] - 1 + guesses.count(False)


@dataclass(kw_only=True)
class _Exceptions:
    """What differs from the weekday rule, entry by entry: the last word on a day wins."""

    off: dict[date, str] = field(default_factory=dict)
    worked: set[date] = field(default_factory=set)
    half: dict[date, int] = field(default_factory=dict)
    words: dict[date, Word] = field(default_factory=dict)


def _apply(entry: Plain, before: _Exceptions) -> None:
    where = f"year {entry['year']}" if "year" in entry else "an override"
    unknown = sorted(set(entry) - YEAR_KEYS)
    if unknown:
        raise CalendarError(f"{where}: unknown key '{unknown[0]}'; known are {', '.join(sorted(YEAR_KEYS))}")
    rest = {day: str(item["name"]) for item in entry.get("off", ()) for day in _days(item["days"], where)}
    work = set(_days(entry.get("worked", ()), where))
    short = {_day(item["date"], where): _time(item["until"]) for item in entry.get("half", ())}
    _check_days(entry, where, rest, work, short)
    for day in (*work, *short):
        before.off.pop(day, None)
    for day in (*rest, *work):
        before.half.pop(day, None)
    before.worked.difference_update(rest)
    before.off.update(rest)
    before.worked.update(work, short)
    before.half.update(short)
    source, own = entry.get("source"), "year" not in entry
    for day in (*rest, *work, *short):
        before.words[day] = Word(name=rest.get(day) or entry.get("name"), source=source, own=own)


def _check_days(
    entry: Plain, where: str, rest: Mapping[date, str], work: set[date], short: Mapping[date, int]
) -> None:
    both = sorted(set(rest) & (work | set(short)))
    if both:
        raise CalendarError(f"{where}: {both[0]} is both off and worked; keep one")
    strays = [day for day in (*rest, *work, *short) if day.year != entry.get("year", day.year)]
    if strays:
        raise CalendarError(f"{where}: {strays[0]} belongs into the file of {strays[0].year}")


def _days(days: Iterable[Any], where: str) -> list[date]:
    """Single days and inclusive runs `A..B`."""
    found: list[date] = []
    for text in days:
        first, dots, last = str(text).partition("..")
        start = _day(first, where)
        stop = _day(last, where) if dots else start
        if stop < start:
            raise CalendarError(f"{where}: '{text}' runs backwards")
        found.extend(start + timedelta(days=step) for step in range((stop - start).days + 1))
    return found


def _day(text: Any, where: str) -> date:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        raise CalendarError(f"{where}: '{text}' is not a date; write YYYY-MM-DD") from None


def _time(text: Any) -> int:
    try:
        minutes = parse_time(str(text))
    except TimeError as error:
        raise CalendarError(f"{error} (in quotation marks)") from None
    assert 0 <= minutes <= END_OF_DAY
    return minutes
