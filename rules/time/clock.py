"""The life of one running clock 时限: started, paused, resumed, extended, and met, missed or cancelled.

In time is what happens before `due`; from `due` on it is late. While paused, time does not run: the day
of the pause is used up, the day of resuming is not counted, like a start day. `reproject` replays budget
and history on a changed calendar.
"""

from dataclasses import replace
from datetime import datetime

from rules.time.calendar import Calendar, Roll
from rules.time.clock_state import Base, ClockState, Extension, Outcome, Suspension, from_plain, to_plain
from rules.time.duration import Due, Duration
from rules.time.errors import ClockError
from rules.time.instant import END_OF_DAY, utc
from rules.time.projection import project

__all__ = [
    "Base",
    "ClockState",
    "Extension",
    "Outcome",
    "Suspension",
    "cancel",
    "extend",
    "from_plain",
    "miss",
    "pause",
    "reproject",
    "resume",
    "start",
    "start_until",
    "stop",
    "to_plain",
]


def start(
    at: datetime,
    budget: Duration,
    calendar: Calendar,
    *,
    time_of_day: int = END_OF_DAY,
    roll: Roll = "none",
) -> ClockState:
    due = budget.due(at, calendar, at=time_of_day, roll=roll)
    return ClockState(
        started=utc(at),
        budget=budget,
        time_of_day=time_of_day,
        roll=roll,
        nominal=due.nominal,
        due=due.due,
        provisional=due.provisional,
    )


def start_until(at: datetime, given: Due, *, roll: Roll = "none") -> ClockState:
    """A clock without a budget, due on a listed day; pauses move that day by calendar days, then roll it."""
    return ClockState(
        started=utc(at),
        given=given,
        roll=roll,
        nominal=given.nominal,
        due=given.due,
        provisional=given.provisional,
    )


def pause(state: ClockState, at: datetime, cause: str) -> ClockState:
    _check_order(state, at, "be paused")
    if state.outcome == "paused":
        raise ClockError(
            f"the clock is already paused since {state.paused_at} ({state.cause}); resume it first"
        )
    _check_open(state, at, "be paused")
    return replace(state, outcome="paused", paused_at=utc(at), cause=cause)


def resume(state: ClockState, at: datetime, calendar: Calendar) -> ClockState:
    """The unused part of the budget continues from here."""
    if state.outcome != "paused":
        raise ClockError(f"the clock is not paused but {state.outcome}; there is nothing to resume")
    _check_order(state, at, "be resumed")
    return project(replace(_unpaused(state, at), outcome="running"), calendar)


def extend(
    state: ClockState,
    at: datetime,
    calendar: Calendar,
    *,
    by: Duration | None = None,
    to: datetime | None = None,
    base: Base = "nominal",
) -> ClockState:
    """Later by a duration or to an instant; only before the end (`at` is when it was asked or approved)."""
    if (by is None) == (to is None):
        raise ClockError("an extension is either by a duration or to a date; give one of the two")
    _check_order(state, at, "be extended")
    _check_open(state, at, "be extended")
    extension = Extension(at=utc(at), by=by, to=utc(to) if to else None, base=base)
    later = project(replace(state, extensions=(*state.extensions, extension)), calendar)
    if later.due <= state.due:
        raise ClockError(f"the new end {later.due} is not later than {state.due}; nothing would be extended")
    return later


def stop(state: ClockState, at: datetime) -> ClockState:
    """The work is done: met before the due time, else missed and ended late."""
    _check_order(state, at, "be stopped")
    if state.ended:
        raise ClockError(f"the clock has already ended at {state.ended} ({state.outcome})")
    if state.outcome == "paused":
        return replace(_unpaused(state, at), outcome="met", ended=utc(at))
    if state.open and utc(at) < state.due:
        return replace(state, outcome="met", ended=utc(at))
    return replace(state, outcome="missed", ended=utc(at), missed_at=state.due)


def miss(state: ClockState, at: datetime) -> ClockState:
    """The due time has passed undone. `missed_at` is the due time, however late that was noticed."""
    if state.outcome != "running":
        raise ClockError(f"the clock is {state.outcome}; only a running clock can be missed")
    if utc(at) < state.due:
        raise ClockError(f"the clock is due at {state.due}, after {utc(at)}; it is not missed yet")
    return replace(state, outcome="missed", missed_at=state.due)


def cancel(state: ClockState, at: datetime) -> ClockState:
    _check_order(state, at, "be cancelled")
    if state.ended:
        raise ClockError(f"the clock has already ended at {state.ended} ({state.outcome})")
    return replace(_unpaused(state, at) if state.paused_at else state, outcome="cancelled", ended=utc(at))


def reproject(state: ClockState, calendar: Calendar, given: Due | None = None) -> ClockState:
    """The same history on a changed calendar; `given` is the newly computed day of a clock without budget.
    Clocks that have ended or run out stay as they are: what was decided on them needs a person."""
    if not state.open:
        return state
    return project(replace(state, given=given or state.given), calendar)


def _check_order(state: ClockState, at: datetime, what: str) -> None:
    latest = max(state.started, state.paused_at or state.started)
    if utc(at) < latest:
        raise ClockError(f"the clock cannot {what} at {utc(at)}, before {latest}; give a later time")


def _check_open(state: ClockState, at: datetime, what: str) -> None:
    if not state.open:
        raise ClockError(f"the clock is {state.outcome} and cannot {what}; open a new one")
    if state.outcome == "running" and utc(at) >= state.due:
        raise ClockError(
            f"the clock was due at {state.due} and cannot {what} at {utc(at)}; ask before the end"
        )


def _unpaused(state: ClockState, at: datetime) -> ClockState:
    assert state.paused_at is not None, "only a paused clock has a pause to close"
    suspension = Suspension(state.paused_at, utc(at), state.cause or "")
    return replace(state, paused_at=None, cause=None, suspensions=(*state.suspensions, suspension))
