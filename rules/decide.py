"""Which rungs of a ladder by time speak: the one hit policy of all ladders.

Nothing is said twice, and of what was to be said only the newest: after an outage people hear of the
highest rung that was reached. What a rung does is never left out: each that acts has its turn, the lowest
first. A rung whose moment lies before the clock's own start was never reached: an item opened on Thursday
is not reminded of Monday.

A rung that comes again does so until a higher one speaks. A rung that speaks only on a condition counts as
spoken when it has: reached without it, it is asked again whenever the item is looked at, and wakes nobody
for that.
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

    def between(self, started: datetime, now: datetime) -> range:
        """Those that were reached, and not before the clock's start."""
        limit = min(now, self.until - TICK)
        numbers = range(self._beyond(limit))
        oldest = bisect_left(numbers, max(started, self.since), key=self.at)
        return range(oldest, bisect_right(numbers, limit, key=self.at))

    def newest(self, started: datetime, now: datetime) -> int | None:
        times = self.between(started, now)
        return times[-1] if times else None

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


class Reached(NamedTuple):
    """A rung that has not spoken, or not each time: the first and the last time that is still to be said."""

    first: Spoke
    last: Spoke


class Manner(NamedTuple):
    """What a rung is for. `ends`: what it does may end its ladder, so that nothing may come after it."""

    acts: bool
    tells: bool
    ends: bool


class Turn(NamedTuple):
    """Whose turn it is, whether it tells people, and whether others have theirs after it."""

    spoke: Spoke
    tells: bool
    more: bool


def moment_of(ladder: Ladder, spoke: Spoke) -> datetime:
    rung = ladder[spoke.rung]
    return rung.at(spoke.again) if isinstance(rung, Series) else rung


def reached(
    ladder: Ladder,
    *,
    started: datetime,
    spoken: Spoke,
    now: datetime,
    holds: Callable[[int], bool] = lambda _: True,
) -> Iterator[Reached]:
    """The rungs that have been reached, have not yet spoken, and hold; highest first. Where a higher one
    speaks, a lower one came until then."""
    until = now
    for position in range(len(ladder) - 1, max(spoken.rung, 0) - 1, -1):
        times = _times(ladder[position], started, until)
        if position == spoken.rung:
            times = range(max(times.start, spoken.again + 1), times.stop)
        if times and holds(position):
            found = Reached(Spoke(position, times[0]), Spoke(position, times[-1]))
            until = min(until, moment_of(ladder, found.first))
            yield found


def _times(rung: datetime | Series, started: datetime, until: datetime) -> range:
    if isinstance(rung, Series):
        return rung.between(started, until)
    return range(int(started <= rung <= until))


def take_turn(found: Sequence[Reached], manners: Sequence[Manner]) -> Turn:
    """Of what was reached, the highest first: those that act in order of the ladder, each time; of those that
    tell only the newest, and whoever may be the last to speak."""
    top = found[0].last
    teller = next((each.last for each in found if manners[each.last.rung].tells), top)
    acting = (each.first for each in found if manners[each.first.rung].acts)
    spoke = min(top, teller, *acting)
    return Turn(spoke, tells=spoke == teller or manners[spoke.rung].ends, more=spoke != top)


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
