"""The life of one running clock 时限: started, paused, resumed, extended; met, missed, lapsed or cancelled.

In time is what happens before `due`; from `due` on it is late. While paused, time does not run: the day
of the pause is used up, the day of resuming is not counted, like a start day. A clock may begin later than
it is made; what is done before that is in time. `reproject` replays budget and history on a changed calendar.
"""

from dataclasses import replace
from datetime import datetime

from rules.time.calendar import Calendar, Roll
from rules.time.clock_state import (
    Base,
    ClockState,
    Extension,
    Hold,
    Limit,
    Origin,
    Outcome,
    Passing,
    Suspension,
    Until,
    from_plain,
    to_plain,
)
from rules.time.duration import Due, Duration
from rules.time.errors import ClockError
from rules.time.extension import Bounds, Refusal, extend, judged_again
from rules.time.instant import END_OF_DAY, utc
from rules.time.pause import closed, held_until, pause, resume, time_left
from rules.time.projection import project

__all__ = [
    "Base",
    "Bounds",
    "ClockState",
    "Extension",
    "Hold",
    "Limit",
    "Origin",
    "Outcome",
    "Passing",
    "Refusal",
    "Suspension",
    "Until",
    "begun_at",
    "cancel",
    "chosen_anew",
    "extend",
    "follow",
    "from_plain",
    "held_until",
    "lapse",
    "miss",
    "pause",
    "reopen",
    "reproject",
    "resume",
    "start",
    "start_unlimited",
    "start_until",
    "stop",
    "time_left",
    "to_plain",
    "unlimited",
]


def start(
    at: datetime,
    budget: Duration,
    calendar: Calendar,
    *,
    time_of_day: int = END_OF_DAY,
    roll: Roll = "none",
    first_day: bool = False,
) -> ClockState:
    due = budget.due(at, calendar, at=time_of_day, roll=roll, first_day=first_day)
    return ClockState(
        started=utc(at),
        budget=budget,
        first_day=first_day,
        time_of_day=time_of_day,
        roll=roll,
        nominal=due.nominal,
        due=due.due,
        provisional=due.provisional,
    )


def start_until(at: datetime, given: Due, *, roll: Roll = "none", written: str | None = None) -> ClockState:
    """A clock without a budget, due on a listed day; pauses move that day by calendar days, then roll it."""
    return ClockState(
        started=utc(at),
        given=given,
        written=written,
        roll=roll,
        nominal=given.nominal,
        due=given.due,
        provisional=given.provisional,
    )


def start_unlimited(
    at: datetime,
    *,
    time_of_day: int = END_OF_DAY,
    roll: Roll = "none",
    first_day: bool = False,
    next_hour: bool = False,
    at_least: Duration | None = None,
    ends_day: bool = False,
) -> ClockState:
    """A clock that has no limit yet, and knows since when it counts if it ever has one."""
    return ClockState(
        started=utc(at),
        first_day=first_day,
        next_hour=next_hour,
        at_least=at_least,
        ends_day=ends_day,
        time_of_day=time_of_day,
        roll=roll,
        nominal=utc(at),
        due=utc(at),
        ended=utc(at),
        outcome="cancelled",
        without_limit=True,
    )


def stop(state: ClockState, at: datetime) -> ClockState:
    """The work is done: met before the due time, else missed and ended late. Told later than the due time
    it withdraws the miss."""
    _check_running_on(state)
    if state.outcome == "paused":
        return replace(closed(state, at), outcome="met", ended=utc(at))
    if utc(at) < state.due:
        return replace(state, outcome="met", ended=utc(at), missed_at=None)
    return replace(state, outcome="missed", ended=utc(at), missed_at=state.due)


def miss(state: ClockState, at: datetime) -> ClockState:
    """The due time has passed undone. `missed_at` is the due time, however late that was noticed."""
    _check_run_out(state, at, "missed")
    return replace(state, outcome="missed", missed_at=state.due)


def lapse(state: ClockState, at: datetime) -> ClockState:
    """A window that nobody owed anything in has closed, at its due time, however late that was noticed."""
    _check_run_out(state, at, "over")
    return replace(state, outcome="lapsed", ended=state.due)


def cancel(state: ClockState, at: datetime) -> ClockState:
    _check_running_on(state)
    return replace(closed(state, at), outcome="cancelled", ended=utc(at))


def unlimited(state: ClockState, at: datetime) -> ClockState:
    """No limit any more, and so nothing missed; what holds it now still does if there is one again."""
    _check_running_on(state)
    return replace(state, outcome="cancelled", ended=utc(at), missed_at=None, without_limit=True)


def reopen(state: ClockState, at: datetime, calendar: Calendar) -> ClockState:
    """Runs on with what was left when it ended: the time since is a pause. What was late stays late."""
    if state.ended is None:
        raise ClockError(f"the clock is {state.outcome} and has not ended; there is nothing to take up again")
    if state.missed_at is not None:
        return replace(state, ended=None)
    break_ = Suspension(state.ended, max(utc(at), state.ended), "")
    if state.never_limited:
        return replace(state, without_limit=True, suspensions=(*state.suspensions, break_))
    again = replace(
        state,
        ended=None,
        outcome="running",
        without_limit=False,
        suspensions=(*state.suspensions, break_),
    )
    return project(again, calendar)


def chosen_anew(state: ClockState, limit: Limit, calendar: Calendar, now: datetime) -> ClockState:
    """Same start, same history, another limit, or one at last. A miss that the right limit would not know
    is withdrawn."""
    first = state.never_limited and not state.suspensions
    if state.without_limit:
        outcome: Outcome = "paused" if state.holds else "running"
        state = replace(state, without_limit=False, ended=None, missed_at=None, outcome=outcome)
    if isinstance(limit, Until):
        known = None if first else utc(now)
        changed = replace(state, budget=None, given=limit.given, written=limit.written, given_at=known)
    else:
        changed = replace(state, budget=limit, given=None, written=None, given_at=None)
    return judged_again(project(changed, calendar), now)


def follow(state: ClockState, given: Due, written: str, calendar: Calendar, now: datetime) -> ClockState:
    """The date that was written instead; what was paused and extended before is known to whoever wrote it."""
    return project(replace(state, given=given, written=written, given_at=utc(now)), calendar)


def begun_at(
    state: ClockState, started: datetime, calendar: Calendar, now: datetime, *, ends_day: bool = False
) -> ClockState:
    """The same clock begun at another moment, because the clock it hangs on has moved."""
    moved = replace(state, started=utc(started), ends_day=ends_day)
    if state.never_limited:
        return replace(moved, nominal=moved.started, due=moved.started, ended=moved.started)
    return judged_again(project(moved, calendar), now)


def reproject(state: ClockState, calendar: Calendar, given: Due | None = None) -> ClockState:
    """The same history on a changed calendar; `given` is the newly computed day of a clock without budget.
    Clocks that have ended or run out stay as they are: what was decided on them needs a person."""
    if not state.open:
        return state
    return project(replace(state, given=given or state.given), calendar)


def _check_running_on(state: ClockState) -> None:
    if state.ended:
        raise ClockError(f"the clock has already ended at {state.ended} ({state.outcome})")


def _check_run_out(state: ClockState, at: datetime, what: str) -> None:
    if state.outcome != "running":
        raise ClockError(f"the clock is {state.outcome}; only a running clock can be {what}")
    if utc(at) < state.due:
        raise ClockError(f"the clock is due at {state.due}, after {utc(at)}; it is not {what} yet")
