"""More time: only before the end, and within what the regulation allows in number and in all."""

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
    """How often a clock may be extended, and by how much in all, counted from the nominal or rolled end."""

    times: int | None = None
    total: Duration | None = None
    base: Base = "nominal"


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
    """Later by a duration or to an instant; only before the end (`at` is when it was asked or approved).
    Raises Refusal."""
    if (by is None) == (to is None):
        raise ClockError("an extension is either by a duration or to a date; give one of the two")
    _check_time(state, at)
    extension = Extension(at=utc(at), by=by, to=utc(to) if to else None, base=base)
    later = project(replace(state, extensions=(*state.extensions, extension)), calendar)
    if later.due <= state.due:
        raise Refusal(
            "not_later", f"the new end {later.due} is not later than {state.due}; nothing would be extended"
        )
    if bounds is not None:
        _check_bounds(state, later, bounds, calendar, at)
    return later


def _check_time(state: ClockState, at: datetime) -> None:
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
