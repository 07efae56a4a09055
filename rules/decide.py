"""Which rung of a ladder by time speaks: the one hit policy of all ladders.

The highest rung that has been reached and has not yet spoken speaks, once. What an outage
swallowed is caught up by that one notice; nothing is said twice. A rung whose moment lies before
the clock's own start was never reached: an item opened on Thursday is not reminded of Monday.

A rung that comes again speaks for the newest of its moments, until a higher one has spoken. A rung
that speaks only on a condition counts as spoken when it has: reached without it, it is asked again
whenever the item is looked at, and wakes nobody for that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A rule has spoken: about whom, on which occasion, because of what."""

    rule: str
    subject: str  # "item:…", "unit:…", "post:…", "office"
    occasion: str  # unique with rule and subject, forever
    rung: int | None
    shadow: bool
    zh: str  # the reason in one sentence, with its clause
    en: str


class Spoke(NamedTuple):
    """A rung that speaks or has spoken, and how often it came again before."""

    rung: int
    again: int = 0


class Coming(NamedTuple):
    rung: int
    at: datetime


NOTHING = Spoke(-1)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Series:
    """The moments of a rung that comes again, in order of time: `at(0)`, `at(1)` and so on, `most` in all
    (None: without end), and only those from `since` on and before `until`."""

    at: Callable[[int], datetime]
    most: int | None
    since: datetime
    until: datetime

    def newest(self, started: datetime, now: datetime) -> int | None:
        """The last one reached, and not before the clock's start."""
        limit = min(now, self.until - TICK)
        number = bisect_right(range(self._beyond(limit)), limit, key=self.at) - 1
        return number if number >= 0 and self.at(number) >= max(started, self.since) else None

    def after(self, started: datetime, now: datetime) -> datetime | None:
        """The first that is still to come."""
        begin = max(now + TICK, started, self.since)
        number = bisect_left(range(self._beyond(begin)), begin, key=self.at)
        if self.most is not None and number >= self.most:
            return None
        at = self.at(number)
        return at if at < self.until else None

    def _beyond(self, moment: datetime) -> int:
        """So many that the last comes after this moment, or all there are."""
        high = 1
        while (self.most is None or high < self.most) and self.at(high - 1) <= moment:
            high *= 2
        return high if self.most is None else min(high, self.most)


Ladder = Sequence[datetime | Series]


def reached(ladder: Ladder, *, started: datetime, spoken: Spoke, now: datetime) -> Iterator[Spoke]:
    """The rungs that have been reached and have not yet spoken, highest first."""
    for position in range(len(ladder) - 1, max(spoken.rung, 0) - 1, -1):
        rung = ladder[position]
        if isinstance(rung, Series):
            again = rung.newest(started, now)
            if again is not None and Spoke(position, again) > spoken:
                yield Spoke(position, again)
        elif position > spoken.rung and started <= rung <= now:
            yield Spoke(position)


def coming(ladder: Ladder, *, started: datetime, spoken: Spoke, now: datetime) -> Iterator[Coming]:
    """For each rung that may still speak the next moment after now at which it will be reached."""
    for position in range(max(spoken.rung, 0), len(ladder)):
        rung = ladder[position]
        if isinstance(rung, Series):
            after = rung.after(started, now)
            if after is not None:
                yield Coming(position, after)
        elif position > spoken.rung and rung > now and rung >= started:
            yield Coming(position, rung)
