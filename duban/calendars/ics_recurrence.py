"""Recurrences of iCalendar that holidays have: yearly on the same date, or on the nth weekday of a month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
NTH = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
LAST_YEAR = 2999


class Unreadable(ValueError):
    """A recurrence or date that this reader does not understand; its text cites it."""


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """`nth` and `weekday` for the fourth Thursday of `month`, else the same date again."""

    first: date
    interval: int = 1
    count: int | None = None
    until: date | None = None
    nth: int | None = None
    weekday: int = 0

    def dates(self, last_year: int) -> Iterator[date]:
        """Counted from the first, whether or not anybody asks for it. A 29 February comes in leap years."""
        told = 0
        for year in range(self.first.year, min(last_year, LAST_YEAR) + 1, self.interval):
            day = self._in(year)
            if day is None or day < self.first:
                continue
            if (self.until and day > self.until) or (self.count is not None and told >= self.count):
                return
            told += 1
            yield day

    def _in(self, year: int) -> date | None:
        if self.nth is None:
            try:
                return self.first.replace(year=year)
            except ValueError:
                return None
        return nth_weekday(year, self.first.month, self.nth, self.weekday)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    if nth > 0:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    return day if day.month == month else None


def read_rule(text: str, first: date) -> Yearly:
    """Raises Unreadable."""
    parts = dict(part.upper().partition("=")[::2] for part in text.split(";") if part)
    if parts.get("FREQ") != "YEARLY" or not parts.keys() <= KNOWN:
        raise Unreadable(text)
    by_day = NTH.fullmatch(parts["BYDAY"]) if "BYDAY" in parts else None
    if "BYDAY" in parts and (by_day is None or "BYMONTH" not in parts or "BYMONTHDAY" in parts):
        raise Unreadable(text)
    if parts.get("BYMONTH", str(first.month)) != str(first.month):
        raise Unreadable(text)
    if parts.get("BYMONTHDAY", str(first.day)) != str(first.day):
        raise Unreadable(text)
    return Yearly(
        first=first,
        interval=number(parts.get("INTERVAL", "1"), text),
        count=number(parts["COUNT"], text) if "COUNT" in parts else None,
        until=read_date(parts["UNTIL"]) if "UNTIL" in parts else None,
        nth=int(by_day[1]) if by_day else None,
        weekday=WEEKDAYS.index(by_day[2]) if by_day else 0,
    )


def number(digits: str, text: str) -> int:
    if not digits.isdecimal() or not 0 < int(digits) <= LAST_YEAR:
        raise Unreadable(text)
    return int(digits)


def read_date(text: str) -> date:
    """`20261001`, also the day of `20261001T000000Z`."""
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - only the day is taken
    except ValueError:
        raise Unreadable(text) from None
