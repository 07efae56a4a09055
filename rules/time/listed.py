"""Named lists of days: listed one by one, or recurring in every period."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Protocol

from rules.time.calendar import Calendar, Dated, Roll
from rules.time.instant import due_day
from rules.time.moment import DueDay
from rules.time.period import Every


class ListedDays(Protocol):
    def following(self, day: date) -> date | None:
        """The first listed day on or after the day; None when the list has ended."""

    def preceding(self, day: date) -> date | None:
        """The last listed day before the day; None before the list begins."""


@dataclass(frozen=True)
class GivenDays:
    """Days in order of time."""

    days: tuple[date, ...]

    def following(self, day: date) -> date | None:
        return next(iter(self.days[bisect_left(self.days, day) :]), None)

    def preceding(self, day: date) -> date | None:
        return next(iter(self.days[: bisect_left(self.days, day)][-1:]), None)


@dataclass(frozen=True, kw_only=True)
class RecurringDays:
    """Days of every period; rolled off a day of rest, one may fall into the period before or after."""

    every: Every
    on: tuple[DueDay, ...]
    roll: Roll
    calendar: Calendar

    def following(self, day: date) -> date:
        return min(each for each in self._around(day) if each >= day)

    def preceding(self, day: date) -> date:
        return max(each for each in self._around(day) if each < day)

    def _around(self, day: date) -> Iterator[date]:
        period = self.every.containing(day)
        for each in (
            period.previous().previous(),
            period.previous(),
            period,
            period.next(),
            period.next().next(),
        ):
            for on in self.on:
                yield due_day(on.moment(each, self.calendar, self.roll).due, self.calendar.zone)


@dataclass(frozen=True, kw_only=True)
class ListedCalendar(Calendar):
    """A calendar that rolls forward to the next listed day, and past the end of the list not at all."""

    listed: ListedDays

    def roll(self, day: date, how: Roll) -> Dated:
        if how != "forward":
            return super().roll(day, how)
        following = self.listed.following(day)
        return Dated(following or day, provisional=following is None)


def rolling_to(calendar: Calendar, listed: ListedDays) -> ListedCalendar:
    parts = {each.name: getattr(calendar, each.name) for each in fields(calendar)}
    return ListedCalendar(**parts, listed=listed)
