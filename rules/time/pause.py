"""Time that stands still: held for a cause, for as long as that cause may hold it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rules.time.calendar import Calendar
from rules.time.clock_state import ClockState, Hold, Suspension
from rules.time.duration import BUSINESS_MINUTES, MINUTES, Duration
from rules.time.errors import ClockError
from rules.time.instant import instant, local, local_day, resolve, utc
from rules.time.projection import project

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def pause(state: ClockState, at: datetime, cause: str) -> ClockState:
    """From then on, which may lie in the past: a miss of a due time after it is withdrawn."""
    if state.without_limit:
        return replace(state, holds=(*state.holds, Hold(utc(at), cause)))
    if state.held(cause):
        raise ClockError(f"the clock is already paused since {state.paused_at} ({cause}); resume it first")
    if state.ended is not None:
        raise ClockError(f"the clock is {state.outcome} and cannot be paused; open a new one")
    if state.outcome != "paused" and utc(at) >= state.due:
        raise ClockError(f"the clock was due at {state.due} and cannot be paused from {utc(at)} on")
    return replace(state, outcome="paused", missed_at=None, holds=(*state.holds, Hold(utc(at), cause)))


def resume(state: ClockState, at: datetime, calendar: Calendar, cause: str | None = None) -> ClockState:
    """One cause, or all, hold no longer. With the last the unused part of the budget continues from here."""
    if state.without_limit:
        return closed(state, at, cause)
    if state.outcome != "paused" or (cause is not None and state.held(cause) is None):
        raise ClockError(f"the clock is not paused but {state.outcome}; there is nothing to resume")
    released = closed(state, at, cause)
    return released if released.holds else project(replace(released, outcome="running"), calendar)


def closed(state: ClockState, at: datetime, cause: str | None = None) -> ClockState:
    """The pauses of a cause, or all, as history."""
    over = tuple(hold for hold in state.holds if cause in (None, hold.cause))
    for hold in over:
        if utc(at) < hold.since:
            raise ClockError(f"the clock cannot be resumed at {utc(at)}, before {hold.since}")
    suspensions = (Suspension(hold.since, utc(at), hold.cause) for hold in over)
    return replace(
        state,
        holds=tuple(hold for hold in state.holds if hold not in over),
        suspensions=(*state.suspensions, *suspensions),
    )


def held_until(
    state: ClockState, limits: Mapping[str, Duration], calendar: Calendar
) -> tuple[datetime, str] | None:
    """When the first cause has used up its time, and which; None when nothing bounds the pause."""
    bounded = ((limit_end(state, hold, limits, calendar), hold.cause) for hold in state.holds)
    ends = [(end, cause) for end, cause in bounded if end is not None]
    return min(ends, default=None)


def limit_end(
    state: ClockState, hold: Hold, limits: Mapping[str, Duration], calendar: Calendar
) -> datetime | None:
    """A limit in days ends as its last day begins, which is not counted, like every day of resuming."""
    limit = limits.get(hold.cause)
    if limit is None:
        return None
    since = max(hold.since, state.started)
    before = [each for each in state.suspensions if each.cause == hold.cause]
    end = _day_end(since, limit, before, calendar) if limit.in_days else _end(since, limit, before, calendar)
    return max(end, hold.since)


def time_left(state: ClockState, cause: str, at: datetime, limit: Duration, calendar: Calendar) -> bool:
    """Whether a pause that began then would last at all."""
    hold = Hold(utc(at), cause)
    end = limit_end(state, hold, {cause: limit}, calendar)
    return end is None or end > max(hold.since, state.started)


def _day_end(since: datetime, limit: Duration, before: list[Suspension], calendar: Calendar) -> datetime:
    zone = calendar.zone
    day = local_day(since, zone)
    days = [(local_day(each.since, zone), local_day(each.until, zone)) for each in before]
    if limit.unit == "workdays":
        left = limit.amount - sum(calendar.workdays(first + DAY, last) for first, last in days)
        end = calendar.add_workdays(day, left).day if left > 0 else day
    else:
        end = limit.shift_day(day, calendar).day - sum((last - first for first, last in days), timedelta())
    return instant(end, 0, zone) if end > day else since


def _end(since: datetime, limit: Duration, before: list[Suspension], calendar: Calendar) -> datetime:
    zone = calendar.zone
    if limit.unit in MINUTES:
        used = sum((each.until - each.since for each in before), timedelta())
        return max(since, since + limit.amount * MINUTES[limit.unit] * MINUTE - used)
    spent = sum(calendar.business_minutes(local(e.since, zone), local(e.until, zone)) for e in before)
    left = limit.amount * BUSINESS_MINUTES[limit.unit] - spent
    return resolve(calendar.add_business_minutes(local(since, zone), left)[0], zone) if left > 0 else since
