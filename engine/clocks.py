"""Clocks of a case: started, paused, stopped by what happens to the item; run out by time alone."""

from dataclasses import replace
from datetime import datetime

from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_calendar import calendar_of
from engine.clock_words import Told, enter_clock, say_due
from engine.desk import Desk
from engine.lights import relight, said
from engine.pauses import enter_resumed, pause_and_resume, used_up
from engine.relays import begin, enter_withdrawn, hand_on, settle
from engine.retarget import choose_anew
from engine.starts import Owed, Trigger, done_at, holds, may_run, presumed_from, sets_off
from engine.wake import passes_at
from rules.time import clock as life
from rules.time.clock_state import ClockState

__all__ = ["Owed", "Trigger", "arrange", "catch_up", "choose_anew"]


def arrange(desk: Desk, case: Case, trigger: Trigger) -> None:
    """After an event: clocks that now start, pause, run on, end or no longer apply.

    A budget is counted from now also where a duty opened late: that takes no time from who owes it.
    """
    for spec in desk.book.clocks_of(case.row.workflow):
        _arrange(desk, case, spec, trigger)
    pause_and_resume(desk, case, trigger)
    choose_anew(desk, case)


def _arrange(desk: Desk, case: Case, spec: CompiledClock, trigger: Trigger) -> None:
    running = case.clocks.get(spec.id)
    if running is not None and running.live and not _presumed(desk, spec, running):
        _leave(desk, case, spec, running, trigger)
        if not running.live and trigger.event in spec.spec.starts.event and may_run(spec, case):
            _start(desk, case, spec, trigger)  # done, and owed anew from the same event on
    elif running is not None and _runs_on(spec, case, running, trigger):
        _run_on(desk, case, spec, running)
    elif sets_off(spec, case, trigger):
        _start(desk, case, spec, trigger)
    elif running is not None and running.live:
        _leave(desk, case, spec, running, trigger)
    elif running is not None and running.unlimited:
        _forget(case, spec, running, desk.now, trigger.event)
    else:
        _presume(desk, case, spec, trigger)


def _start(desk: Desk, case: Case, spec: CompiledClock, trigger: Trigger) -> None:
    """Where its condition does not hold, one that starts anew each time waits until it does."""
    running = case.clocks.get(spec.id)
    if holds(desk, case, spec.condition):
        if begin(desk, case, spec, desk.now, trigger) and spec.latest is not None:
            _cap(desk, case, spec)
    elif running is not None and running.live:
        _leave(desk, case, spec, running, trigger)
    elif running is not None and spec.spec.starts.again and case.row.state in spec.spec.starts.state:
        running.settle(replace(running.state(), without_limit=False, awaits=True))


def _forget(case: Case, spec: CompiledClock, running: Running, now: datetime, event: str) -> None:
    """Done, or no longer to be done, without ever a limit: none comes now."""
    if not may_run(spec, case) or event in spec.spec.stopped_by:
        running.settle(replace(running.state(), without_limit=False, ended=now, holds=()))


def _presumed(desk: Desk, spec: CompiledClock, running: Running) -> bool:
    """Only waiting to start by itself, so that an event may still start it."""
    return spec.latest is not None and running.row.started_at > desk.now and running.state().presumed


def _presume(desk: Desk, case: Case, spec: CompiledClock, trigger: Trigger) -> None:
    since = presumed_from(spec, case, calendar_of(desk.book, spec))
    if since is None or spec.id in case.clocks or not may_run(spec, case):
        return
    if holds(desk, case, spec.condition) and begin(desk, case, spec, desk.now, trigger):
        _from(desk, case, spec, since, presumed=True)


def _cap(desk: Desk, case: Case, spec: CompiledClock) -> None:
    """Whatever it is counted from, it starts no later than it would have by itself."""
    since = presumed_from(spec, case, calendar_of(desk.book, spec))
    if since is not None and case.clocks[spec.id].row.started_at > since:
        _from(desk, case, spec, since, presumed=False)


def _from(desk: Desk, case: Case, spec: CompiledClock, since: datetime, *, presumed: bool) -> None:
    state = case.clocks[spec.id].state()
    again = life.begun_at(state, since, calendar_of(desk.book, spec), desk.now)
    settle(desk, case, spec.id, replace(again, presumed=presumed))


def _leave(desk: Desk, case: Case, spec: CompiledClock, running: Running, trigger: Trigger) -> None:
    """What is closed runs no more, whether or not the clock names the state (T4); only a window may."""
    row = running.row
    if case.row.state in spec.spec.stops or trigger.event in spec.spec.stopped_by:
        state = running.state()
        lit = said(desk, case) if spec.spec.done_on is not None else ""
        if state.outcome == "paused":  # what begins when it is due begins by what was left of it
            state = life.resume(state, desk.now, calendar_of(desk.book, spec))
        done = done_at(desk, spec, case, row.started_at, trigger)
        state = life.stop(state, done)
        settle(desk, case, spec.id, state)
        if state.missed_at is not None and row.missed_at is None:
            hand_on(desk, case, spec.id, state.missed_at, "missed")
        if state.missed_at is None and row.missed_at is not None:
            enter_withdrawn(desk, case, spec, row.missed_at)
            relight(desk, case, spec, lit)
        if state.outcome == "met":
            hand_on(desk, case, spec.id, done, "met")
        hand_on(desk, case, spec.id, done, "ended")
    elif case.row.state in spec.spec.cancels or not may_run(spec, case):
        settle(desk, case, spec.id, life.cancel(running.state(), desk.now))


def _runs_on(spec: CompiledClock, case: Case, running: Running, trigger: Trigger) -> bool:
    """What has lapsed is over; what has no limit yet has not ended."""
    ended = not running.live and running.row.outcome != "lapsed" and not running.unlimited
    return ended and trigger.event in spec.spec.resumes and may_run(spec, case)


def _run_on(desk: Desk, case: Case, spec: CompiledClock, running: Running) -> None:
    """The time between its end and now is a pause."""
    before = running.state()
    assert before.ended is not None
    settle(desk, case, spec.id, life.reopen(before, desk.now, calendar_of(desk.book, spec)))
    running.begun = True
    enter_resumed(desk, case, spec, ("", before.ended, desk.now), "reopened")


def catch_up(desk: Desk, case: Case) -> bool:
    """What time alone has done by now, in the order in which it came: it is entered before anybody acts on
    it, whether or not the daemon came round. False when it has done nothing."""
    before = case.touched
    while (passed := _next_passed(desk, case)) is not None:
        at, name = passed
        spec, state = desk.book.clocks[name], case.clocks[name].state()
        if state.outcome == "paused":
            held = life.held_until(state, spec.limits, calendar_of(desk.book, spec))
            assert held is not None
            used_up(desk, case, spec, at, held[1])
        else:
            _run_out(desk, case, spec, state)
    return case.touched != before


def _next_passed(desk: Desk, case: Case) -> tuple[datetime, str] | None:
    moments = ((passes_at(desk.book, running), name) for name, running in case.clocks.items())
    return min(((at, name) for at, name in moments if at is not None and at <= desk.now), default=None)


def _run_out(desk: Desk, case: Case, spec: CompiledClock, state: ClockState) -> None:
    """Missed, or lapsed where nobody owed anything. What waited for it starts as of its due moment."""
    window = spec.spec.window
    later = (life.lapse if window else life.miss)(state, desk.now)
    settle(desk, case, spec.id, later)
    zh, en = (say_due(desk.book, spec, later, language) for language in ("zh", "en"))
    told = Told(
        act="clock.lapse" if window else "clock.miss",
        zh=f"{zh}，期间届满" if window else f"{zh}，未办结",
        en=f"{en}, it is over" if window else f"{en}, not done",
        more={
            "due": later.due.isoformat(),
            "noticed_late_s": int((desk.noticed - later.due).total_seconds()),
        },
    )
    enter_clock(desk, case, spec, told)
    hand_on(desk, case, spec.id, later.due, "lapsed" if window else "missed")
    if window:
        hand_on(desk, case, spec.id, later.due, "ended")
    pause_and_resume(desk, case, Trigger(event="", before=case.row.state))
