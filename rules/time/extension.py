"""More time: before the end, and within what the regulation allows in number and in all."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rules.time.calendar import Calendar
from rules.time.clock_state import Base, ClockState, Extension
from rules.time.duration import Duration
from rules.time.errors import ClockError
from rules.time.instant import utc
from rules.time.projection import project

Ground = Literal["ended", "late", "not_given", "not_later", "times", "total"]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How often a clock may be extended, and by how much in all, and from where it is counted; `after_end`:
    also when it has been missed."""

    times: int | None = None
    total: Duration | None = None
    base: Base = "nominal"
    after_end: bool = False


class Refusal(ClockError):
    """Not granted; the old date stands. `ground` says why, `latest` until when it could have been."""

    def __init__(self, ground: Ground, message: str, latest: datetime | None = None) -> None:
        super().__init__(message)
        self.ground: Ground = ground
        self.latest = latest


def extend(
    state: ClockState,
    at: datetime,
    calendar: Calendar,
    *,
    by: Duration | None = None,
    to: datetime | None = None,
    base: Base = "nominal",
    bounds: Bounds | None = None,
) -> ClockState:
    """Later by a duration or to an instant; before the end (`at` is when it was asked or approved), or after
    it where the bounds allow that: a miss that the new end would not know is withdrawn. Raises Refusal."""
    if (by is None) == (to is None):
        raise ClockError("an extension is either by a duration or to a date; give one of the two")
    _check_time(state, at, after_end=bounds is not None and bounds.after_end)
    extension = Extension(at=utc(at), by=by, to=utc(to) if to else None, base=base)
    later = project(replace(state, extensions=(*state.extensions, extension)), calendar)
    if later.due <= state.due:
        raise Refusal(
            "not_later", f"the new end {later.due} is not later than {state.due}; nothing would be extended"
        )
    if bounds is not None:
        _check_bounds(state, later, bounds, calendar, at)
    return judged_again(later, at)


def judged_again(state: ClockState, now: datetime) -> ClockState:
    """A miss by an end that has moved."""
    if state.outcome != "missed" or state.ended is not None:
        return state
    if state.due > utc(now):
        return replace(state, outcome="running", missed_at=None)
    return replace(state, missed_at=state.due)


def _check_time(state: ClockState, at: datetime, *, after_end: bool) -> None:
    if after_end and state.ended is None:
        return
    if not state.open:
        raise Refusal("ended", f"the clock is {state.outcome} and cannot be extended; open a new one")
    if state.outcome == "running" and utc(at) >= state.due:
        raise Refusal(
            "late",
            f"the clock was due at {state.due} and cannot be extended at {utc(at)}; ask before the end",
        )


def _check_bounds(
    state: ClockState, later: ClockState, bounds: Bounds, calendar: Calendar, at: datetime
) -> None:
    if bounds.times is not None and len(state.extensions) >= bounds.times:
        raise Refusal(
            "times",
            f"the clock was extended {len(state.extensions)} times, no more than {bounds.times} are allowed",
        )
    latest = latest_due(state, bounds, calendar, at)
    if latest is not None and later.due > latest:
        raise Refusal("total", f"the new end {later.due} is beyond {latest}, {bounds.total} in all", latest)


def latest_due(state: ClockState, bounds: Bounds, calendar: Calendar, at: datetime) -> datetime | None:
    """The latest end that the bounds allow; None where they set none. As if all that is allowed had been
    granted at once, so that pauses count for both alike."""
    if bounds.total is None:
        return None
    first = state.extensions[0].at if state.extensions else utc(at)
    most = Extension(at=first, by=bounds.total, base=bounds.base)
    return project(replace(state, extensions=(most,)), calendar).due
