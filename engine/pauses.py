"""Pauses of clocks: begun and ended by states and events, each told with its cause and the new end."""

from datetime import datetime

from engine.book.compiled import CompiledClock, CompiledPause
from engine.case import Case
from engine.clock_calendar import calendar_of
from engine.clock_words import Told, cause_of, enter_clock, say_due, say_since
from engine.desk import Desk
from engine.lights import relight, said
from engine.relays import enter_withdrawn, settle
from engine.starts import Trigger, date_in, holds
from engine.words import say_moment
from rules.time import clock as life
from rules.time.clock_state import ClockState
from rules.time.instant import local_day

REFUSED = {
    "times": ("已中止{times}次，不再中止", "not stopped: it was stopped {times} times already"),
    "limit": ("中止的时间已用完，不再中止", "not stopped: the time for this cause is used up"),
    "late": ("已逾期，不再中止", "not stopped: it was due before"),
}


def pause_and_resume(desk: Desk, case: Case, trigger: Trigger) -> None:
    """After an event. For a clock that has just begun the item has just come into its state."""
    for name, running in tuple(case.clocks.items()):
        spec, new, running.begun = desk.book.clocks[name], running.begun, False
        if not running.live and not running.unlimited:
            continue
        for pause in spec.pauses.values():
            if _ends(desk, pause, case, trigger):
                _release(desk, case, spec, pause)
        for pause in spec.pauses.values():
            if _begins(pause, case, trigger, new=new):
                # What time alone has begun found the item in its state already.
                found = running.row.started_at if new and not trigger.event else desk.now
                _hold(desk, case, spec, pause, min(found, desk.now))


def used_up(desk: Desk, case: Case, spec: CompiledClock, at: datetime, cause: str) -> None:
    """The cause has had its time: the clock runs on as of that moment, however late it is noticed."""
    _resume(desk, case, spec, (cause, at, "limit"))


def _begins(pause: CompiledPause, case: Case, trigger: Trigger, *, new: bool) -> bool:
    spec = pause.spec
    entered = case.row.state in spec.states and (new or spec.again or trigger.before not in spec.states)
    return entered or trigger.event in spec.from_


def _ends(desk: Desk, pause: CompiledPause, case: Case, trigger: Trigger) -> bool:
    spec = pause.spec
    if not spec.states:
        return trigger.event in spec.until
    return case.row.state not in spec.states or (spec.again and not holds(desk, case, pause.condition))


def ask_pauses(desk: Desk, case: Case) -> None:
    """After every change of the item, of pauses whose condition is asked again."""
    clocks = (desk.book.clocks[name] for name in case.clocks if name in desk.book.clocks)
    if any(pause.spec.again for clock in clocks for pause in clock.pauses.values()):
        pause_and_resume(desk, case, Trigger(event="", before=case.row.state))


def _hold(desk: Desk, case: Case, spec: CompiledClock, pause: CompiledPause, at: datetime) -> None:
    state = case.clocks[spec.id].state()
    if state.held(pause.id) is not None or not holds(desk, case, pause.condition):
        return
    since = _since(desk, case, spec, pause, at)
    ground = _refused(desk, spec, pause, state, since)
    if ground is not None and pause.spec.again:
        return  # else it would be told at every change
    if ground is not None:
        zh, en = (each.format(times=pause.spec.times) for each in REFUSED[ground])
        _enter(desk, case, spec, pause.id, (zh, en), ok=False, more={"ground": ground})
        return
    missed_at, lit = state.missed_at, said(desk, case)
    settle(desk, case, spec.id, life.pause(state, since, pause.id))
    if state.without_limit:
        return  # kept in mind for a limit that may come; until then nothing stands still
    _enter_pause(desk, case, spec, pause, since)
    if missed_at is not None:
        enter_withdrawn(desk, case, spec, missed_at)
        relight(desk, case, spec, lit)


def _since(desk: Desk, case: Case, spec: CompiledClock, pause: CompiledPause, at: datetime) -> datetime:
    """From the day that is told, if there is one; a day of an earlier pause was told of that one."""
    calendar, state = calendar_of(desk.book, spec), case.clocks[spec.id].state()
    told = date_in(case, pause.spec.since, calendar) if pause.spec.since else None
    if told is None:
        return at
    last = max((each.until for each in state.suspensions if each.cause == pause.id), default=None)
    if last is not None and local_day(told, calendar.zone) < local_day(last, calendar.zone):
        return at
    return min(max(told, last or told), desk.now)


def _refused(
    desk: Desk, spec: CompiledClock, pause: CompiledPause, state: ClockState, since: datetime
) -> str | None:
    calendar = calendar_of(desk.book, spec)
    before = sum(each.cause == pause.id for each in state.suspensions)
    if pause.spec.times is not None and before >= pause.spec.times:
        return "times"
    if pause.limit is not None and not life.time_left(state, pause.id, since, pause.limit, calendar):
        return "limit"
    late = since >= state.due and state.outcome != "paused" and not state.without_limit
    return "late" if late else None


def _release(desk: Desk, case: Case, spec: CompiledClock, pause: CompiledPause) -> None:
    hold = case.clocks[spec.id].state().held(pause.id)
    if hold is None:
        return
    told = date_in(case, pause.spec.back, calendar_of(desk.book, spec)) if pause.spec.back else None
    at = told if told is not None and hold.since <= told <= desk.now else desk.now
    _resume(desk, case, spec, (pause.id, at, "over"))


def _resume(desk: Desk, case: Case, spec: CompiledClock, end: tuple[str, datetime, str]) -> None:
    """`end`: of which cause, when, and how it came."""
    cause, at, how = end
    before = case.clocks[spec.id].state()
    hold = before.held(cause)
    assert hold is not None
    state = life.resume(before, at, calendar_of(desk.book, spec), cause)
    settle(desk, case, spec.id, state)
    if not state.without_limit:
        enter_resumed(desk, case, spec, (cause, hold.since, at), how)


def enter_resumed(
    desk: Desk, case: Case, spec: CompiledClock, stretch: tuple[str, datetime, datetime], how: str
) -> None:
    cause, since, until = stretch
    state = case.clocks[spec.id].state()
    begins = {language: say_since(desk.book, until, language) for language in ("zh", "en")}
    zh, en = f"自{begins['zh']}恢复计时", f"runs on from {begins['en']}"
    if how == "limit":
        zh, en = f"中止的时间用完，{zh}", f"the time for this cause is used up: {en}"
    if state.outcome == "paused":
        others = "、".join(cause_of(desk.book, spec, hold.cause, "zh") for hold in state.holds)
        others_en = ", ".join(cause_of(desk.book, spec, hold.cause, "en") for hold in state.holds)
        zh, en = f"{zh}；仍因{others}中止", f"{en}; still stopped: {others_en}"
    else:
        zh = f"{zh}，{say_due(desk.book, spec, state, 'zh')}"
        en = f"{en}, {say_due(desk.book, spec, state, 'en')}"
    more = {"since": since.isoformat(), "until": until.isoformat(), "how": how, "due": state.due.isoformat()}
    _enter(desk, case, spec, cause, (zh, en), act="clock.resume", more={**more})


def _enter_pause(desk: Desk, case: Case, spec: CompiledClock, pause: CompiledPause, since: datetime) -> None:
    state = case.clocks[spec.id].state()
    zh, en = (say_since(desk.book, since, language) for language in ("zh", "en"))
    told = f"自{zh}起中止计时", f"stopped from {en} on"
    until = life.held_until(state, spec.limits, calendar_of(desk.book, spec))
    more = {"since": since.isoformat(), "due": state.due.isoformat()}
    if until is not None:
        zh, en = (say_moment(desk.book, until[0], language) for language in ("zh", "en"))
        told = f"{told[0]}，最迟至{zh}", f"{told[1]}, until {en} at most"
        more["until"] = until[0].isoformat()
    _enter(desk, case, spec, pause.id, told, more={**more})


def _enter(
    desk: Desk,
    case: Case,
    spec: CompiledClock,
    cause: str,
    said: tuple[str, str],
    *,
    act: str = "clock.pause",
    ok: bool = True,
    more: dict[str, str],
) -> None:
    label = {language: cause_of(desk.book, spec, cause, language) for language in ("zh", "en")}
    told = Told(
        act=act,
        zh=f"{label['zh']}，{said[0]}",
        en=f"{label['en']}: {said[1]}",
        ok=ok,
        more={"cause": cause, **more},
    )
    enter_clock(desk, case, spec, told)
